import { DTypeError, ShapeError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b, stopGradient } from '../graph/node.ts';
import { sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { requireOptions, requireTensor } from './operand.ts';
import { torchNames } from './overwrite.ts';
import { Tensor, wrap } from './tensor.ts';

export interface HistogramOptions {
  /** The lowest and the highest edge; for several dimensions, pairs of them in a row. Default: of the elements. */
  range?: readonly number[] | null;
  /** What each element counts. Default 1. */
  weight?: Tensor | null;
  /** Divide by the total and by the size of the bin. Default false. */
  density?: boolean;
}

/** The edges of the bins of one dimension: given, or evenly spaced. */
function edgesOf(
  values: Value,
  bins: number | Tensor,
  range: readonly [number, number] | null,
  dimension: number,
): Value {
  if (bins instanceof Tensor) {
    if (bins.ndim !== 1)
      throw new ShapeError(
        `torch.histogramdd(): bins tensor should have one dimension, but got ${bins.ndim} dimensions`,
      );
    if (bins.dtype !== values.dtype)
      throw new DTypeError(
        `torch.histogramdd(): input tensor and bins tensors should have the same dtype, but got input with dtype ${values.dtype} and bins for dimension ${dimension} with dtype ${bins.dtype}`,
      );
    return stopGradient(bins.node);
  }
  if (!Number.isInteger(bins))
    throw new TypeError(`histogram: bins must be an integer or a tensor, got ${String(bins)}`);
  if (bins <= 0)
    throw new ShapeError(`torch.histogram(): bins must be > 0, but got ${bins} for dimension ${dimension}`);
  let low: Value;
  let high: Value;
  if (range !== null) {
    const [least, most] = range;
    if (!Number.isFinite(least) || !Number.isFinite(most))
      throw new RangeError(`torch.histogramdd: dimension ${dimension}'s range [${least}, ${most}] is not finite`);
    if (least > most)
      throw new RangeError(
        `torch.histogramdd: min should not exceed max, but got min ${least} max ${most} for dimension ${dimension}`,
      );
    [low, high] = [b.like(values, least), b.like(values, most)];
  } else if (values.shape[0] === 0) [low, high] = [b.like(values, 0), b.like(values, 1)];
  else [low, high] = [b.reduceMin(values, [0]), b.reduceMax(values, [0])];
  // Equal elements make an interval of width 1 around them.
  const isPoint = b.eq(low, high);
  const half = b.like(values, 0.5);
  const start = b.select(isPoint, b.sub(low, half), low);
  const end = b.select(isPoint, b.add(high, half), high);
  // From both ends, so that these are met exactly.
  const step = b.div(b.sub(end, start), b.like(values, bins));
  const places = b.iota(bins + 1, values.dtype);
  const fromStart = b.add(start, b.mul(step, places));
  const fromEnd = b.sub(end, b.mul(step, b.sub(b.like(values, bins), places)));
  return b.select(b.lt(places, b.like(values, (bins + 1) / 2)), fromStart, fromEnd);
}

/** The number of each element's bin, and whether it has one: the last bin has both its edges. */
function binsOf(values: Value, edges: Value): { bin: Value; isInside: Value } {
  const count = edges.shape[0]! - 1;
  const each = b.reshape(values, [values.shape[0]!, 1]);
  const passed = b.reduceSum(b.cast(b.le(edges, each), 'int32'), [1]);
  const one = b.scalar(1, 'int32');
  const last = b.narrow(edges, 0, count, 1);
  const isInside = b.and(b.le(one, passed), b.le(values, last));
  const bin = b.minimum(b.maximum(b.sub(passed, one), b.scalar(0, 'int32')), b.scalar(count - 1, 'int32'));
  return { bin, isInside };
}

function pairOf(range: readonly number[] | null, dimension: number): readonly [number, number] | null {
  return range === null ? null : [range[2 * dimension]!, range[2 * dimension + 1]!];
}

function histograms(
  name: string,
  node: Node,
  bins: readonly (number | Tensor)[],
  options: HistogramOptions,
): { hist: Value; edges: Value[] } {
  requireOptions(name, options, ['range', 'weight', 'density']);
  if (!isFloating(node.dtype)) throw new DTypeError(`"histogramdd" not implemented for '${torchNames[node.dtype]}'`);
  const { range = null, weight = null, density = false } = options;
  const dimensions = node.shape.at(-1)!;
  const leading = node.shape.slice(0, -1);
  const count = sizeOf(leading);
  if (bins.length !== dimensions)
    throw new ShapeError(
      `torch.histogramdd(): expected ${dimensions} sequences of bin edges for a ${dimensions}-dimensional histogram but got ${bins.length}`,
    );
  if (range !== null && range.length !== 2 * dimensions)
    throw new ShapeError(
      `torch.histogramdd(): for a ${dimensions}-dimensional histogram range should have ${2 * dimensions} elements, but got ${range.length}`,
    );
  if (weight !== null && weight.shape.join() !== leading.join())
    throw new ShapeError(
      `torch.histogramdd: if weight tensor is provided it should have the same shape as the input tensor excluding its innermost dimension, but got input with shape [${node.shape.join(', ')}] and weight with shape [${weight.shape.join(', ')}]`,
    );
  const points = b.reshape(stopGradient(node), [count, dimensions]);
  const edges: Value[] = [];
  let place: Value | null = null;
  let isCounted: Value | null = null;
  for (const [d, one] of bins.entries()) {
    const values = b.reshape(b.narrow(points, 1, d, 1), [count]);
    const own = edgesOf(values, one, pairOf(range, d), d);
    edges.push(own);
    const { bin, isInside } = binsOf(values, own);
    const extent = b.scalar(own.shape[0]! - 1, 'int32');
    place = place === null ? bin : b.add(b.mul(place, extent), bin);
    isCounted = isCounted === null ? isInside : b.and(isCounted, isInside);
  }
  const shape = edges.map((own) => own.shape[0]! - 1);
  const amounts = weight === null ? b.full([count], 1, node.dtype) : b.reshape(stopGradient(weight.node), [count]);
  const updates = b.select(isCounted!, b.cast(amounts, node.dtype), b.like(node, 0));
  let hist = b.reshape(b.scatterAdd(updates, place!, 0, sizeOf(shape)), shape);
  if (density) {
    const total = b.reduceSum(
      hist,
      shape.map((_, d) => d),
    );
    hist = b.div(hist, total);
    for (const [d, own] of edges.entries()) {
      const n = shape[d]!;
      const widths = b.sub(b.narrow(own, 0, 1, n), b.narrow(own, 0, 0, n));
      hist = b.div(
        hist,
        b.reshape(
          widths,
          shape.map((extent, i) => (i === d ? extent : 1)),
        ),
      );
    }
  }
  return { hist, edges };
}

/**
 * How many elements lie in each bin: `bins` of them, equal, or between edges that are given. The last one has both its
 * edges. (PyTorch: `torch.histogram`)
 */
export function histogram(
  x: Tensor,
  bins: number | Tensor,
  options: HistogramOptions = {},
): { hist: Tensor; binEdges: Tensor } {
  const node = requireTensor('histogram', x);
  const list = b.reshape(node, [sizeOf(node.shape), 1]) as Node;
  const { weight = null } = options;
  const flat = weight === null ? null : weight.reshape([weight.numel()]);
  const { hist, edges } = histograms('histogram', list, [bins], { ...options, weight: flat });
  return { hist: wrap(hist), binEdges: wrap(b.reshape(edges[0]!, edges[0]!.shape)) };
}

/** How many points, the last dimension of x, lie in each cell of a grid. (PyTorch: `torch.histogramdd`) */
export function histogramdd(
  x: Tensor,
  bins: number | readonly (number | Tensor)[],
  options: HistogramOptions = {},
): { hist: Tensor; binEdges: Tensor[] } {
  const node = requireTensor('histogramdd', x);
  if (node.shape.length < 2)
    throw new ShapeError(
      `torch.histogramdd(): input tensor should have at least 2 dimensions, but got ${node.shape.length}`,
    );
  const each = typeof bins === 'number' ? new Array<number>(node.shape.at(-1)!).fill(bins) : bins;
  const { hist, edges } = histograms('histogramdd', node, each, options);
  return { hist: wrap(hist), binEdges: edges.map((own) => wrap(own)) };
}
