import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { SoakSample } from './soak.ts';

// Without these glibc keeps what has been freed, and resident memory says little about what is alive.
const allocator = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '65536', MALLOC_MMAP_THRESHOLD_: '32768' };
const steps = 3000;

async function soakInProcess(engine: string): Promise<SoakSample[]> {
  const script = join(import.meta.dirname, 'soak.ts');
  const args = ['--expose-gc', '--conditions=@chimera-nn/source', script, engine, String(steps)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...allocator } });
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as SoakSample);
}

describe.each(['tfjs-node', 'wasm'])('a long training on %s', (engine) => {
  it('keeps the memory of its process flat', { timeout: 180_000 }, async () => {
    const samples = await soakInProcess(engine);
    expect(samples).toHaveLength(10);
    const [first, last] = [samples[0]!, samples.at(-1)!];
    // The batch of the last step, and what it was compared with, may or may not have been finalized yet.
    expect(last.buffers).toBeLessThanOrEqual(first.buffers + 6);
    expect(last.heap - first.heap).toBeLessThan(4);
    expect(last.arrayBuffers - first.arrayBuffers).toBeLessThan(4);
    // A step's results are 0.1 MiB: leaving a fifth of them behind would show.
    expect(last.resident - first.resident).toBeLessThan(48);
  });
});
