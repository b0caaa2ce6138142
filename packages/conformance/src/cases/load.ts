import type { FamilyName } from './families.ts';
import { familyFiles } from './families.ts';
import { decodeGoldens } from './golden-file.ts';
import type { CaseEntry, Family } from './manifest.ts';

/** The families that have goldens. */
export const familyNames = Object.keys(familyFiles) as FamilyName[];

/** Reads a family's manifest and goldens, in Node and in a browser. */
export async function loadFamily(name: FamilyName): Promise<Family> {
  const { manifest, goldens } = familyFiles[name];
  const [text, values] = await Promise.all([readBytes(manifest), readBytes(goldens)]);
  return decodeFamily(name, text, values);
}

/** A family of the bytes of its manifest and its goldens. */
export function decodeFamily(name: string, manifest: Uint8Array, goldens: Uint8Array): Family {
  const { cases } = JSON.parse(new TextDecoder().decode(manifest)) as { cases: CaseEntry[] };
  return { name, cases, goldens: decodeGoldens(goldens) };
}

async function readBytes(url: URL): Promise<Uint8Array> {
  if (url.protocol === 'file:') {
    // fetch does not read files, and an import of node:fs would trouble bundlers for browsers.
    return new Uint8Array(process.getBuiltinModule('node:fs').readFileSync(url));
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname}: the server answered ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}
