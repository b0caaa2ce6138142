import { decodeSafetensors, fromFloat16Bits } from '@chimera-nn/core';
import type { DType, StoredTensor } from '@chimera-nn/core';
import { readBytes } from './read.ts';

/** A tensor that PyTorch computed. */
export interface Golden {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

// Bundlers find these files by the literal paths.
const files: Readonly<Record<string, URL>> = {
  blocks: new URL('../../goldens/chapter/blocks.safetensors', import.meta.url),
  module: new URL('../../goldens/chapter/module.safetensors', import.meta.url),
  sequential: new URL('../../goldens/chapter/sequential.safetensors', import.meta.url),
  modulelist: new URL('../../goldens/chapter/modulelist.safetensors', import.meta.url),
  custom: new URL('../../goldens/chapter/custom.safetensors', import.meta.url),
  parameters: new URL('../../goldens/chapter/parameters.safetensors', import.meta.url),
  files: new URL('../../goldens/chapter/files.safetensors', import.meta.url),
  devices: new URL('../../goldens/chapter/devices.safetensors', import.meta.url),
  training: new URL('../../goldens/chapter/training.safetensors', import.meta.url),
};

const loaded = new Map<string, Promise<Map<string, Golden>>>();

/** The goldens of a group of examples, by entry. */
export async function goldensOf(group: string): Promise<ReadonlyMap<string, Golden>> {
  const url = files[group];
  if (url === undefined) throw new Error(`There is no golden file of the group ${group}; known are ${Object.keys(files).join(', ')}`);
  let content = loaded.get(group);
  if (content === undefined) {
    content = readBytes(url).then((bytes) => new Map([...decodeSafetensors(bytes).tensors].map(([name, tensor]) => [name, goldenOf(tensor)])));
    loaded.set(group, content);
  }
  return content;
}

/** The entries that have been compared with something, as `group/entry`: what is left over is of no use. */
export const goldensRead = new Set<string>();

/** One golden, or undefined where the group's file has none of that name. */
export async function goldenOfEntry(group: string, entry: string): Promise<Golden | undefined> {
  goldensRead.add(`${group}/${entry}`);
  return (await goldensOf(group)).get(entry);
}

/** The groups that have a golden file. */
export const goldenGroups: readonly string[] = Object.keys(files);

function goldenOf({ dtype, shape, data }: StoredTensor): Golden {
  // The bytes may lie at any offset of the file; a copy is aligned.
  const bytes = data.slice().buffer;
  switch (dtype) {
    case 'F32':
      return { dtype: 'float32', shape, values: new Float32Array(bytes) };
    case 'F64':
      return { dtype: 'float64', shape, values: new Float64Array(bytes) };
    case 'F16':
      return { dtype: 'float16', shape, values: Float32Array.from(new Uint16Array(bytes), fromFloat16Bits) };
    case 'I32':
      return { dtype: 'int32', shape, values: new Int32Array(bytes) };
    case 'I64':
      return { dtype: 'int32', shape, values: Int32Array.from(new BigInt64Array(bytes), toInt32) };
    case 'BOOL':
      return { dtype: 'bool', shape, values: new Uint8Array(bytes) };
    default:
      throw new TypeError(`goldens hold no ${dtype}`);
  }
}

function toInt32(value: bigint): number {
  if (BigInt.asIntN(32, value) !== value) throw new RangeError(`${value} does not fit int32`);
  return Number(value);
}
