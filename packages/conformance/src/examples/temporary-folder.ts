/** Calls `body` with a folder that is removed afterwards; only where there are files at all. */
export async function withTemporaryFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const { mkdtemp, rm } = process.getBuiltinModule('node:fs/promises');
  const { tmpdir } = process.getBuiltinModule('node:os');
  const { join } = process.getBuiltinModule('node:path');
  const folder = await mkdtemp(join(tmpdir(), 'chimera-'));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whether this is Node; a browser has no files. */
export const hasFiles = typeof process !== 'undefined' && process.versions?.node !== undefined;
