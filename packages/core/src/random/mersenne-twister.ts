const STATE_SIZE = 624;
const SHIFT = 397;

/**
 * The 32-bit Mersenne twister MT19937: 624 words of state, refilled all at once when they are used up.
 *
 * `left` and `next` are kept as PyTorch keeps them, because they are part of the state that it saves.
 */
export class MersenneTwister {
  readonly state: Uint32Array = new Uint32Array(STATE_SIZE);
  /** Draws until the state is refilled: the refill happens when this falls to zero. */
  left = 1;
  /** Index of the word that the next draw reads. */
  next = 0;

  /** Seeds with one 32-bit word (Knuth's linear recurrence over the state). */
  seed(word: number): void {
    const state = this.state;
    let previous = word >>> 0;
    state[0] = previous;
    for (let index = 1; index < STATE_SIZE; index++) {
      previous = (Math.imul(1812433253, previous ^ (previous >>> 30)) + index) >>> 0;
      state[index] = previous;
    }
    this.left = 1;
    this.next = 0;
  }

  /** Takes over another twister's state. */
  copyFrom(other: MersenneTwister): void {
    this.state.set(other.state);
    this.left = other.left;
    this.next = other.next;
  }

  /** The next 32 uniformly distributed bits, as an unsigned integer. */
  draw(): number {
    if (--this.left === 0) this.#refill();
    let bits = this.state[this.next++]!;
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    bits ^= bits >>> 18;
    return bits >>> 0;
  }

  #refill(): void {
    const state = this.state;
    let current = state[0]!;
    let index = 0;
    // Three loops instead of one with index arithmetic modulo 624: this is the hot part of a large draw.
    for (; index < STATE_SIZE - SHIFT; index++) {
      const following = state[index + 1]!;
      state[index] = state[index + SHIFT]! ^ twist(current, following);
      current = following;
    }
    for (; index < STATE_SIZE - 1; index++) {
      const following = state[index + 1]!;
      state[index] = state[index + SHIFT - STATE_SIZE]! ^ twist(current, following);
      current = following;
    }
    state[index] = state[SHIFT - 1]! ^ twist(current, state[0]!);
    this.left = STATE_SIZE;
    this.next = 0;
  }
}

function twist(high: number, low: number): number {
  const mixed = (high & 0x80000000) | (low & 0x7fffffff);
  return (mixed >>> 1) ^ (-(low & 1) & 0x9908b0df);
}
