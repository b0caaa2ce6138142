import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeFamily } from './load.ts';
import type { Family } from './manifest.ts';

/** The families of a folder: every `<family>.json` with its `<family>.safetensors`, in the order of their names. */
export async function readFamilies(folder: string): Promise<Family[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5));
  if (names.length === 0) throw new TypeError(`there are no goldens in ${folder}`);
  return Promise.all(
    names.sort().map(async (name) => {
      // Slices of a Buffer would share its memory.
      const read = async (extension: string) => new Uint8Array(await readFile(join(folder, `${name}.${extension}`)));
      return decodeFamily(name, await read('json'), await read('safetensors'));
    }),
  );
}
