import { ChimeraError, ShapeError } from '../../errors.ts';
import { sameShape } from '../../graph/shape.ts';
import { rand } from '../../tensor/creation.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import type { Block } from '../block.ts';
import { torchSize } from '../functional/reduction.ts';
import { BasePruningMethod } from './pruning-method.ts';
import { rounded, sliceOf, tensorOf } from './pruning-values.ts';

/** The p of a norm. `'fro'` is 2. */
export type NormOrder = number | 'fro';

/** A whole number counts elements or slices, another one is a fraction of them. */
function requireAmount(amount: number): void {
  if (typeof amount !== 'number')
    throw new TypeError(`Invalid type for amount: ${String(amount)}. Must be int or float.`);
  if (!(amount >= 0) || (!Number.isInteger(amount) && amount > 1))
    throw new ChimeraError(`amount=${amount} should either be a float in the range [0, 1] or a non-negative integer`);
}

function countOf(amount: number, size: number): number {
  const count = Number.isInteger(amount) ? amount : rounded(amount * size);
  if (count > size)
    throw new ChimeraError(`amount=${count} should be smaller than the number of parameters to prune=${size}`);
  return count;
}

/** The positions of the `count` smallest values. */
function smallest(values: ArrayLike<number>, count: number): number[] {
  return Array.from(values, (value, i): [number, number] => [value, i])
    .sort(([a, i], [b, j]) => a - b || i - j)
    .slice(0, count)
    .map(([, i]) => i);
}

async function withZeros(mask: Tensor, positions: readonly number[]): Promise<Tensor> {
  const values = Float64Array.from(await mask.data());
  for (const position of positions) values[position] = 0;
  return tensorOf(values, mask.shape, mask.dtype);
}

/** A mask with zeros in some slices along `dim`. */
async function withoutSlices(mask: Tensor, dim: number, slices: readonly number[]): Promise<Tensor> {
  const slice = sliceOf(mask.shape, dim);
  const out = new Set(slices);
  const values = Float64Array.from(await mask.data(), (value, i) => (out.has(slice(i)) ? 0 : value));
  return tensorOf(values, mask.shape, mask.dtype);
}

function requireSlices(t: Tensor, dim: number): number {
  const { shape } = t;
  if (shape.length <= 1)
    throw new ShapeError(
      `Structured pruning can only be applied to multidimensional tensors. Found tensor of shape ${torchSize(shape)} with ${shape.length} dims`,
    );
  if (dim >= shape.length || dim < -shape.length)
    throw new RangeError(`Invalid index ${dim} for tensor of size ${torchSize(shape)}`);
  return dim < 0 ? dim + shape.length : dim;
}

/** Prunes nothing. (PyTorch: `prune.Identity`) */
export class Identity extends BasePruningMethod {
  readonly pruningType = 'unstructured';
  override computeMask(_t: Tensor, defaultMask: Tensor): Tensor {
    return defaultMask;
  }
  static override async apply(block: Block, name: string): Promise<BasePruningMethod> {
    return Identity.put(new Identity(), block, name);
  }
}

/** A method that prunes so many elements or slices, or such a part of them. */
abstract class AmountPruningMethod extends BasePruningMethod {
  readonly amount: number;
  constructor(amount: number) {
    super();
    requireAmount(amount);
    this.amount = amount;
  }
}

/** Elements by chance. (PyTorch: `prune.RandomUnstructured`) */
export class RandomUnstructured extends AmountPruningMethod {
  readonly pruningType = 'unstructured';
  override async computeMask(t: Tensor, defaultMask: Tensor): Promise<Tensor> {
    const count = countOf(this.amount, t.numel());
    if (count === 0) return defaultMask;
    const chances = await rand([...t.shape], { dtype: t.dtype }).data();
    return withZeros(
      defaultMask,
      smallest(
        Float64Array.from(chances, (chance) => -chance),
        count,
      ),
    );
  }
  static override async apply(block: Block, name: string, amount: number): Promise<BasePruningMethod> {
    return RandomUnstructured.put(new RandomUnstructured(amount), block, name);
  }
}

/** Elements of least absolute value. (PyTorch: `prune.L1Unstructured`) */
export class L1Unstructured extends AmountPruningMethod {
  readonly pruningType = 'unstructured';
  override async computeMask(t: Tensor, defaultMask: Tensor): Promise<Tensor> {
    const count = countOf(this.amount, t.numel());
    if (count === 0) return defaultMask;
    return withZeros(defaultMask, smallest(Float64Array.from(await t.data(), Math.abs), count));
  }
  static override async apply(
    block: Block,
    name: string,
    amount: number,
    ...options: Trailing<{ importanceScores?: Tensor | null }, ['importanceScores']>
  ): Promise<BasePruningMethod> {
    const { importanceScores = null } = readTrailing<{ importanceScores?: Tensor | null }>('L1Unstructured', options, [
      'importanceScores',
    ]);
    return L1Unstructured.put(new L1Unstructured(amount), block, name, importanceScores);
  }
}

/** Slices by chance. (PyTorch: `prune.RandomStructured`) */
export class RandomStructured extends AmountPruningMethod {
  readonly pruningType = 'structured';
  override readonly dim: number;
  constructor(amount: number, dim = -1) {
    super(amount);
    this.dim = dim;
  }
  override async computeMask(t: Tensor, defaultMask: Tensor): Promise<Tensor> {
    const dim = requireSlices(t, this.dim);
    const count = countOf(this.amount, t.shape[dim]!);
    if (count === 0) return defaultMask;
    return withoutSlices(defaultMask, dim, smallest(await rand([t.shape[dim]!]).data(), count));
  }
  static override async apply(block: Block, name: string, amount: number, dim = -1): Promise<BasePruningMethod> {
    return RandomStructured.put(new RandomStructured(amount, dim), block, name);
  }
}

/** Slices of least n-norm. (PyTorch: `prune.LnStructured`) */
export class LnStructured extends AmountPruningMethod {
  readonly pruningType = 'structured';
  readonly n: NormOrder;
  override readonly dim: number;
  constructor(amount: number, n: NormOrder, dim = -1) {
    super(amount);
    if (typeof n !== 'number' && n !== 'fro') throw new TypeError(`LnStructured: expected n to be a number or 'fro'`);
    this.n = n;
    this.dim = dim;
  }
  override async computeMask(t: Tensor, defaultMask: Tensor): Promise<Tensor> {
    const dim = requireSlices(t, this.dim);
    const count = countOf(this.amount, t.shape[dim]!);
    if (count === 0) return defaultMask;
    const slice = sliceOf(t.shape, dim);
    const members = Array.from({ length: t.shape[dim]! }, (): number[] => []);
    for (const [i, value] of (await t.data()).entries()) members[slice(i)]!.push(Math.abs(value));
    const norms = members.map((values) => normOf(values, this.n === 'fro' ? 2 : this.n));
    return withoutSlices(defaultMask, dim, smallest(norms, count));
  }
  static override async apply(
    block: Block,
    name: string,
    amount: number,
    n: NormOrder,
    dim: number,
    ...options: Trailing<{ importanceScores?: Tensor | null }, ['importanceScores']>
  ): Promise<BasePruningMethod> {
    const { importanceScores = null } = readTrailing<{ importanceScores?: Tensor | null }>('LnStructured', options, [
      'importanceScores',
    ]);
    return LnStructured.put(new LnStructured(amount, n, dim), block, name, importanceScores);
  }
}

function normOf(values: readonly number[], p: number): number {
  if (p === Number.POSITIVE_INFINITY) return Math.max(...values);
  if (p === Number.NEGATIVE_INFINITY) return Math.min(...values);
  if (p === 0) return values.filter((value) => value !== 0).length;
  return values.reduce((sum, value) => sum + value ** p, 0) ** (1 / p);
}

/** Where a mask is 0. (PyTorch: `prune.CustomFromMask`) */
export class CustomFromMask extends BasePruningMethod {
  readonly pruningType = 'global';
  readonly mask: Tensor;
  constructor(mask: Tensor) {
    super();
    this.mask = mask;
  }
  override async computeMask(_t: Tensor, defaultMask: Tensor): Promise<Tensor> {
    if (!sameShape(defaultMask.shape, this.mask.shape))
      throw new ShapeError(
        `default_mask shape ${torchSize(defaultMask.shape)} must match self.mask shape ${torchSize(this.mask.shape)}`,
      );
    const [own, given] = await Promise.all([defaultMask.data(), this.mask.data()]);
    return tensorOf(
      Float64Array.from(own, (value, i) => value * Number(given[i])),
      defaultMask.shape,
      defaultMask.dtype,
    );
  }
  static override async apply(block: Block, name: string, mask: Tensor): Promise<BasePruningMethod> {
    return CustomFromMask.put(new CustomFromMask(mask), block, name);
  }
}
