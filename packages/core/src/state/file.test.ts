import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readStateFile, writeStateFile } from './file.ts';
import { StateFileError } from './state-file-error.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chimera-state-'));
});
afterEach(() => rm(folder, { recursive: true }));

const bytes = (length: number) => Uint8Array.from({ length }, (_, index) => index);

test('what is written reads back, alone in its folder', async () => {
  const path = join(folder, 'model.safetensors');
  await writeStateFile(path, bytes(1000));
  expect(await readStateFile(path)).toEqual(bytes(1000));
  await writeStateFile(path, bytes(10));
  expect(await readStateFile(path)).toEqual(bytes(10));
  await writeStateFile(path, bytes(0));
  expect(await readStateFile(path)).toEqual(bytes(0));
  expect(await readdir(folder)).toEqual(['model.safetensors']);
});

test('writes the part of a buffer that it is given', async () => {
  const path = join(folder, 'part');
  await writeStateFile(path, bytes(100).subarray(10, 20));
  expect([...(await readStateFile(path))]).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
});

test('a reader that has the old file open keeps all of it', async () => {
  const path = join(folder, 'model');
  await writeStateFile(path, bytes(50));
  const before = await stat(path);
  await writeStateFile(path, bytes(60));
  expect((await stat(path)).ino).not.toBe(before.ino);
});

test('a failed write leaves the target and no other file', async () => {
  const path = join(folder, 'model');
  await writeFile(path, 'old');
  const lying = Object.defineProperty(bytes(1), 'length', { value: 5 });
  await expect(writeStateFile(path, lying)).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
  await expect(writeStateFile(path, 'no bytes' as unknown as Uint8Array)).rejects.toThrow(TypeError);
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['model']);
  await mkdir(join(folder, 'taken'));
  await expect(writeStateFile(join(folder, 'taken'), bytes(1))).rejects.toMatchObject({ code: 'EISDIR' });
  expect(await readdir(folder)).toEqual(['model', 'taken']);
});

test('permissions and symbolic links survive', async () => {
  const path = join(folder, 'model');
  const link = join(folder, 'latest');
  await writeFile(path, 'old');
  await chmod(path, 0o640);
  await symlink('model', link);
  await writeStateFile(link, bytes(5));
  expect((await stat(path)).mode & 0o777).toBe(0o640);
  expect(await readStateFile(path)).toEqual(bytes(5));
  expect((await readdir(folder)).sort()).toEqual(['latest', 'model']);
});

test("missing files and folders are the operating system's errors", async () => {
  await expect(readStateFile(join(folder, 'missing'))).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(writeStateFile(join(folder, 'missing', 'model'), bytes(1))).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(readStateFile(folder)).rejects.toThrow(StateFileError);
});
