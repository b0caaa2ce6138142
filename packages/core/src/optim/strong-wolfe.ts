import type { Vector } from './vector.ts';
import { dot, largest } from './vector.ts';

interface Point {
  step: number;
  loss: number;
  gradient: Vector;
  slope: number;
}

/** The minimum of the cubic through two points with their slopes, inside bounds. */
function cubicMinimum(a: Point, b: Point, low = Math.min(a.step, b.step), high = Math.max(a.step, b.step)): number {
  const d1 = a.slope + b.slope - (3 * (a.loss - b.loss)) / (a.step - b.step);
  const square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return (low + high) / 2;
  const d2 = Math.sqrt(square);
  const at =
    a.step <= b.step
      ? b.step - (b.step - a.step) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
      : a.step - (a.step - b.step) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2));
  return Math.min(Math.max(at, low), high);
}

/** A step that satisfies the strong Wolfe conditions: bracket it, then close in. */
export async function strongWolfe(
  evaluate: (step: number) => Promise<[number, Vector]>,
  firstStep: number,
  direction: Vector,
  loss: number,
  gradient: Vector,
  slope: number,
  toleranceChange: number,
  limit: number,
): Promise<{ loss: number; gradient: Vector; step: number; used: number }> {
  const sufficient = 1e-4;
  const curvature = 0.9;
  let used = 0;
  const at = async (step: number): Promise<Point> => {
    const [value, g] = await evaluate(step);
    used++;
    return { step, loss: value, gradient: g, slope: dot(g, direction) };
  };
  const start: Point = { step: 0, loss, gradient, slope };
  const tooHigh = (point: Point): boolean => point.loss > loss + sufficient * point.step * slope;
  let former = start;
  let current = await at(firstStep);
  let bracket: Point[] | null = null;
  let done = false;
  let iteration = 0;
  while (iteration < limit) {
    if (tooHigh(current) || (iteration > 1 && current.loss >= former.loss)) {
      bracket = [former, current];
      break;
    }
    if (Math.abs(current.slope) <= -curvature * slope) {
      bracket = [current];
      done = true;
      break;
    }
    if (current.slope >= 0) {
      bracket = [former, current];
      break;
    }
    const next = cubicMinimum(former, current, current.step + 0.01 * (current.step - former.step), current.step * 10);
    former = current;
    current = await at(next);
    iteration++;
  }
  bracket ??= [start, current];
  let stalled = false;
  let low = bracket[0]!.loss <= bracket.at(-1)!.loss ? 0 : 1;
  const reach = largest(direction);
  while (!done && iteration < limit && bracket.length === 2) {
    const [a, b] = bracket as [Point, Point];
    if (Math.abs(b.step - a.step) * reach < toleranceChange) break;
    let step = cubicMinimum(a, b);
    const right = Math.max(a.step, b.step);
    const left = Math.min(a.step, b.step);
    const margin = 0.1 * (right - left);
    // A point at the border brings no progress: the second time, move away from it.
    if (Math.min(right - step, step - left) < margin) {
      if (stalled || step >= right || step <= left) {
        step = Math.abs(step - right) < Math.abs(step - left) ? right - margin : left + margin;
        stalled = false;
      } else stalled = true;
    } else stalled = false;
    const point = await at(step);
    iteration++;
    const high = 1 - low;
    if (tooHigh(point) || point.loss >= bracket[low]!.loss) {
      bracket[high] = point;
      low = bracket[0]!.loss <= bracket[1]!.loss ? 0 : 1;
    } else {
      if (Math.abs(point.slope) <= -curvature * slope) done = true;
      else if (point.slope * (bracket[high]!.step - bracket[low]!.step) >= 0) bracket[high] = bracket[low]!;
      bracket[low] = point;
    }
  }
  const best = bracket.length === 1 ? bracket[0]! : bracket[low]!;
  return { loss: best.loss, gradient: best.gradient, step: best.step, used };
}
