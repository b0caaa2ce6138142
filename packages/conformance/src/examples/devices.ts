import { getDefaultDevice, manualSeed, nn, ones, optim, rand, tensor } from '@chimera-nn/core';
import { referenceDevice } from '../reference/device.ts';
import type { Example } from './example.ts';

/** Devices: where tensors and models are, how they move, and what is refused. */
export const devices: readonly Example[] = [
  {
    id: 'devices/where',
    title: 'Where a tensor is',
    summary:
      'Tensors are made on the default device unless another one is named, results are where their inputs are, and ' +
      'parameters are where their model was made. The numbers do not depend on it.',
    run: async ({ device, expect, show }) => {
      expect.true('the default device', getDefaultDevice() === device);
      const x = tensor([1, 2, 3], { dtype: 'float32' });
      expect.true('a new tensor is there', x.device === device);
      expect.true('and so is what is computed from it', x.add(1).device === device);
      manualSeed(0);
      const net = new nn.Sequential(new nn.Linear(3, 1));
      expect.true('and a new model', net.at(0).weight.device === device);
      await expect.golden('output', net(x));
      show.text('device', `${device.name}: ${device.capabilities.dtypes.join(', ')}`);
    },
  },
  {
    id: 'devices/moving',
    title: 'Moving between devices',
    summary:
      'to copies a tensor to another device, or moves a whole model there: parameters, buffers and gradients. ' +
      'Training goes on where it stopped.',
    run: async ({ device, expect }) => {
      const other = referenceDevice();
      try {
        manualSeed(0);
        const x = rand([2, 3]);
        const z = x.to(other);
        expect.true('the copy is there', z.device === other && x.device === device);
        expect.true('a tensor that is there already stays', x.to(device).device === device);
        await expect.close('the same values', z, x, 'exact');
        await expect.close('a result comes back', z.add(1).to(device), x.add(1), 'exact');

        const net = new nn.Sequential(new nn.Linear(3, 4), new nn.BatchNorm1d(4), new nn.Linear(4, 1));
        const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
        const step = async (where: typeof device): Promise<void> => {
          optimizer.zeroGrad();
          net(x.to(where)).square().sum().backward();
          await optimizer.step();
        };
        await step(device);
        net.to(other);
        expect.true(
          'all of the model is there',
          [...net.parameters(), ...net.buffers()].every((state) => state.device === other),
        );
        await step(other);
        net.to(device);
        await step(device);
        for (const [name, parameter] of net.namedParameters()) await expect.golden(name, parameter);
        await expect.golden('output', net.eval()(x));
      } finally {
        await other.close();
      }
    },
  },
  {
    id: 'devices/refusing',
    title: 'What is refused',
    summary:
      'One operation runs on one device: mixing two is an error that names both and is thrown at the call. So is a ' +
      'dtype that a device lacks, and a tensor on a device that has been closed cannot be read.',
    run: async ({ device, expect }) => {
      const other = referenceDevice();
      const here = ones([2, 2]);
      const there = ones([2, 2], { device: other });
      const names = new RegExp(`${device.name}.*${other.name}|${other.name}.*${device.name}`, 's');
      await expect.throws('two devices', () => here.add(there), names);
      const net = new nn.Linear(2, 2);
      await expect.throws('an input that is elsewhere', () => net(there), names);
      await expect.close('moving mends it', here.add(there.to(device)), [2, 2, 2, 2], 'exact');

      const lacking = (['float16', 'float32', 'float64', 'int32', 'bool'] as const).filter(
        (dtype) => !device.capabilities.dtypes.includes(dtype),
      );
      for (const dtype of lacking)
        await expect.throws(
          `no ${dtype}`,
          () => ones([2], { dtype }),
          new RegExp(`has no ${dtype}; it has ${device.capabilities.dtypes.join(', ')}`),
        );
      for (const dtype of device.capabilities.dtypes)
        await expect.close(`${dtype} works`, ones([2], { dtype }), [1, 1], 'exact');

      const left = there.add(1);
      await left.data();
      await other.close();
      await expect.throws('a closed device', () => there.mul(3).data(), /closed/);
    },
  },
];
