import { noGrad } from '../../autograd/mode.ts';
import { ChimeraError, ShapeError } from '../../errors.ts';
import { sameShape } from '../../graph/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { Block } from '../block.ts';
import { ModuleDict } from '../containers/module-dict.ts';
import { become } from '../lazy.ts';
import { Parameter } from '../parameter.ts';
import { isBlock, registered } from '../registration.ts';

/** A block that computes a tensor from what is trained instead of it. */
export interface Parametrization extends Block {
  /** What the block would compute `value` from: one tensor or several. Default: `value`. (PyTorch: `right_inverse`) */
  rightInverse?(value: Tensor): Tensor | readonly Tensor[];
}

interface Parametrized extends Block {
  parametrizations: ModuleDict<ParametrizationList>;
}

/** The parametrizations of one tensor, in order, and what they start from. (PyTorch: `ParametrizationList`) */
export class ParametrizationList extends Block {
  readonly isTensor: boolean;
  readonly originals: number;

  constructor(first: Parametrization, original: Tensor) {
    super();
    const start = inverse(first, original);
    this.isTensor = start instanceof Tensor;
    const list = start instanceof Tensor ? [start] : [...start];
    this.originals = list.length;
    for (const [i, value] of list.entries()) {
      const name = this.isTensor ? 'original' : `original${i}`;
      if (this.isTensor && value !== original) noGrad(() => original.assignValue(value.detach().node));
      if (!(original instanceof Parameter)) this.registerBuffer(name, this.isTensor ? original : value);
      // An optimizer that has the tensor goes on training it.
      else
        this.registerParameter(
          name,
          this.isTensor ? original : new Parameter(value, { requiresGrad: original.requiresGrad }),
        );
    }
    this.addModule('0', first);
  }

  /** Adds a parametrization of what the others compute. */
  append(parametrization: Parametrization): void {
    this.addModule(String(this.length), parametrization);
  }
  /** The number of parametrizations. */
  override get length(): number {
    return registered(this).blocks.size;
  }

  /** The tensor. */
  override forward(): Tensor {
    let values: unknown[] = stored(this);
    for (const block of registered(this).blocks.values())
      values = [(block as unknown as (...args: unknown[]) => unknown)(...values)];
    return values[0] as Tensor;
  }

  /** Stores what the parametrizations compute `value` from. (PyTorch: `right_inverse`) */
  rightInverse(value: Tensor): void {
    noGrad(() => {
      let current: Tensor | readonly Tensor[] = value;
      for (const block of [...registered(this).blocks.values()].reverse())
        current = inverse(block as Parametrization, current as Tensor);
      const values: readonly Tensor[] = current instanceof Tensor ? [current] : current;
      for (const [i, tensor] of stored(this).entries()) {
        if (!sameShape(tensor.shape, values[i]!.shape))
          throw new ShapeError(
            `The tensor assigned to a parametrized one gives original${this.isTensor ? '' : i} of shape [${values[i]!.shape.join(', ')}] instead of [${tensor.shape.join(', ')}]`,
          );
        tensor.assignValue(values[i]!.detach().node);
      }
    });
  }
}

function stored(list: ParametrizationList): Tensor[] {
  const { parameters, buffers } = registered(list);
  return [...parameters.values(), ...buffers.values()].filter((tensor) => tensor !== null);
}

function inverse(parametrization: Parametrization, value: Tensor): Tensor | readonly Tensor[] {
  return typeof parametrization.rightInverse === 'function'
    ? noGrad(() => parametrization.rightInverse!(value))
    : value;
}

/** Whether a block has a parametrized tensor (of a name). (PyTorch: `parametrize.is_parametrized`) */
export function isParametrized(block: Block, name: string | null = null): boolean {
  const list = registered(block).blocks.get('parametrizations');
  return list instanceof ModuleDict && (name === null ? list.length > 0 : list.has(name));
}

export interface RegisterParametrizationOptions {
  /** Do not compute the tensor once to see that its dtype and shape stay what they are. Default false. */
  unsafe?: boolean;
}

function requireSame(
  owner: string,
  value: unknown,
  { dtype, shape }: { dtype: string; shape: readonly number[] },
): void {
  if (!(value instanceof Tensor)) throw new TypeError(`A parametrization must return a tensor. Got ${typeof value}.`);
  if (value.dtype !== dtype)
    throw new ChimeraError(
      `Registering a parametrization may not change the dtype of the tensor, unless \`unsafe\` flag is enabled: ${owner} has ${dtype}, the parametrization gives ${value.dtype}`,
    );
  if (!sameShape(value.shape, shape))
    throw new ChimeraError(
      `Registering a parametrization may not change the shape of the tensor, unless \`unsafe\` flag is enabled: ${owner} has [${shape.join(', ')}], the parametrization gives [${value.shape.join(', ')}]`,
    );
}

/**
 * Has a block compute one of its parameters or buffers: reading `block[name]` calls the parametrization with what is
 * trained in its place, `parametrizations[name].original`. Returns the block. (PyTorch: `parametrize.register_parametrization`)
 */
export function registerParametrization<B extends Block>(
  block: B,
  name: string,
  parametrization: Parametrization,
  { unsafe = false }: RegisterParametrizationOptions = {},
): B {
  if (!isBlock(parametrization))
    throw new TypeError('registerParametrization: expected the parametrization to be a block');
  parametrization.train(block.training);
  if (isParametrized(block, name)) {
    if (!unsafe) {
      const present = (block as unknown as Record<string, Tensor>)[name]!;
      const before = inverse(parametrization, present) as Tensor;
      requireSame(
        `${block.constructor.name}.${name}`,
        (parametrization as unknown as (value: Tensor) => unknown)(before),
        present,
      );
    }
    (block as unknown as Parametrized).parametrizations.get(name).append(parametrization);
    return block;
  }
  const { parameters, buffers } = registered(block);
  const original = parameters.get(name) ?? buffers.get(name);
  if (original === null || original === undefined)
    throw new ChimeraError(
      `Module '${String(block)}' does not have a parameter, a buffer, or a parametrized element with name '${name}'`,
    );
  const { dtype, shape } = original;
  const list = new ParametrizationList(parametrization, original);
  list.training = block.training;
  // A call like any other: what parametrizations keep, such as the vectors of power iteration, moves on by it in PyTorch too.
  if (!unsafe) requireSame(`${block.constructor.name}.${name}`, list(), { dtype, shape });
  Reflect.deleteProperty(block, name);
  if (!isParametrized(block)) {
    become(block, parametrizedClass(block));
    block.addModule('parametrizations', new ModuleDict());
  }
  (block as unknown as Parametrized).parametrizations.set(name, list);
  Object.defineProperty(Object.getPrototypeOf(block), name, {
    configurable: true,
    get(this: Parametrized) {
      return this.parametrizations.get(name)();
    },
    set(this: Parametrized, value: Tensor) {
      this.parametrizations.get(name).rightInverse(value);
    },
  });
  return block;
}

/** A class of a block's own, under PyTorch's name, on which its parametrized tensors are properties. */
function parametrizedClass(block: Block): { readonly prototype: Block } {
  const base = block.constructor;
  const made = function () {} as unknown as { prototype: Block };
  Object.defineProperty(made, 'name', { value: `Parametrized${base.name}` });
  Object.setPrototypeOf(made, base);
  made.prototype = Object.create(base.prototype as object, {
    constructor: { value: made, configurable: true, writable: true },
  }) as Block;
  return made;
}

/**
 * Gives a block back an ordinary parameter or buffer: with its parametrized value, or with `leaveParametrized: false`
 * what it was computed from. Returns the block. (PyTorch: `parametrize.remove_parametrizations`)
 */
export function removeParametrizations<B extends Block>(
  block: B,
  name: string,
  { leaveParametrized = true }: { leaveParametrized?: boolean } = {},
): B {
  if (!isParametrized(block, name))
    throw new ChimeraError(`Module ${String(block)} does not have a parametrization on ${name}`);
  const { parametrizations } = block as unknown as Parametrized;
  const list = parametrizations.get(name);
  const { parameters, buffers } = registered(list);
  const [first] = [...parameters.values(), ...buffers.values()];
  if (!leaveParametrized && !list.isTensor)
    throw new ChimeraError(
      'Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is parametrized in terms of a sequence of tensors.',
    );
  const value = noGrad(() => list());
  const isParameter = parameters.size > 0;
  let kept = first!;
  if (leaveParametrized) {
    if (list.isTensor) noGrad(() => kept.assignValue(value.detach().node));
    else kept = isParameter ? new Parameter(value, { requiresGrad: first!.requiresGrad }) : value.detach();
  }
  const prototype = Object.getPrototypeOf(block) as object;
  Reflect.deleteProperty(prototype, name);
  parametrizations.delete(name);
  if (parametrizations.length === 0) {
    Reflect.deleteProperty(block, 'parametrizations');
    become(block, { prototype: Object.getPrototypeOf(prototype) as object });
  }
  if (isParameter) block.registerParameter(name, kept);
  else block.registerBuffer(name, kept);
  return block;
}
