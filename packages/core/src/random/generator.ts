import { MersenneTwister } from './mersenne-twister.ts';

/** The seed of a generator that nobody seeded: PyTorch's `default_rng_seed_val`. */
const UNSEEDED = 67280421310721n;

const TWO_TO_32 = 2 ** 32;
const TWO_TO_MINUS_53 = 2 ** -53;

// The bytes of PyTorch's saved generator state: a C struct, little endian, the twister's words widened to 64 bits.
const STATE_BYTES = 5056;
const OFFSET_SEED = 0;
const OFFSET_LEFT = 8;
const OFFSET_SEEDED = 12;
const OFFSET_NEXT = 16;
const OFFSET_WORDS = 24;
const OFFSET_NORMAL = 5024;
const OFFSET_NORMAL_VALID = 5040;
const OFFSET_FLOAT_NORMAL = 5048;
const OFFSET_FLOAT_NORMAL_VALID = 5052;

/**
 * A source of pseudo-random numbers with PyTorch's CPU streams: for one seed, every fill function of this folder
 * yields what the same call yields in PyTorch, and leaves the generator where PyTorch leaves it.
 *
 * A new generator is seeded with PyTorch's fixed default, not from entropy; call {@link Generator.seed} for that.
 *
 * PyTorch: `torch.Generator`.
 */
export class Generator {
  readonly #twister = new MersenneTwister();
  #initialSeed = 0n;
  /** The second value of the last Box-Muller pair, which the next single normal draw returns. */
  #spareNormal: number | undefined;
  /** PyTorch's spare for its float path. No CPU stream reads it; it is kept so that a saved state comes back whole. */
  #spareFloatNormal: number | undefined;

  constructor() {
    this.manualSeed(UNSEEDED);
  }

  /**
   * Restarts the stream from `seed`, a 64-bit integer; negative seeds count down from 2⁶⁴, as in PyTorch.
   *
   * @throws TypeError if `seed` is not an integer; RangeError outside [−2⁶³, 2⁶⁴).
   */
  manualSeed(seed: number | bigint): this {
    this.#initialSeed = toSeed(seed);
    this.#twister.seed(Number(this.#initialSeed & 0xffffffffn));
    this.#spareNormal = undefined;
    this.#spareFloatNormal = undefined;
    return this;
  }

  /** The seed of the last {@link manualSeed} or {@link seed}, in [0, 2⁶⁴). PyTorch: `initial_seed()`. */
  initialSeed(): bigint {
    return this.#initialSeed;
  }

  /** Seeds from the platform's entropy and returns the seed, 53 random bits. PyTorch: `seed()`. */
  seed(): number {
    const words = entropy();
    const seed = (words[0]! & 0x1fffff) * TWO_TO_32 + words[1]!;
    this.manualSeed(seed);
    return seed;
  }

  /** The whole state, in the byte layout of PyTorch's `get_state()` (5056 bytes). */
  getState(): Uint8Array {
    const bytes = new Uint8Array(STATE_BYTES);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(OFFSET_SEED, this.#initialSeed, true);
    view.setInt32(OFFSET_LEFT, this.#twister.left, true);
    view.setInt32(OFFSET_SEEDED, 1, true);
    view.setUint32(OFFSET_NEXT, this.#twister.next, true);
    for (const [index, word] of this.#twister.state.entries()) view.setUint32(OFFSET_WORDS + 8 * index, word, true);
    if (this.#spareNormal !== undefined) {
      view.setFloat64(OFFSET_NORMAL, this.#spareNormal, true);
      view.setInt32(OFFSET_NORMAL_VALID, 1, true);
    }
    if (this.#spareFloatNormal !== undefined) {
      view.setFloat32(OFFSET_FLOAT_NORMAL, this.#spareFloatNormal, true);
      view.setUint8(OFFSET_FLOAT_NORMAL_VALID, 1);
    }
    return bytes;
  }

  /**
   * Restores a state that {@link getState}, or PyTorch's `get_state()`, returned.
   *
   * @throws TypeError if `state` is not a `Uint8Array`; RangeError if it is not a valid state. The generator is then unchanged.
   */
  setState(state: Uint8Array): this {
    if (!(state instanceof Uint8Array)) throw new TypeError('RNG state must be a Uint8Array');
    if (state.length !== STATE_BYTES) {
      throw new RangeError(`Expected an RNG state of ${STATE_BYTES} bytes but found ${state.length} bytes`);
    }
    const view = new DataView(state.buffer, state.byteOffset, state.length);
    const left = view.getInt32(OFFSET_LEFT, true);
    const next = view.getUint32(OFFSET_NEXT, true);
    const words = this.#twister.state.length;
    // `left` draws are taken from `next` on; a state where they would run past the end could only yield garbage.
    const valid = view.getInt32(OFFSET_SEEDED, true) !== 0 && left > 0 && left <= words && next + left - 1 <= words;
    if (!valid) throw new RangeError('Invalid mt19937 state');

    this.#initialSeed = view.getBigUint64(OFFSET_SEED, true);
    this.#twister.left = left;
    this.#twister.next = next;
    for (let index = 0; index < words; index++) {
      this.#twister.state[index] = view.getUint32(OFFSET_WORDS + 8 * index, true);
    }
    this.#spareNormal =
      view.getInt32(OFFSET_NORMAL_VALID, true) === 0 ? undefined : view.getFloat64(OFFSET_NORMAL, true);
    this.#spareFloatNormal =
      view.getUint8(OFFSET_FLOAT_NORMAL_VALID) === 0 ? undefined : view.getFloat32(OFFSET_FLOAT_NORMAL, true);
    return this;
  }

  /** A new generator at the same point of the same stream. PyTorch: `clone_state()`. */
  clone(): Generator {
    const copy = new Generator();
    copy.#twister.copyFrom(this.#twister);
    copy.#initialSeed = this.#initialSeed;
    copy.#spareNormal = this.#spareNormal;
    copy.#spareFloatNormal = this.#spareFloatNormal;
    return copy;
  }

  /** 32 random bits, as an integer in [0, 2³²). */
  random32(): number {
    return this.#twister.draw();
  }

  /** 64 random bits, as an integer in [0, 2⁶⁴): two 32-bit draws, high half first. */
  random64(): bigint {
    const high = this.#twister.draw();
    return (BigInt(high) << 32n) | BigInt(this.#twister.draw());
  }

  /** A uniform sample in [0, 1) of 24 bits: one 32-bit draw. */
  uniform24(): number {
    return (this.#twister.draw() & 0xffffff) * 2 ** -24;
  }

  /** A uniform sample in [0, 1) of 53 bits: two 32-bit draws. */
  uniform53(): number {
    const high = this.#twister.draw() & 0x1fffff;
    return (high * TWO_TO_32 + this.#twister.draw()) * TWO_TO_MINUS_53;
  }

  /**
   * A sample of the standard normal distribution. Box and Muller's transform yields them in pairs,
   * so the second of each pair is kept for the next call, in the generator and in its saved state.
   */
  standardNormal(): number {
    const spare = this.#spareNormal;
    if (spare !== undefined) {
      this.#spareNormal = undefined;
      return spare;
    }
    const angle = 2 * Math.PI * this.uniform53();
    const radius = Math.sqrt(-2 * Math.log1p(-this.uniform53()));
    this.#spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

function toSeed(seed: number | bigint): bigint {
  if (typeof seed !== 'bigint' && !Number.isInteger(seed)) {
    throw new TypeError(`manualSeed expects an integer, but got ${String(seed)}`);
  }
  const exact = BigInt(seed);
  if (exact < -(2n ** 63n) || exact >= 2n ** 64n) {
    throw new RangeError(`manualSeed expects a seed in [-2^63, 2^64), but got ${exact}`);
  }
  return BigInt.asUintN(64, exact);
}

function entropy(): Uint32Array {
  // Named here because the library is compiled without the type declarations of any one platform.
  const { crypto } = globalThis as unknown as { crypto: { getRandomValues(words: Uint32Array): Uint32Array } };
  return crypto.getRandomValues(new Uint32Array(2));
}
