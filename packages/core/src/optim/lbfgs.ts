import { noGrad } from '../autograd/mode.ts';
import { ChimeraError } from '../errors.ts';
import { numbersToHost } from '../graph/dtype.ts';
import type { Value } from '../graph/value.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { fromHost } from '../tensor/tensor.ts';
import type { ParametersArgument } from './optimizer.ts';
import { Optimizer } from './optimizer.ts';
import { requireNonNegative } from './options.ts';

export interface LBFGSOptions {
  /** Factor of the step. Default 1. */
  lr?: number;
  /** Iterations of one step. Default 20. */
  maxIter?: number;
  /** Evaluations of the closure in one step. Default maxIter * 1.25. */
  maxEval?: number | null;
  /** Ends when no gradient is larger. Default 1e-7. */
  toleranceGrad?: number;
  /** Ends when nothing changes by more. Default 1e-9. */
  toleranceChange?: number;
  /** Updates that are remembered. Default 100. */
  historySize?: number;
  /** Default null: steps of fixed size. */
  lineSearchFn?: 'strong_wolfe' | null;
}

type Closure = () => Tensor | Promise<Tensor>;
type Vector = Float64Array;

interface Memory {
  direction: Vector;
  step: number;
  gradients: Vector[];
  steps: Vector[];
  inverses: number[];
  diagonal: number;
  formerGradient: Vector | null;
  formerLoss: number;
  iterations: number;
}

const dot = (a: Vector, b: Vector): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const largest = (a: Vector): number => a.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
const negated = (a: Vector): Vector => a.map((x) => -x);

/**
 * Limited-memory BFGS. `step` needs a closure that clears the gradients, computes the loss, calls `backward` and gives
 * the loss; the search itself runs on the host in float64. One parameter group. (PyTorch: `torch.optim.LBFGS`)
 */
export class LBFGS extends Optimizer<Required<LBFGSOptions>> {
  #memory: Memory | null = null;

  constructor(params: ParametersArgument<Required<LBFGSOptions>>, options: LBFGSOptions = {}) {
    const all = {
      lr: 1,
      maxIter: 20,
      maxEval: null,
      toleranceGrad: 1e-7,
      toleranceChange: 1e-9,
      historySize: 100,
      lineSearchFn: null,
      ...options,
    };
    requireNonNegative('learning rate', all.lr);
    if (all.lineSearchFn !== null && all.lineSearchFn !== 'strong_wolfe')
      throw new ChimeraError("only 'strong_wolfe' is supported");
    super(params, { ...all, maxEval: all.maxEval ?? Math.floor((all.maxIter * 5) / 4) });
    if (this.paramGroups.length !== 1)
      throw new ChimeraError("LBFGS doesn't support per-parameter options (parameter groups)");
  }

  protected override update(parameter: Value): Value {
    return parameter;
  }

  override async step(closure?: Closure): Promise<Tensor> {
    return (await super.step(closure)) as Tensor;
  }

  protected override async takeStep(closure?: Closure): Promise<Tensor> {
    if (typeof closure !== 'function')
      throw new TypeError('LBFGS.step: expected a closure that computes the loss and its gradients');
    const { lr, maxIter, maxEval, toleranceGrad, toleranceChange, historySize, lineSearchFn } = this.paramGroups[0]!;
    const first = await closure();
    let loss = await first.item();
    let gradient = await this.#gradient();
    let evaluations = 1;
    if (largest(gradient) <= toleranceGrad) return first;
    const memory: Memory = (this.#memory ??= {
      direction: gradient,
      step: lr,
      gradients: [],
      steps: [],
      inverses: [],
      diagonal: 1,
      formerGradient: null,
      formerLoss: loss,
      iterations: 0,
    });
    for (let iteration = 1; iteration <= maxIter; iteration++) {
      memory.iterations++;
      memory.direction = memory.iterations === 1 ? negated(gradient) : nextDirection(memory, gradient, historySize);
      memory.formerGradient = gradient;
      memory.formerLoss = loss;
      const sum = gradient.reduce((total, x) => total + Math.abs(x), 0);
      memory.step = memory.iterations === 1 ? Math.min(1, 1 / sum) * lr : lr;
      const slope = dot(gradient, memory.direction);
      if (slope > -toleranceChange) break;
      let used = 0;
      let optimal = false;
      const { direction } = memory;
      if (lineSearchFn === null) {
        await this.#move(await this.#values(), memory.step, direction);
        if (iteration !== maxIter) {
          loss = await (await closure()).item();
          gradient = await this.#gradient();
          optimal = largest(gradient) <= toleranceGrad;
          used = 1;
        }
      } else {
        const start = await this.#values();
        const evaluate = async (step: number): Promise<[number, Vector]> => {
          await this.#move(start, step, direction);
          const value = await (await closure()).item();
          return [value, await this.#gradient()];
        };
        const found = await strongWolfe(
          evaluate,
          memory.step,
          direction,
          loss,
          gradient,
          slope,
          toleranceChange,
          maxEval! - evaluations,
        );
        ({ loss, gradient, used } = found);
        memory.step = found.step;
        await this.#move(start, found.step, direction);
        optimal = largest(gradient) <= toleranceGrad;
      }
      evaluations += used;
      if (iteration === maxIter || evaluations >= maxEval! || optimal) break;
      if (largest(direction) * memory.step <= toleranceChange || Math.abs(loss - memory.formerLoss) < toleranceChange)
        break;
    }
    return first;
  }

  async #gradient(): Promise<Vector> {
    const parts = await Promise.all(
      this.paramGroups[0]!.params.map(
        async (parameter) => (await parameter.peekGrad()?.data()) ?? new Float64Array(parameter.numel()),
      ),
    );
    return concatenated(parts);
  }

  async #values(): Promise<Vector> {
    return concatenated(await Promise.all(this.paramGroups[0]!.params.map((parameter) => parameter.data())));
  }

  /** Puts start + step * direction into the parameters. */
  async #move(start: Vector, step: number, direction: Vector): Promise<void> {
    const target = start.map((x, i) => x + step * direction[i]!);
    let offset = 0;
    for (const parameter of this.paramGroups[0]!.params) {
      const size = parameter.numel();
      const host = numbersToHost(target.subarray(offset, offset + size), parameter.dtype);
      offset += size;
      noGrad(() =>
        parameter.assignValue(fromHost(host, parameter.shape, parameter.dtype, { device: parameter.device }).node),
      );
    }
    await Promise.all(this.paramGroups[0]!.params.map((parameter) => parameter.data()));
  }
}

function concatenated(parts: readonly ArrayLike<number>[]): Vector {
  const out = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

/** The approximate inverse Hessian times the negative gradient, by the two loops over what is remembered. */
function nextDirection(memory: Memory, gradient: Vector, historySize: number): Vector {
  const { gradients, steps, inverses, direction, step } = memory;
  const y = gradient.map((x, i) => x - memory.formerGradient![i]!);
  const s = direction.map((x) => x * step);
  const curvature = dot(y, s);
  if (curvature > 1e-10) {
    if (gradients.length === historySize) {
      gradients.shift();
      steps.shift();
      inverses.shift();
    }
    gradients.push(y);
    steps.push(s);
    inverses.push(1 / curvature);
    memory.diagonal = curvature / dot(y, y);
  }
  const q = negated(gradient);
  const factors: number[] = [];
  for (let i = gradients.length - 1; i >= 0; i--) {
    const factor = dot(steps[i]!, q) * inverses[i]!;
    factors[i] = factor;
    for (let j = 0; j < q.length; j++) q[j]! -= factor * gradients[i]![j]!;
  }
  const r = q.map((x) => x * memory.diagonal);
  for (let i = 0; i < gradients.length; i++) {
    const factor = factors[i]! - dot(gradients[i]!, r) * inverses[i]!;
    for (let j = 0; j < r.length; j++) r[j]! += factor * steps[i]![j]!;
  }
  return r;
}

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
async function strongWolfe(
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
