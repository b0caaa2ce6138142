import { afterEach, expect, it } from 'vitest';
import {
  arange,
  full,
  getDefaultDtype,
  linspace,
  manualSeed,
  normal,
  ones,
  rand,
  setDefaultDtype,
  tensor,
  zeros,
} from '../index.ts';

afterEach(() => setDefaultDtype('float32'));

it('the default dtype is that of what is created without one', async () => {
  expect(getDefaultDtype()).toBe('float32');
  setDefaultDtype('float64');
  const made = [
    zeros(2),
    ones(2),
    full([1], 0.5),
    rand(2),
    normal(0, 1, [2]),
    linspace(0, 1, 3),
    arange(0, 1, 0.5),
    tensor([1.5]),
  ];
  expect(made.map(({ dtype }) => dtype)).toEqual(Array.from(made, () => 'float64'));
  const whole = tensor([1, 2]);
  expect([whole.dtype, whole.div(2).dtype, whole.add(0.5).dtype, whole.sqrt().dtype]).toEqual([
    'int32',
    'float64',
    'float64',
    'float64',
  ]);
  expect(tensor(new Float32Array(2)).add(0.5).dtype).toBe('float32');
  expect(await tensor([0.1]).format()).toBe('tensor([0.1000])');
  expect(await tensor([0.1], { dtype: 'float32' }).format()).toBe('tensor([0.1000], dtype=torch.float32)');
});

it("random numbers follow PyTorch's stream of that dtype", async () => {
  setDefaultDtype('float64');
  manualSeed(0);
  // torch.set_default_dtype(torch.float64); torch.manual_seed(0); torch.rand(2)
  expect(await rand(2).tolist()).toEqual([0.9700530018065531, 0.707819864399788]);
});

it('is floating', () => {
  expect(() => setDefaultDtype('int32')).toThrow('only floating-point types are supported as the default type');
});
