import { noGrad } from '../../autograd/mode.ts';
import { ChimeraError, ShapeError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import { sameShape } from '../../graph/shape.ts';
import { ones } from '../../tensor/creation.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Block } from '../block.ts';
import { torchSize } from '../functional/reduction.ts';
import type { Parameter } from '../parameter.ts';
import { registered, typeName } from '../registration.ts';
import { pruningOf, putOn, takeOff } from './pruning-hooks.ts';
import { sliceOf, tensorOf } from './pruning-values.ts';

/** What a method that is applied after others sees: what is left, whole slices that are left, or everything. */
export type PruningType = 'unstructured' | 'structured' | 'global';

type Attributes = Record<string, Tensor>;

/** A way to choose what is pruned. Subclasses say so in `computeMask`. (PyTorch: `prune.BasePruningMethod`) */
export abstract class BasePruningMethod {
  /** (PyTorch: `PRUNING_TYPE`) */
  abstract readonly pruningType: PruningType;
  /** The parameter that it is applied to. */
  tensorName = '';
  /** For structured methods: along which dimension the slices lie. */
  dim?: number;

  /** `defaultMask` with further zeros, from the values or scores `t`. (PyTorch: `compute_mask`) */
  abstract computeMask(t: Tensor, defaultMask: Tensor): Tensor | Promise<Tensor>;

  /** The parameter with zeros where the mask has them. (PyTorch: `apply_mask`) */
  applyMask(block: Block): Tensor {
    if (this.tensorName === '') throw new ChimeraError(`Module ${String(block)} has to be pruned`);
    const own = block as unknown as Attributes;
    const [mask, original] = [own[`${this.tensorName}_mask`]!, own[`${this.tensorName}_orig`]!];
    return wrap(b.mul(b.cast(mask.node, original.dtype), original.node));
  }

  /** A tensor pruned at once, without hooks. (PyTorch: `prune`) */
  async prune(
    t: Tensor,
    {
      defaultMask = null,
      importanceScores = null,
    }: { defaultMask?: Tensor | null; importanceScores?: Tensor | null } = {},
  ): Promise<Tensor> {
    requireScores(importanceScores, t, 'tensor t');
    const mask = await this.computeMask(importanceScores ?? t, defaultMask ?? onesLike(t));
    return wrap(b.mul(t.node, b.cast(mask.node, t.dtype)));
  }

  /** Puts the pruned values into the parameter and gives it its name back. (PyTorch: `remove`) */
  remove(block: Block): void {
    const name = this.tensorName;
    if (name === '') throw new ChimeraError(`Module ${String(block)} has to be pruned before pruning can be removed`);
    const value = noGrad(() => this.applyMask(block).detach());
    const original = registered(block).parameters.get(`${name}_orig`) as Parameter;
    for (const key of [name, `${name}_orig`, `${name}_mask`]) Reflect.deleteProperty(block, key);
    noGrad(() => original.assignValue(value.node));
    block.registerParameter(name, original);
  }

  /** Applies a method to a parameter, after those that are there. Internal: subclasses have `apply`. */
  protected static async put(
    method: BasePruningMethod,
    block: Block,
    name: string,
    importanceScores: Tensor | null = null,
  ): Promise<BasePruningMethod> {
    method.tensorName = name;
    const former = pruningOf(block, name);
    const own = block as unknown as Attributes;
    const original = own[name];
    if (original === undefined || original === null)
      throw new ChimeraError(`${block.constructor.name} has no parameter '${name}'`);
    requireScores(importanceScores, original, `parameter ${name} of ${String(block)}`);
    const scores = importanceScores ?? original;
    let applied: BasePruningMethod = method;
    if (former !== null) {
      const container = former instanceof PruningContainer ? former : new PruningContainer(former);
      container.addPruningMethod(method);
      applied = container;
    }
    // Everything that may fail comes before the block changes.
    const mask = await applied.computeMask(
      scores.detach(),
      former === null ? onesLike(original) : own[`${name}_mask`]!.detach(),
    );
    takeOff(block, name);
    if (former === null) {
      Reflect.deleteProperty(block, name);
      block.registerParameter(`${name}_orig`, original);
    }
    block.registerBuffer(`${name}_mask`, mask);
    own[name] = applied.applyMask(block);
    putOn(block, applied);
    return applied;
  }
}

function onesLike(t: Tensor): Tensor {
  return ones([...t.shape], { dtype: t.dtype, device: t.device });
}

function requireScores(scores: Tensor | null, t: Tensor, what: string): void {
  if (scores !== null && !sameShape(scores.shape, t.shape))
    throw new ShapeError(
      `importance_scores should have the same shape as ${what}, got ${torchSize(scores.shape)} vs ${torchSize(t.shape)}`,
    );
}

/** Methods applied one after the other; each chooses from what those before have left. (PyTorch: `prune.PruningContainer`) */
export class PruningContainer extends BasePruningMethod {
  readonly pruningType = 'global';
  readonly #methods: BasePruningMethod[] = [];

  constructor(...methods: readonly BasePruningMethod[]) {
    super();
    if (methods[0] !== undefined) this.tensorName = methods[0].tensorName;
    for (const method of methods) this.addPruningMethod(method);
  }

  /** Adds a method for the same parameter. (PyTorch: `add_pruning_method`) */
  addPruningMethod(method: BasePruningMethod): void {
    if (!(method instanceof BasePruningMethod))
      throw new TypeError(`${typeName(method)} is not a BasePruningMethod subclass`);
    if (method.tensorName !== this.tensorName)
      throw new ChimeraError(
        `Can only add pruning methods acting on the parameter named '${this.tensorName}' to PruningContainer. Found '${method.tensorName}'`,
      );
    this.#methods.push(method);
  }

  get length(): number {
    return this.#methods.length;
  }
  [Symbol.iterator](): IterableIterator<BasePruningMethod> {
    return this.#methods[Symbol.iterator]();
  }
  /** The method at a position. (PyTorch: `container[i]`) */
  at(index: number): BasePruningMethod | undefined {
    return this.#methods.at(index);
  }

  /** The last method's choice among what `defaultMask` leaves. */
  override async computeMask(t: Tensor, defaultMask: Tensor): Promise<Tensor> {
    const method = this.#methods.at(-1)!;
    const [values, mask] = await Promise.all([t.data(), defaultMask.data()]);
    const { shape } = t;
    let positions = Array.from(mask.keys());
    let left = [...shape];
    if (method.pruningType === 'unstructured') {
      positions = positions.filter((i) => mask[i] === 1);
      left = [positions.length];
    } else if (method.pruningType === 'structured') {
      if (method.dim === undefined)
        throw new ChimeraError(
          'Pruning methods of PRUNING_TYPE "structured" need to have the attribute `dim` defined.',
        );
      const dim = method.dim < 0 ? shape.length + method.dim : method.dim;
      if (dim < 0) throw new RangeError(`Index is out of bounds for tensor with dimensions ${shape.length}`);
      const slice = sliceOf(shape, dim);
      const kept = new Set(positions.filter((i) => mask[i] !== 0).map(slice));
      positions = positions.filter((i) => kept.has(slice(i)));
      left[dim] = kept.size;
    } else if (method.pruningType !== 'global')
      throw new ChimeraError(`Unrecognized PRUNING_TYPE ${String(method.pruningType)}`);
    const pick = (from: ArrayLike<number>, like: Tensor): Tensor =>
      tensorOf(
        positions.map((i) => from[i]!),
        left,
        like.dtype,
      );
    const partial = await (await method.computeMask(pick(values, t), pick(mask, defaultMask))).data();
    const next = Float64Array.from(mask);
    for (const [i, position] of positions.entries()) next[position] = partial[i]!;
    return tensorOf(next, shape, defaultMask.dtype);
  }
}
