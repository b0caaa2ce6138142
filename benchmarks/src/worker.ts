// One contender in a process of its own: reads {"workload", "steps"} per line, answers {"times", "loss"} in milliseconds,
// or {"absent"} with the reason.

import { createInterface } from 'node:readline';
import util from 'node:util';
import type { Contender, Step, WorkloadName } from './workload.ts';

const contenders: Readonly<Record<string, () => Promise<Contender>>> = {
  'chimera-tfjs-node': async () => {
    const { tfjsNode } = await import('@chimera-nn/tfjs-node');
    return (await import('./chimera.ts')).chimera(await tfjsNode());
  },
  'chimera-wasm': async () => {
    const { onnxruntimeWeb } = await import('@chimera-nn/onnxruntime-web');
    return (await import('./chimera.ts')).chimera(await onnxruntimeWeb({ device: 'wasm' }));
  },
  'tfjs-node': async () => {
    // Node 23 removed these; tfjs-node 4.22 still calls them.
    const removed: Record<string, unknown> = {
      isNullOrUndefined: (x: unknown) => x === null || x === undefined,
      isArray: Array.isArray,
    };
    for (const [name, helper] of Object.entries(removed)) (util as unknown as Record<string, unknown>)[name] ??= helper;
    const tf = (await import('@tensorflow/tfjs-node')).default;
    return (await import('./tfjs.ts')).tensorflow(tf as never);
  },
  'tfjs-wasm': async () => {
    const tf = await import('@tensorflow/tfjs');
    await import('@tensorflow/tfjs-backend-wasm');
    if (!(await tf.setBackend('wasm'))) throw new Error('the WebAssembly backend does not start');
    return (await import('./tfjs.ts')).tensorflow(tf);
  },
  'jax-js': async () => (await import('./jax.ts')).jax(),
};

interface Request {
  readonly workload: WorkloadName;
  readonly steps: number;
}

const prepare = contenders[process.argv[2]!]!;
let contender: Promise<Contender> | undefined;
const prepared = new Map<WorkloadName, Promise<Step>>();

async function answer({ workload, steps }: Request): Promise<object> {
  contender ??= prepare();
  let step = prepared.get(workload);
  if (step === undefined) prepared.set(workload, (step = contender.then((ready) => begin(ready, workload))));
  const run = await step;
  const times: number[] = [];
  let loss = Number.NaN;
  for (let i = 0; i < steps; i++) {
    const start = performance.now();
    loss = await run();
    times.push(performance.now() - start);
  }
  return { times, loss };
}

function begin(ready: Contender, workload: WorkloadName): Promise<Step> {
  const make = ready[workload];
  if (make === undefined) throw new Error('this network has not been written for it');
  return make();
}

for await (const line of createInterface({ input: process.stdin })) {
  const reply = await answer(JSON.parse(line) as Request).catch((error: unknown) => ({
    absent: error instanceof Error ? error.message.split('\n')[0] : String(error),
  }));
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
process.exit(0);
