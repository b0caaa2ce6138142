import { noGrad } from '../../autograd/mode.ts';
import { ChimeraError } from '../../errors.ts';
import { sameShape } from '../../graph/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import type { Block } from '../block.ts';
import { ModuleDict } from '../containers/module-dict.ts';
import { become } from '../lazy.ts';
import { Parameter } from '../parameter.ts';
import { isBlock, registered, typeName } from '../registration.ts';
import type { Parametrization } from './parametrization-list.ts';
import { NoInverseError, originals, ParametrizationList, requireSame } from './parametrization-list.ts';

export { NoInverseError, ParametrizationList } from './parametrization-list.ts';
export type { Parametrization } from './parametrization-list.ts';

interface Parametrized extends Block {
  parametrizations: ModuleDict<ParametrizationList>;
}

/** Whether a block has a parametrized tensor (of a name). (PyTorch: `parametrize.is_parametrized`) */
export function isParametrized(block: Block, name: string | null = null): boolean {
  const list = registered(block).blocks.get('parametrizations');
  return list instanceof ModuleDict && (name === null ? list.length > 0 : list.has(name));
}

/** A block's class without its parametrizations. (PyTorch: `parametrize.type_before_parametrizations`) */
export function typeBeforeParametrizations(block: Block): new (...args: never[]) => Block {
  const own: unknown = isParametrized(block) ? Object.getPrototypeOf(block.constructor) : block.constructor;
  return own as new (...args: never[]) => Block;
}

let caches = 0;
let cache = new Map<Block, Map<string, Tensor>>();

/**
 * Runs `body`, also an asynchronous one, while parametrized tensors are computed at their first use only: for models
 * that use them several times. Do not change parameters meanwhile. (PyTorch: `with parametrize.cached():`)
 */
export function cached<T>(body: () => T): T {
  const end = (): void => {
    if (--caches === 0) cache = new Map();
  };
  caches++;
  let result: T;
  try {
    result = body();
  } catch (error) {
    end();
    throw error;
  }
  if (result instanceof Promise) return result.finally(end) as T;
  end();
  return result;
}

function compute(block: Parametrized, name: string): Tensor {
  const list = block.parametrizations.get(name);
  if (caches === 0) return list();
  const known = cache.get(block) ?? new Map<string, Tensor>();
  cache.set(block, known);
  let value = known.get(name);
  if (value === undefined) known.set(name, (value = list()));
  return value;
}

export interface RegisterParametrizationOptions {
  /** Do not compute the tensor once to see that its dtype and shape stay what they are. Default false. */
  unsafe?: boolean;
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
    const present = (block as unknown as Parametrized).parametrizations.get(name);
    if (!unsafe) checkFurther(block, name, parametrization);
    present.append(parametrization);
    present.unsafe ||= unsafe;
    return block;
  }
  const { parameters, buffers } = registered(block);
  const original = parameters.get(name) ?? buffers.get(name);
  if (original === null || original === undefined)
    throw new ChimeraError(
      `Module '${String(block)}' does not have a parameter, a buffer, or a parametrized element with name '${name}'`,
    );
  const list = new ParametrizationList([parametrization], original, unsafe);
  list.train(block.training);
  Reflect.deleteProperty(block, name);
  if (!isParametrized(block)) {
    become(block, parametrizedClass(block));
    block.addModule('parametrizations', new ModuleDict());
    (block as unknown as Parametrized).parametrizations.training = block.training;
  }
  (block as unknown as Parametrized).parametrizations.set(name, list);
  Object.defineProperty(Object.getPrototypeOf(block), name, {
    configurable: true,
    get(this: Parametrized) {
      return compute(this, name);
    },
    set(this: Parametrized, value: Tensor) {
      this.parametrizations.get(name).rightInverse(value);
    },
  });
  return block;
}

/** Throws unless a further parametrization takes and gives tensors like the one that there is. */
function checkFurther(block: Block, name: string, parametrization: Parametrization): void {
  const present = (block as unknown as Record<string, Tensor>)[name]!;
  const { dtype, shape } = present;
  const made = (parametrization as unknown as (value: Tensor) => unknown)(present);
  requireSame(made, dtype, shape, `module.${name}`, `parametrization(module.${name})`);
  if (typeof parametrization.rightInverse !== 'function') return;
  let back: unknown;
  try {
    back = noGrad(() => parametrization.rightInverse!(made));
  } catch (error) {
    if (error instanceof NoInverseError) return;
    throw error;
  }
  if (!(back instanceof Tensor))
    throw new TypeError(`parametrization.right_inverse must return a tensor. Got: ${typeName(back)}`);
  if (back.dtype !== dtype || !sameShape(back.shape, shape))
    throw new ChimeraError(
      `The tensor returned by parametrization.right_inverse must have the same ${back.dtype === dtype ? 'shape' : 'dtype'} as module.${name}, unless the \`unsafe\` flag is enabled.\nmodule.${name}: ${dtype} [${shape.join(', ')}]\nreturned: ${back.dtype} [${back.shape.join(', ')}]`,
    );
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

export interface RemoveParametrizationsOptions {
  /** Keep the computed value; otherwise what it was computed from. Default true. */
  leaveParametrized?: boolean;
}

/**
 * Gives a block back an ordinary parameter or buffer: with its parametrized value, or with `leaveParametrized: false`
 * what it was computed from. Returns the block. (PyTorch: `parametrize.remove_parametrizations`)
 */
export function removeParametrizations<B extends Block>(
  block: B,
  name: string,
  ...options: Trailing<RemoveParametrizationsOptions, ['leaveParametrized']>
): B {
  const { leaveParametrized = true } = readTrailing<RemoveParametrizationsOptions>('removeParametrizations', options, [
    'leaveParametrized',
  ]);
  if (!isParametrized(block, name))
    throw new ChimeraError(`Module ${String(block)} does not have a parametrization on ${name}`);
  const { parametrizations } = block as unknown as Parametrized;
  const list = parametrizations.get(name);
  if (!leaveParametrized && !list.isTensor)
    throw new ChimeraError(
      'Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is parametrized in terms of a sequence of tensors.',
    );
  const [first] = originals(list) as [Tensor];
  const isParameter = registered(list).parameters.size > 0;
  let kept = first;
  if (leaveParametrized) {
    const value = noGrad(() => list());
    if (list.isTensor) noGrad(() => kept.assignValue(value.detach().node));
    else kept = isParameter ? new Parameter(value, { requiresGrad: first.requiresGrad }) : value.detach();
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

/**
 * Gives one block the parametrizations of another's tensors, or of one of them, together with what they are computed
 * from. Returns the block that was given them. (PyTorch: `parametrize.transfer_parametrizations_and_params`)
 */
export function transferParametrizationsAndParams<B extends Block>(from: Block, to: B, name: string | null = null): B {
  if (!isParametrized(from)) return to;
  const source = (from as unknown as Parametrized).parametrizations;
  for (const each of name === null ? [...source.keys()] : [name]) {
    const value = (from as unknown as Record<string, Tensor>)[each]!;
    const own = to as unknown as Record<string, unknown>;
    if (own[each] === undefined) own[each] = new Parameter(value);
    for (const parametrization of source.get(each)) registerParametrization(to, each, parametrization);
    const target = (to as unknown as Parametrized).parametrizations.get(each) as unknown as Record<string, unknown>;
    const { parameters, buffers } = registered(source.get(each));
    for (const [key, tensor] of [...parameters, ...buffers]) target[key] = tensor;
  }
  return to;
}
