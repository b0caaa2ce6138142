// Ten thousand training steps written without freeing anything, with what is alive and resident after each tenth:
// node --expose-gc --conditions=@chimera-nn/source packages/conformance/src/training/soak.ts wasm 10000

import { manualSeed, nn, optim, rand, setDefaultDevice } from '@chimera-nn/core';
import type { Device } from '@chimera-nn/core';

/** What is alive, after the garbage collector has run. */
export interface SoakSample {
  readonly step: number;
  /** The device's account. */
  readonly buffers: number;
  readonly bytes: number;
  /** MiB: resident memory of the process, and of it the JavaScript heap and its array buffers. */
  readonly resident: number;
  readonly heap: number;
  readonly arrayBuffers: number;
}

/** Trains the chapter's perceptron (20-256-10, batch 64, momentum) and takes `samples` samples on the way. */
export async function soak(device: Device, steps: number, samples = 10): Promise<SoakSample[]> {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error('Start node with --expose-gc: what is not collected yet is not a leak');
  setDefaultDevice(device);
  manualSeed(0);
  const net = new nn.Sequential(new nn.Linear(20, 256), new nn.ReLU(), new nn.Linear(256, 10));
  const optimizer = new optim.SGD(net.parameters(), { lr: 0.1, momentum: 0.9 });
  const taken: SoakSample[] = [];
  for (let step = 1; step <= steps; step++) {
    optimizer.zeroGrad();
    const error = net(rand([64, 20])).sub(rand([64, 10]));
    const loss = error.mul(error).mean();
    loss.backward();
    await optimizer.step();
    await loss.item();
    if (step % Math.ceil(steps / samples) !== 0) continue;
    // Finalizers run in a later turn of the event loop than the collection that finds their objects.
    for (let i = 0; i < 3; i++) {
      await collect({ type: 'major', execution: 'async' });
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const { buffers, bytes } = device.stats();
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
    const [resident, heap, arrays] = [rss, heapUsed, arrayBuffers].map((n) => Math.round(n / 2 ** 18) / 4);
    taken.push({ step, buffers, bytes, resident: resident!, heap: heap!, arrayBuffers: arrays! });
  }
  return taken;
}

if (import.meta.main) {
  const [engine, steps = '10000'] = process.argv.slice(2);
  let device: Device;
  if (engine === 'tfjs-node') device = await (await import('@chimera-nn/tfjs-node')).tfjsNode();
  else if (engine === 'wasm')
    device = await (await import('@chimera-nn/onnxruntime-web')).onnxruntimeWeb({ device: 'wasm' });
  else throw new Error(`Say tfjs-node or wasm, not ${engine}`);
  const start = performance.now();
  for (const sample of await soak(device, Number(steps))) console.log(JSON.stringify(sample));
  console.error(`${((performance.now() - start) / Number(steps)).toFixed(2)} ms per step`);
  await device.close();
}
