import { DTypeError, ShapeError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import { normalizeDim, normalizeDims, sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { getDefaultDtype } from './default-dtype.ts';
import { fresh } from './movement.ts';
import { requireTensor, toNumeric } from './operand.ts';
import type { Dims, DimOptions, DTypeOptions, KeepdimOptions, ReductionOptions } from './reduction-options.ts';
import { reductionArguments } from './reduction-options.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/** Sum over dimensions, by default all; booleans are counted. (PyTorch: `torch.sum`) */
export function sum(
  x: Tensor,
  dim?: Dims | (ReductionOptions & DTypeOptions),
  options?: boolean | (KeepdimOptions & DTypeOptions),
  more?: DTypeOptions,
): Tensor {
  const chosen = reductionArguments<ReductionOptions & DTypeOptions>('sum', dim, options, ['keepdim', 'dtype'], more);
  const node = converted('sum', x, chosen);
  return wrap(b.reduceSum(toNumeric(node), normalizeDims(chosen.dim, node.shape.length, 'sum'), chosen.keepdim));
}

function converted(name: string, x: Tensor, { dtype }: DTypeOptions): Node {
  const node = requireTensor(name, x);
  return dtype ? (b.cast(node, dtype) as Node) : node;
}

/** Mean over dimensions, by default all, of floating point tensors. (PyTorch: `torch.mean`) */
export function mean(
  x: Tensor,
  dim?: Dims | (ReductionOptions & DTypeOptions),
  options?: boolean | (KeepdimOptions & DTypeOptions),
  more?: DTypeOptions,
): Tensor {
  const chosen = reductionArguments<ReductionOptions & DTypeOptions>('mean', dim, options, ['keepdim', 'dtype'], more);
  const node = converted('mean', x, chosen);
  if (!isFloating(node.dtype))
    throw new DTypeError(
      `mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: ${node.dtype}. Convert it first: x.float().mean()`,
    );
  return wrap(meanOver(node, normalizeDims(chosen.dim, node.shape.length, 'mean'), chosen.keepdim));
}

function meanOver(node: Value, axes: readonly number[], keepdim: boolean): Value {
  return b.div(b.reduceSum(node, axes, keepdim), b.like(node, sizeOf(axes.map((axis) => node.shape[axis]!))));
}

/** Product over a dimension, by default over all elements; its gradient is exact where factors are 0. (PyTorch: `torch.prod`) */
export function prod(
  x: Tensor,
  dim?: number | null | (DimOptions & DTypeOptions),
  options?: boolean | (KeepdimOptions & DTypeOptions),
  more?: DTypeOptions,
): Tensor {
  const chosen = reductionArguments<DimOptions & DTypeOptions>('prod', dim, options, ['keepdim', 'dtype'], more);
  const node = toNumeric(converted('prod', x, chosen));
  return wrap(
    b.emit('reduceProd', [node], {
      axes: normalizeDims(chosen.dim, node.shape.length, 'prod'),
      keepDims: chosen.keepdim,
    }),
  );
}

/** Sum in which NaN counts as 0. (PyTorch: `torch.nansum`) */
export function nansum(
  x: Tensor,
  dim?: Dims | (ReductionOptions & DTypeOptions),
  options?: boolean | (KeepdimOptions & DTypeOptions),
  more?: DTypeOptions,
): Tensor {
  const chosen = reductionArguments<ReductionOptions & DTypeOptions>(
    'nansum',
    dim,
    options,
    ['keepdim', 'dtype'],
    more,
  );
  const node = toNumeric(converted('nansum', x, chosen));
  return wrap(b.reduceSum(withoutNaN(node), normalizeDims(chosen.dim, node.shape.length, 'nansum'), chosen.keepdim));
}

function withoutNaN(node: Value): Value {
  return isFloating(node.dtype) ? b.select(b.eq(node, node), node, b.like(node, 0)) : node;
}

/** Mean of the elements that are not NaN. (PyTorch: `torch.nanmean`) */
export function nanmean(
  x: Tensor,
  dim?: Dims | (ReductionOptions & DTypeOptions),
  options?: boolean | (KeepdimOptions & DTypeOptions),
  more?: DTypeOptions,
): Tensor {
  const chosen = reductionArguments<ReductionOptions & DTypeOptions>(
    'nanmean',
    dim,
    options,
    ['keepdim', 'dtype'],
    more,
  );
  const node = converted('nanmean', x, chosen);
  if (!isFloating(node.dtype))
    throw new DTypeError(`nanmean(): expected input to have floating point or complex dtype but got ${node.dtype}`);
  const axes = normalizeDims(chosen.dim, node.shape.length, 'nanmean');
  const count = b.reduceSum(b.mask(b.eq(node, node), node.dtype), axes, chosen.keepdim);
  return wrap(b.div(b.reduceSum(withoutNaN(node), axes, chosen.keepdim), count));
}

/** Largest element over dimensions; equal ones share the gradient. (PyTorch: `torch.amax`) */
export function amax(x: Tensor, dim?: Dims | ReductionOptions, options?: boolean | KeepdimOptions): Tensor {
  const { dim: dims, keepdim } = reductionArguments<ReductionOptions>('amax', dim, options, ['keepdim']);
  return wrap(extreme('amax', 'max', requireTensor('amax', x), dims, keepdim));
}

/** Smallest element over dimensions; equal ones share the gradient. (PyTorch: `torch.amin`) */
export function amin(x: Tensor, dim?: Dims | ReductionOptions, options?: boolean | KeepdimOptions): Tensor {
  const { dim: dims, keepdim } = reductionArguments<ReductionOptions>('amin', dim, options, ['keepdim']);
  return wrap(extreme('amin', 'min', requireTensor('amin', x), dims, keepdim));
}

/** `amin` and `amax` at once. (PyTorch: `torch.aminmax`) */
export function aminmax(
  x: Tensor,
  dim?: number | null | DimOptions,
  options?: boolean | KeepdimOptions,
): { min: Tensor; max: Tensor } {
  const { dim: dims, keepdim } = reductionArguments<DimOptions>('aminmax', dim, options, ['keepdim']);
  const node = requireTensor('aminmax', x);
  return {
    min: wrap(extreme('aminmax', 'min', node, dims, keepdim)),
    max: wrap(extreme('aminmax', 'max', node, dims, keepdim)),
  };
}

/** The extreme element over dimensions, of any dtype. */
export function extreme(name: string, which: 'max' | 'min', node: Node, dims: Dims, keepdim: boolean): Value {
  const axes = normalizeDims(dims, node.shape.length, name);
  if (axes.some((axis) => node.shape[axis] === 0))
    throw new ShapeError(
      dims === null
        ? `${name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.`
        : `${name}(): Expected reduction dim ${axes.find((axis) => node.shape[axis] === 0)} to have non-zero size.`,
    );
  const numeric = toNumeric(node);
  return b.cast(
    which === 'max' ? b.reduceMax(numeric, axes, keepdim) : b.reduceMin(numeric, axes, keepdim),
    node.dtype,
  );
}

/** Index of the first maximum along a dimension, or of the flattened tensor. int32. (PyTorch: `torch.argmax`) */
export function argmax(x: Tensor, dim?: number | null | DimOptions, options?: boolean | KeepdimOptions): Tensor {
  return wrap(argExtreme('argmax', 'argMax', x, dim, options));
}

/** Index of the first minimum along a dimension, or of the flattened tensor. int32. (PyTorch: `torch.argmin`) */
export function argmin(x: Tensor, dim?: number | null | DimOptions, options?: boolean | KeepdimOptions): Tensor {
  return wrap(argExtreme('argmin', 'argMin', x, dim, options));
}

function argExtreme(
  name: string,
  op: 'argMax' | 'argMin',
  x: Tensor,
  dim: unknown,
  options: boolean | KeepdimOptions | undefined,
): Value {
  const { dim: chosen, keepdim } = reductionArguments<DimOptions>(name, dim, options, ['keepdim']);
  const node = requireTensor(name, x);
  if (node.dtype === 'bool') throw new DTypeError(`${name}(): does not support bool input`);
  const rank = node.shape.length;
  if (chosen === null) {
    if (sizeOf(node.shape) === 0)
      throw new ShapeError(`${name}(): Expected reduction dim to be specified for input.numel() == 0.`);
    const flat = b.emit(op, [b.reshape(node, [sizeOf(node.shape)])], { axis: 0 });
    return keepdim
      ? b.reshape(
          flat,
          node.shape.map(() => 1),
        )
      : flat;
  }
  if (typeof chosen !== 'number') throw new TypeError(`${name}(): argument 'dim' must be int, not an array`);
  const axis = normalizeDim(chosen, rank, name);
  if (rank === 0) return b.scalar(0, 'int32');
  const index = b.emit(op, [node], { axis });
  return keepdim ? b.restoreAxes(index, node.shape, [axis]) : index;
}

/** ln of the sum of e^x over dimensions, without overflow. (PyTorch: `torch.logsumexp`) */
export function logsumexp(x: Tensor, dim: Dims | ReductionOptions, options?: boolean | KeepdimOptions): Tensor {
  const { dim: dims, keepdim } = reductionArguments<ReductionOptions>('logsumexp', dim, options, ['keepdim']);
  const source = requireTensor('logsumexp', x);
  const node = isFloating(source.dtype) ? source : b.cast(source, getDefaultDtype());
  const axes = normalizeDims(dims, node.shape.length, 'logsumexp');
  if (axes.some((axis) => node.shape[axis] === 0)) return wrap(b.log(b.reduceSum(b.exp(node), axes, keepdim)));
  const largest = b.emit('stopGradient', [b.reduceMax(node, axes, true)], {});
  // Where all are -infinity (or one is infinity) nothing may be subtracted.
  const shift = b.select(b.lt(b.abs(largest), b.like(node, Number.POSITIVE_INFINITY)), largest, b.like(node, 0));
  const total = b.log(b.reduceSum(b.exp(b.sub(node, shift)), axes, true));
  const result = b.add(total, shift);
  return wrap(
    keepdim
      ? result
      : b.reshape(
          result,
          node.shape.filter((_, i) => !axes.includes(i)),
        ),
  );
}

/** Whether any element is true (not 0), over dimensions. (PyTorch: `torch.any`) */
export function any(x: Tensor, dim?: Dims | ReductionOptions, options?: boolean | KeepdimOptions): Tensor {
  const { dim: dims, keepdim } = reductionArguments<ReductionOptions>('any', dim, options, ['keepdim']);
  const truth = b.cast(requireTensor('any', x), 'bool');
  if (isNone(dims)) return wrap(fresh(truth, x.node));
  const hits = counted(truth, dims, keepdim, 'any');
  return wrap(b.lt(b.like(hits, 0), hits));
}

/** Whether all elements are true (not 0), over dimensions. (PyTorch: `torch.all`) */
export function all(x: Tensor, dim?: Dims | ReductionOptions, options?: boolean | KeepdimOptions): Tensor {
  const { dim: dims, keepdim } = reductionArguments<ReductionOptions>('all', dim, options, ['keepdim']);
  const truth = b.cast(requireTensor('all', x), 'bool');
  if (isNone(dims)) return wrap(fresh(truth, x.node));
  const misses = counted(b.not(truth), dims, keepdim, 'all');
  return wrap(b.eq(misses, b.like(misses, 0)));
}

/** No dimension at all, which `any` and `all` alone take for that and not for every dimension. */
function isNone(dims: Dims): boolean {
  return Array.isArray(dims) && dims.length === 0;
}

function counted(condition: Value, dims: Dims, keepdim: boolean, name: string): Value {
  return b.reduceSum(b.cast(condition, 'int32'), normalizeDims(dims, condition.shape.length, name), keepdim);
}

/** The number of elements that are not 0, over dimensions. int32. (PyTorch: `torch.count_nonzero`) */
export function countNonzero(x: Tensor, dim?: Dims | { dim?: Dims }): Tensor {
  const { dim: dims } = reductionArguments<ReductionOptions>('count_nonzero', dim, undefined, []);
  return wrap(counted(b.cast(requireTensor('count_nonzero', x), 'bool'), dims, false, 'count_nonzero'));
}

/** The sum of the diagonal of a matrix. (PyTorch: `torch.trace`) */
export function trace(x: Tensor): Tensor {
  const node = toNumeric(requireTensor('trace', x));
  if (node.shape.length !== 2)
    throw new ShapeError(`trace: expected a matrix, but got tensor with dim ${node.shape.length}`);
  const [rows, columns] = node.shape as [number, number];
  const isDiagonal = b.eq(b.reshape(b.iota(rows), [rows, 1]), b.iota(columns));
  return wrap(b.reduceSum(b.select(isDiagonal, node, b.like(node, 0)), [0, 1]));
}
