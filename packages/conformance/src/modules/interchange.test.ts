import {
  decode,
  encodeCheckpointOf,
  encodeState,
  manualSeed,
  noGrad,
  setDefaultDevice,
  StateFileError,
} from '@chimera-nn/core';
import type { Device, nn, Tensor } from '@chimera-nn/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { devices } from '../behaviour/devices.ts';
import { readBytes } from '../goldens/read.ts';
import { travellers } from './interchange-models.ts';

const fileOf = (name: string): Promise<Uint8Array> =>
  readBytes(new URL(`../../goldens/interchange/${name}`, import.meta.url));

async function expectClose(found: Tensor, wanted: Tensor): Promise<void> {
  expect(found.shape).toEqual(wanted.shape);
  const [a, b] = [await found.data(), await wanted.data()];
  const scale = Math.max(0, ...Array.from(b, Math.abs));
  for (const [i, value] of b.entries()) expect(Math.abs(a[i]! - value)).toBeLessThanOrEqual(1e-6 + 1e-5 * scale);
}

describe.each(devices)('models that PyTorch wrote, on %s', (_name, open) => {
  let device: Device;
  beforeAll(async () => {
    device = await open();
    setDefaultDevice(device);
  });
  afterAll(() => device.close());

  it.each(Object.keys(travellers))('%s', async (name) => {
    const saved = decode<ReadonlyMap<string, unknown>>(await fileOf(`${name}.pt`));
    const [input, output] = [saved.get('input') as Tensor, saved.get('output') as Tensor];
    for (const state of [saved.get('model'), decode(await fileOf(`${name}.safetensors`))] as nn.StateDict[]) {
      manualSeed(0);
      const model = travellers[name]!.make();
      expect([...(saved.get('model') as nn.StateDict).keys()]).toEqual([...model.stateDict().keys()]);
      expect(model.loadStateDict(state)).toEqual({ missingKeys: [], unexpectedKeys: [] });
      model.eval();
      const run = model as nn.AnyBlock;
      await expectClose(
        noGrad(() => run(input)),
        output,
      );
      // Written and read again, they are bit for bit the same.
      for (const bytes of [await encodeCheckpointOf(model.stateDict()), await encodeState(model.stateDict())]) {
        const again = decode(bytes);
        for (const [key, value] of state)
          expect([...(await again.tensor(key).data())]).toEqual([...(await (value as Tensor).data())]);
      }
    }
  });

  it('takes PyTorch weights from the same seed', async () => {
    for (const [name, { make, input }] of Object.entries(travellers)) {
      const saved = decode<ReadonlyMap<string, unknown>>(await fileOf(`${name}.pt`));
      manualSeed(11);
      const model = make() as nn.AnyBlock;
      const x = input();
      expect([...(await x.data())]).toEqual([...(await (saved.get('input') as Tensor).data())]);
      noGrad(() => model(x));
      model.eval();
      await expectClose(
        noGrad(() => model(x)),
        saved.get('output') as Tensor,
      );
    }
  });
});

describe('a file that is cut off or altered', () => {
  it('is refused, never half read', async () => {
    for (const name of ['mlp.pt', 'mlp.safetensors']) {
      const bytes = await fileOf(name);
      for (const length of [0, 4, 100, Math.floor(bytes.length / 2), bytes.length - 1])
        expect(() => decode(bytes.slice(0, length)), `${name} ${length}`).toThrow(StateFileError);
    }
  });
});
