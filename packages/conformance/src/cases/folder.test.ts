import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceDevice } from '../reference/device.ts';
import { checkCases } from './check.ts';
import { familyFiles } from './families.ts';
import { readFamilies } from './folder.ts';

describe('a folder of goldens', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'goldens-'));
    const { manifest, goldens } = familyFiles.window;
    await cp(fileURLToPath(manifest), join(folder, 'copied.json'));
    await cp(fileURLToPath(goldens), join(folder, 'copied.safetensors'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('is run as what is built in', async () => {
    const families = await readFamilies(folder);
    expect(families.map(({ name }) => name)).toEqual(['copied']);
    const results = await checkCases(referenceDevice(), { families });
    expect(results).toHaveLength(families[0]!.cases.length);
    expect(results.every(({ status }) => status === 'pass')).toBe(true);
    expect(results[0]!.case).toMatch(/^cases\/copied\//);
  });

  it('keeps numbers apart from the bytes of the file', async () => {
    const [family] = await readFamilies(folder);
    for (const { values } of family!.goldens.values()) expect(values.buffer.byteLength).toBe(values.byteLength);
  });

  it('is refused without manifests', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'goldens-'));
    await writeFile(join(empty, 'notes.txt'), '');
    await expect(readFamilies(empty)).rejects.toThrow(`there are no goldens in ${empty}`);
    await rm(empty, { recursive: true });
  });
});
