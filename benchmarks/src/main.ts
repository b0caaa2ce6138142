// Training steps of several engines side by side: pnpm bench [workload...]
//
// Each contender lives in a process of its own. They take turns, a short round each, in an order that rotates, so that
// what disturbs the machine disturbs all of them. Only ratios of medians mean anything.

import { applyEngineEnvironment } from '../../tooling/environment.mjs';
import { ContenderProcess } from './process.ts';
import type { WorkloadName } from './workload.ts';
import { workloads } from './workload.ts';

// Before the processes that load the engines start: the loader of shared libraries reads its search path only once.
applyEngineEnvironment();
// One thread each: ONNX Runtime has no more in Node, and threads that wait for one another measure the scheduler.
for (const name of ['OMP_NUM_THREADS', 'MKL_NUM_THREADS', 'TF_NUM_INTRAOP_THREADS', 'TF_NUM_INTEROP_THREADS'])
  process.env[name] ??= '1';

const contenders = [
  ['chimera-tfjs-node', 'Chimera on tfjs-node'],
  ['chimera-wasm', 'Chimera on onnxruntime-web (wasm)'],
  ['pytorch', 'PyTorch, eager'],
  ['tfjs-node', 'TensorFlow.js, tfjs-node'],
  ['tfjs-wasm', 'TensorFlow.js, wasm'],
  ['jax-js', 'jax-js, wasm, jit'],
] as const;
const rounds = 12;
/** Steps before the first round: enough for everything that compiles. */
const warmup = 30;
/** Milliseconds that one contender's turn takes, about. */
const turn = 250;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in workloads));
if (unknown.length > 0)
  throw new Error(`Unknown: ${unknown.join(', ')}. There are ${Object.keys(workloads).join(', ')}`);

for (const [workload, description] of Object.entries(workloads) as [WorkloadName, string][]) {
  if (wanted.length > 0 && !wanted.includes(workload)) continue;
  console.log(`\n### ${workload}\n\n${description}.\n`);
  await compare(workload);
}

async function compare(workload: WorkloadName): Promise<void> {
  const present: { title: string; process: ContenderProcess; steps: number; times: number[] }[] = [];
  const absent: string[] = [];
  for (const [name, title] of contenders) {
    const contender = new ContenderProcess(name);
    const reply = await contender.run(workload, warmup);
    if ('absent' in reply) {
      absent.push(`${title}: absent (${reply.absent})`);
      contender.end();
    } else {
      const steps = Math.max(3, Math.round(turn / median(reply.times.slice(-10))));
      present.push({ title, process: contender, steps, times: [] });
    }
  }
  for (let round = 0; round < rounds; round++)
    for (let i = 0; i < present.length; i++) {
      const { process, steps, times } = present[(i + round) % present.length]!;
      const reply = await process.run(workload, steps);
      if ('absent' in reply) throw new Error(reply.absent);
      // The first step finds the caches full of the others' data.
      times.push(...reply.times.slice(1));
    }
  const base = median(present[0]!.times);
  console.log(`| | median, ms | relative to ${present[0]!.title} |\n| --- | ---: | ---: |`);
  for (const { title, times, process } of present) {
    const value = median(times);
    console.log(`| ${title} | ${value.toPrecision(3)} | ${(value / base).toFixed(2)} |`);
    process.end();
  }
  for (const line of absent) console.log(`\n${line}`);
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1]!;
}
