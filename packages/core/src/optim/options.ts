import { ChimeraError } from '../errors.ts';
import { readTrailing } from '../tensor/arguments.ts';

/**
 * How PyTorch is to run a step. The numbers do not depend on it, and here a step is always one program: what is given is
 * kept for state files.
 */
export interface ImplementationOptions {
  /** All parameters at once. Default null: PyTorch decides. */
  foreach?: boolean | null;
  /** May be part of a captured graph. Default false. */
  capturable?: boolean;
  /** Steps are differentiated: not available, `true` throws. Default false. */
  differentiable?: false;
}

/** As `ImplementationOptions`, for optimizers that have a fused step in PyTorch. */
export interface FusedOptions extends ImplementationOptions {
  /** One kernel for the whole step. Default null: PyTorch decides. */
  fused?: boolean | null;
}

/**
 * The arguments after the parameters: values in PyTorch's order, or one options object, over the defaults.
 *
 * @throws TypeError for an option that does not exist.
 */
export function readOptions<Options extends object>(
  name: string,
  args: readonly unknown[],
  defaults: Required<Options>,
  order: readonly (keyof Options & string)[],
): Required<Options> {
  const others = (Object.keys(defaults) as (keyof Options & string)[]).filter((key) => !order.includes(key));
  const all = { ...defaults, ...readTrailing<Options>(`${name}.__init__`, args, order, others) };
  const { differentiable, fused, foreach } = all as { differentiable?: unknown; fused?: unknown; foreach?: unknown };
  if (differentiable === true)
    throw new ChimeraError(
      `${name}: differentiable: true is not available, a step cannot be differentiated. Write the update with tensor operations instead`,
    );
  if (fused === true && foreach === true) throw new ChimeraError('`fused` and `foreach` cannot be `True` together.');
  return all;
}

/** Throws PyTorch's text unless a number is 0 or more. */
export function requireNonNegative(what: string, value: number): void {
  if (!(value >= 0)) throw new ChimeraError(`Invalid ${what}: ${value}`);
}

/** Throws unless a decay lies in [0, 1). */
export function requireBeta(betas: readonly number[], index: number): void {
  const beta = betas[index];
  if (beta === undefined || !(beta >= 0 && beta < 1))
    throw new ChimeraError(`Invalid beta parameter at index ${index}: ${beta}`);
}

/** `weightDecay` as `weight_decay`: how PyTorch's state files call an option. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The reverse of `snakeCase`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
