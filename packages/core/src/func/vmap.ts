import { ChimeraError } from '../errors.ts';
import { recording, scoped } from '../graph/scope.ts';
import { normalizeDim } from '../graph/shape.ts';
import { defaultGenerator } from '../random/default-generator.ts';
import { stack } from '../tensor/joining.ts';
import { select } from '../tensor/split.ts';
import { expose, Tensor } from '../tensor/tensor.ts';
import { requireRecorded, tensorsOf, withTensors } from './structure.ts';

export interface VmapOptions {
  /** The dimension of each argument that is mapped over; `null`: handed to every call as it is. Default 0. (PyTorch: `in_dims`) */
  inDims?: number | null | readonly (number | null)[];
  /** Where the mapped dimension goes in the results; one per entry if the function gives a list. Default 0. (PyTorch: `out_dims`) */
  outDims?: number | readonly number[];
  /** What random operations inside do: throw, draw anew for every call, or draw the same. Default `'error'`. */
  randomness?: 'error' | 'different' | 'same';
}

/**
 * A function that applies `fn` to each slice of its arguments and stacks the results. The calls are recorded one after another,
 * as a loop would do it. (PyTorch: `torch.vmap`)
 *
 * ```ts
 * const perSample = func.vmap(func.grad(loss), { inDims: [null, 0, 0] });
 * ```
 */
export function vmap<const Args extends readonly unknown[], Result>(
  fn: (...args: Args) => Result,
  options: VmapOptions | number | null | readonly (number | null)[] = {},
): (...args: Args) => Result {
  if (typeof fn !== 'function') throw new TypeError(`vmap: expected a function, got ${typeof fn}`);
  const {
    inDims = 0,
    outDims = 0,
    randomness = 'error',
  } = typeof options === 'number' || options === null || Array.isArray(options)
    ? { inDims: options as number | null | readonly (number | null)[] }
    : (options as VmapOptions);
  if (!['error', 'different', 'same'].includes(randomness))
    throw new RangeError(
      `Only allowed values for randomness are 'error', 'different', or 'same'. Got ${randomness as string}`,
    );
  return (...args) => {
    const isOutermost = recording.scope === null;
    const result = scoped(() => {
      const dims = dimsOf(inDims, args);
      const count = countOf(args, dims);
      const results = callAll(count, randomness, (i) =>
        fn(...(args.map((arg, at) => sliceOf(arg, dims[at]!, i)) as unknown as Args)),
      );
      return stacked(results, outDims);
    });
    if (isOutermost) for (const tensor of tensorsOf(result)) expose(tensor);
    return result;
  };
}

function dimsOf(inDims: VmapOptions['inDims'], args: readonly unknown[]): readonly (number | null)[] {
  if (!Array.isArray(inDims)) return args.map(() => inDims as number | null);
  if (inDims.length !== args.length)
    throw new ChimeraError(
      `vmap: in_dims is not compatible with the structure of inputs: ${inDims.length} dimensions for ${args.length} arguments`,
    );
  return inDims as readonly (number | null)[];
}

function countOf(args: readonly unknown[], dims: readonly (number | null)[]): number {
  const sizes = args.flatMap((arg, at) => {
    const dim = dims[at]!;
    if (dim === null) return [];
    const tensors = tensorsOf(arg);
    if (tensors.length === 0)
      throw new TypeError(
        `vmap: Got in_dim=${dim} for argument ${at}, which has no Tensor. If you did not intend to vmap over it, use null as the respective in_dim`,
      );
    return tensors.map((tensor) => {
      if (dim < -tensor.ndim || dim >= tensor.ndim)
        throw new RangeError(
          `vmap: Got in_dim=${dim} for some input, but that input is a Tensor of dimensionality ${tensor.ndim} so expected in_dim to satisfy -${tensor.ndim} <= in_dim < ${tensor.ndim}.`,
        );
      return tensor.size(dim);
    });
  });
  const [first] = sizes;
  if (first === undefined)
    throw new ChimeraError('vmap: at least one argument must have a dimension that is mapped over');
  if (sizes.some((size) => size !== first))
    throw new ChimeraError(
      `vmap: Expected all tensors to have the same size in the mapped dimension, got sizes [${sizes.join(', ')}] for the mapped dimension`,
    );
  return first;
}

function sliceOf(arg: unknown, dim: number | null, index: number): unknown {
  if (dim === null) return arg;
  return withTensors(
    arg,
    tensorsOf(arg).map((tensor) => select(tensor, dim, index)),
  );
}

function callAll<T>(count: number, randomness: VmapOptions['randomness'], one: (index: number) => T): T[] {
  const generator = defaultGenerator();
  const results: T[] = [];
  for (let i = 0; i < count; i++) {
    const state = randomness === 'different' ? null : generator.getState();
    const result = one(i);
    requireRecorded('vmap', result);
    results.push(result);
    if (state === null || same(state, generator.getState())) continue;
    if (randomness === 'error')
      throw new ChimeraError(
        "vmap: called random operation while in randomness error mode. Please either use the 'same' or 'different' randomness flags on vmap or perform the randomness operation out of vmap",
      );
    if (i + 1 < count) generator.setState(state);
  }
  return results;
}

function same(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}

function stacked<T>(results: readonly T[], outDims: number | readonly number[]): T {
  const [first] = results;
  if (first === undefined) throw new ChimeraError('vmap: the mapped dimension must not be empty');
  const columns = results.map(tensorsOf);
  const isFlat = Array.isArray(first) && first.every((entry) => entry instanceof Tensor);
  const list = Array.isArray(outDims) ? (outDims as readonly number[]) : null;
  if (list !== null && (!isFlat || list.length !== columns[0]!.length))
    throw new ChimeraError(
      `vmap: out_dims is not compatible with the structure of outputs: ${list.length} dimensions for ${isFlat ? columns[0]!.length : 1} outputs`,
    );
  return withTensors(
    first,
    columns[0]!.map((tensor, i) =>
      stack(
        columns.map((column) => column[i]!),
        { dim: normalizeDim(list?.[i] ?? (outDims as number), tensor.ndim + 1, 'vmap') },
      ),
    ),
  );
}
