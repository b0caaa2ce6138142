import { ChimeraError } from '../errors.ts';

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
