/** Something that a device is known not to do. It is still run, so that a gap that has closed is reported. */
export interface KnownGap {
  /** Glob over target names. */
  readonly device: string;
  /** Glob over case names. */
  readonly case: string;
  /** Why, in a sentence that a user of the device can act on. */
  readonly reason: string;
}

/** The gaps of the devices of this project. */
export const knownGaps: readonly KnownGap[] = [];
