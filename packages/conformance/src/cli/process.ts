import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TargetReport } from '../runner/result.ts';
import type { Progress, RemoteTarget, TargetOptions } from '../runner/target.ts';

/** What the command line asks of a process, and what it is told. */
export interface ProcessRequest extends Omit<TargetOptions, 'examples' | 'onProgress'> {
  readonly target: string;
}
export type ProcessMessage = { readonly progress: Progress } | { readonly report: TargetReport };

/** A device in a process of its own, since a fault in native code takes the process down and every device with it. */
export function processTarget(name: string, optional: boolean): RemoteTarget {
  return {
    name,
    optional,
    run: ({ onProgress, examples, ...options }) => {
      if (examples !== undefined) throw new TypeError(`${name}: a process runs the examples that it is built with`);
      const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
      const child = fork(fileURLToPath(new URL(`worker.${extension}`, import.meta.url)), {
        execArgv: extension === 'ts' ? ['--conditions=@chimera-nn/source'] : [],
        // Keeps NaN and infinities.
        serialization: 'advanced',
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      // Engines log as they please; it matters only if the process dies.
      let log = '';
      const keep = (chunk: Buffer): void => {
        log = `${log}${chunk.toString()}`.slice(-2000);
      };
      child.stdout?.on('data', keep);
      child.stderr?.on('data', keep);
      return new Promise((resolve, reject) => {
        let report: TargetReport | undefined;
        child.on('message', (message: ProcessMessage) => {
          if ('report' in message) report = message.report;
          else onProgress?.(message.progress);
        });
        child.on('error', reject);
        child.on('close', (code, signal) => {
          if (report !== undefined) resolve(report);
          else
            reject(
              new Error(
                `its process ended with ${signal ?? `code ${code}`}${log === '' ? '' : `; its last words were: ${log.trim()}`}`,
              ),
            );
        });
        const request: ProcessRequest = { ...options, target: name };
        child.send(request);
      });
    },
  };
}
