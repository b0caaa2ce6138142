import { Generator } from './generator.ts';

let shared: Generator | undefined;

/** The generator behind every random operation that is given none; seeded from entropy until {@link manualSeed}. */
export function defaultGenerator(): Generator {
  if (shared === undefined) {
    shared = new Generator();
    shared.seed();
  }
  return shared;
}

/**
 * Seeds the default generator and returns it: the same seed gives PyTorch's CPU values.
 *
 * PyTorch: `torch.manual_seed`.
 *
 * @throws TypeError if `seed` is not an integer; RangeError outside [−2⁶³, 2⁶⁴).
 */
export function manualSeed(seed: number | bigint): Generator {
  return defaultGenerator().manualSeed(seed);
}

/** Seeds the default generator from entropy and returns the seed. PyTorch: `torch.seed`. */
export function seed(): number {
  return defaultGenerator().seed();
}

/** The seed that the default generator started from. PyTorch: `torch.initial_seed`. */
export function initialSeed(): bigint {
  return defaultGenerator().initialSeed();
}

/** The default generator's state, in PyTorch's byte layout. PyTorch: `torch.get_rng_state`. */
export function getRngState(): Uint8Array {
  return defaultGenerator().getState();
}

/**
 * Restores the default generator's state from {@link getRngState} or from PyTorch's. PyTorch: `torch.set_rng_state`.
 *
 * @throws TypeError or RangeError if `state` is not a valid state.
 */
export function setRngState(state: Uint8Array): void {
  defaultGenerator().setState(state);
}
