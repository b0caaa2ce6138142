import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { unzipSync, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { isCheckpointKey, isPlainObject } from './checkpoint-value.ts';
import type { CheckpointValue } from './checkpoint-value.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import { StateFileError } from './state-file-error.ts';
import { assertStoredTensor } from './stored-tensor.ts';

/** Mutated files per format. More on request: CHIMERA_FUZZ_MUTATIONS=100000 */
const MUTATIONS = Number(process.env['CHIMERA_FUZZ_MUTATIONS'] ?? 3000);
const SEED = Number(process.env['CHIMERA_FUZZ_SEED'] ?? 1);
const TIMEOUT = 60_000 + MUTATIONS * 20;

const fixtures = new URL('./fixtures/', import.meta.url);
const read = (name: string) => new Uint8Array(readFileSync(new URL(name, fixtures)));

/** Mulberry32: whole numbers below `limit`. */
function randomSource(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

const INTERESTING = [
  0, 1, 0x7f, 0x80, 0xff, 0x22, 0x28, 0x2c, 0x30, 0x39, 0x5b, 0x5d, 0x7b, 0x7d, 0x52, 0x62, 0x65, 0x73, 0x75,
];

/** One to four small changes of `source`, of the kinds that files suffer and attackers make. */
function mutate(source: Uint8Array, random: (limit: number) => number): Uint8Array {
  let bytes = Uint8Array.from(source);
  for (let changes = 1 + random(4); changes > 0 && bytes.length > 0; changes -= 1) {
    const at = random(bytes.length);
    const length = 1 + random(Math.min(16, bytes.length - at));
    const from = random(bytes.length);
    const run = bytes.slice(from, from + length);
    switch (random(9)) {
      case 0: // a bit
        bytes[at]! ^= 1 << random(8);
        break;
      case 1: // a byte
        bytes[at] = random(256);
        break;
      case 2: // a byte that means something
        bytes[at] = INTERESTING[random(INTERESTING.length)]!;
        break;
      case 3: // a little more or less
        bytes[at]! += random(2) === 0 ? 1 : -1;
        break;
      case 4: // an extreme field
        bytes.fill(random(2) === 0 ? 0xff : 0, at, at + [2, 4, 8][random(3)]!);
        break;
      case 5: // the end missing
        if (random(4) === 0) bytes = bytes.slice(0, at);
        break;
      case 6: // a run missing
        bytes = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + length)]);
        break;
      case 7: // a run repeated elsewhere
        bytes = Uint8Array.from([...bytes.subarray(0, at), ...run, ...bytes.subarray(at)]);
        break;
      default: // a run over another
        bytes.set(run.subarray(0, bytes.length - at), at);
    }
  }
  return bytes;
}

/** Throws unless `value` is made of valid parts only. */
function assertValid(value: CheckpointValue): void {
  if (value instanceof Uint8Array || isCheckpointKey(value)) return;
  if (value instanceof Set) expect([...value].every(isCheckpointKey)).toBe(true);
  else if (value instanceof Map) {
    for (const [key, item] of value) {
      if (!isCheckpointKey(key)) throw new Error('an invalid key');
      assertValid(item);
    }
  } else if (isPlainObject(value)) {
    if ('data' in value) assertStoredTensor(value, 'a mutated tensor');
    else if (!['size', 'device', 'dtype'].includes(value.torch)) throw new Error('an unknown object');
  } else for (const item of value) assertValid(item);
}

/**
 * Decodes every mutation. Each must end in time, either in a StateFileError or in a valid value that survives being
 * written and read again. Returns how many decoded, so that the test can tell that both outcomes happened.
 */
function fuzz<Content>(
  sources: readonly Uint8Array[],
  change: (source: Uint8Array, random: (limit: number) => number) => Uint8Array,
  decode: (bytes: Uint8Array) => Content,
  check: (content: Content) => boolean,
): number {
  const random = randomSource(SEED);
  let decoded = 0;
  for (let round = 0; round < MUTATIONS; round += 1) {
    const bytes = change(sources[round % sources.length]!, random);
    try {
      const content = decode(bytes);
      decoded += 1;
      if (!check(content)) throw new Error('what was decoded changes when it is written and read again');
    } catch (error) {
      if (!(error instanceof StateFileError)) {
        throw new Error(`mutation ${round} of seed ${SEED}: ${Buffer.from(bytes).toString('base64')}`, {
          cause: error,
        });
      }
    }
  }
  return decoded;
}

function checkpointSurvives(value: CheckpointValue): boolean {
  assertValid(value);
  return isDeepStrictEqual(decodeCheckpoint(encodeCheckpoint(value)), value);
}

test('mutated safetensors files', { timeout: TIMEOUT }, () => {
  const sources = [read('dtypes.safetensors'), read('empty.safetensors')];
  const decoded = fuzz(sources, mutate, decodeSafetensors, (content) => {
    for (const [name, tensor] of content.tensors) assertStoredTensor(tensor, name);
    return isDeepStrictEqual(decodeSafetensors(encodeSafetensors(content.tensors, content.metadata)), content);
  });
  expect(decoded).toBeGreaterThan(0);
  expect(decoded).toBeLessThan(MUTATIONS);
});

test('mutated checkpoint files', { timeout: TIMEOUT }, () => {
  const sources = ['dtypes.pt', 'views.pt', 'values.pt', 'values_protocol4.pt', 'tied.pt', 'training.pt'].map(read);
  const decoded = fuzz(sources, mutate, decodeCheckpoint, checkpointSurvives);
  expect(decoded).toBeGreaterThan(0);
  expect(decoded).toBeLessThan(MUTATIONS);
});

test('mutated pickles in intact archives', { timeout: TIMEOUT }, () => {
  const sources = ['dtypes.pt', 'views.pt', 'values.pt', 'values_protocol4.pt', 'tied.pt'].map(read);
  const change: typeof mutate = (source, random) => {
    const files = unzipSync(source);
    const pickle = Object.keys(files).find((path) => path.endsWith('/data.pkl'))!;
    return zipSync({ ...files, [pickle]: mutate(files[pickle]!, random) }, { level: 0 });
  };
  const decoded = fuzz(sources, change, decodeCheckpoint, checkpointSurvives);
  expect(decoded).toBeGreaterThan(0);
  expect(decoded).toBeLessThan(MUTATIONS);
});
