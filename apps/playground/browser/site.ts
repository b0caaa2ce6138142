import { build, preview } from 'vite';
import type { PreviewServer } from 'vite';
import { vi } from 'vitest';

const root = new URL('..', import.meta.url).pathname;
const outDir = '.results/site';

/** Builds the app as it is published and serves it. */
export async function serveSite(): Promise<{ readonly url: string; readonly server: PreviewServer }> {
  // Test runners set it to something else, and Vite would build for that.
  vi.stubEnv('NODE_ENV', 'production');
  await build({ root, logLevel: 'error', build: { outDir, emptyOutDir: true } });
  vi.unstubAllEnvs();
  const server = await preview({ root, logLevel: 'error', build: { outDir }, preview: { host: '127.0.0.1', port: 0 } });
  return { url: server.resolvedUrls!.local[0]!, server };
}
