import {
  autograd,
  inferenceMode,
  isGradEnabled,
  nn,
  noGrad,
  ones,
  optim,
  setDefaultDevice,
  setGradEnabled,
  zeros,
} from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { referenceDevice } from '../reference/device.ts';
import { leaf, scenario, vector } from './scenario.ts';

beforeAll(() => setDefaultDevice(referenceDevice()));

const { grad } = autograd;

scenario('gradients', async (t) => {
  const [x, z] = [leaf(1, 2), leaf(1)];
  t.error('an input that was not used', () => grad(x.sum(), [x, z]));
  await t.values('allowed', grad(x.sum(), [x, z], { allowUnused: true }));
  await t.values('materialized', grad(x.sum(), [x, z], { materializeGrads: true }));
  t.error('an input without grad', () => grad(x.sum(), [vector(1)]));
  await t.values('cotangents', grad([x.mul(2), z.mul(3)], [x, z], { gradOutputs: [vector(1, 10), vector(100)] }));
  t.error('a cotangent of another shape', () => grad([x.mul(2)], [x], { gradOutputs: [vector(1, 2, 3)] }));
  t.error('too few cotangents', () => grad([x.mul(2), z], [x], { gradOutputs: [vector(1, 1)] }));
  t.error('the second output has no history', () => autograd.backward([x.sum(), vector(1)]));
  autograd.backward([x.sum(), z.mul(2)], [null, vector(5)]);
  await t.values('several outputs', [x.grad, z.grad]);
  const y = leaf(3, 4);
  const w = y.mul(2);
  w.pow(2)
    .sum()
    .backward({ inputs: [w] });
  await t.values('only on the way', [w.grad, y.grad]);
  const v = leaf(1, 2);
  const u = v.mul(3);
  t.log('retains', [u.retainsGrad, v.retainsGrad]);
  u.retainGrad();
  v.retainGrad();
  t.log('retains now', [u.retainsGrad, v.retainsGrad]);
  t.error('no inputs to add to', () => v.sum().backward({ inputs: [] }));
  t.error('a gradient of another size', () => {
    v.grad = vector(1);
  });
  t.error('the flag of a non-leaf', () => u.requiresGrad_(false));
});

function weighted(weight: number): nn.Linear {
  const layer = new nn.Linear(1, 1, { bias: false });
  noGrad(() => layer.weight.fill_(weight));
  return layer;
}

scenario('graphs_across_steps', async (t) => {
  const x = ones([1, 1]);
  {
    const [generator, judge] = [weighted(2), weighted(3)];
    const first = new optim.SGD(judge.parameters(), { lr: 0.25 });
    const second = new optim.SGD(generator.parameters(), { lr: 0.25 });
    for (let i = 0; i < 2; i++) {
      const fake = generator(x);
      first.zeroGrad();
      judge(fake.detach()).sum().backward();
      await first.step();
      second.zeroGrad();
      judge(fake).sum().backward();
      await second.step();
      await t.values("made before the other's step", [generator.weight, judge.weight, fake]);
    }
  }
  const [actor, critic] = [weighted(2), weighted(3)];
  const first = new optim.SGD(critic.parameters(), { lr: 0.25 });
  const second = new optim.SGD(actor.parameters(), { lr: 0.25 });
  const [value, action] = [critic(x), actor(x)];
  const criticLoss = value.pow(2).sum();
  const actorLoss = action.mul(value.detach()).sum();
  criticLoss.backward();
  await first.step();
  await t.values('read in between', [actorLoss, criticLoss]);
  actorLoss.backward();
  await second.step();
  await t.values('both losses made before both steps', [actor.weight, critic.weight]);
  let total = zeros([]);
  for (let i = 0; i < 3; i++) {
    total = total.add(actor(x).sum());
    first.zeroGrad();
    critic(x).sum().backward();
    await first.step();
  }
  second.zeroGrad();
  total.backward();
  await t.values("a sum over the other's steps", [total, actor.weight.grad]);
});

scenario('order_of_hooks', (t) => {
  const net = new nn.Sequential(
    new nn.Linear(2, 3),
    new nn.Tanh(),
    new nn.Linear(3, 3),
    new nn.Sigmoid(),
    new nn.Linear(3, 1),
  );
  const seen: string[] = [];
  for (const [name, parameter] of net.namedParameters()) {
    parameter.registerHook(() => void seen.push(name));
    parameter.registerPostAccumulateGradHook(() => void seen.push(`after ${name}`));
  }
  net(ones([1, 2]))
    .sum()
    .backward();
  t.log(
    'gradients',
    seen.filter((name) => !name.startsWith('after')),
  );
  t.log(
    'sums',
    seen.filter((name) => name.startsWith('after')),
  );
  seen.length = 0;
  const x = leaf(1);
  const [first, second] = [x.mul(2), x.mul(3)];
  for (const [name, tensor] of Object.entries({ x, first, second })) tensor.registerHook(() => void seen.push(name));
  first.mul(5).add(second).sum().backward();
  t.log('branches', seen);
});

class Piece extends nn.Block {
  override forward(x: Tensor): Tensor {
    return x;
  }
}

scenario('hooks_that_replace', (t) => {
  const text = (label: string, body: () => void): void => {
    try {
      body();
    } catch (error) {
      t.log(label, (error as Error).message.replace(/hook '\w*'/, 'hook').split(' (was')[0]);
    }
  };
  const tensorHook = (hook: (gradient: Tensor) => unknown): void => {
    const x = leaf(1, 2);
    x.registerHook(hook as (gradient: Tensor) => Tensor);
    x.mul(2).sum().backward();
  };
  const moduleHook = (hook: nn.BackwardHook): void => {
    const piece = new Piece();
    piece.registerFullBackwardHook(hook);
    piece(leaf(1, 2)).sum().backward();
  };
  const modulePreHook = (hook: nn.BackwardPreHook): void => {
    const piece = new Piece();
    piece.registerFullBackwardPreHook(hook);
    piece(leaf(1, 2)).sum().backward();
  };
  text('another size', () => tensorHook((g) => g.sum()));
  text('another type', () => tensorHook((g) => g.double()));
  text('no tensor', () => tensorHook(() => 3));
  text('of a block, another size', () => moduleHook((_, [g]) => [g!.sum()]));
  text('of a block, another type', () => moduleHook((_, [g]) => [g!.double()]));
  text('before a block, another size', () => modulePreHook((_, [g]) => [g!.sum()]));
});

it('hooks that are asynchronous functions are refused', () => {
  const x = leaf(1, 2);
  x.registerHook((async (gradient: Tensor) => gradient) as unknown as (gradient: Tensor) => Tensor);
  expect(() => x.sum().backward()).toThrow('must be synchronous');
});

describe('modes', () => {
  it('are set by a statement, and end with the function that they were set for', () => {
    setGradEnabled(false);
    expect([isGradEnabled(), leaf(1).mul(2).requiresGrad]).toEqual([false, false]);
    setGradEnabled(true);
    expect(setGradEnabled(false, () => isGradEnabled())).toBe(false);
    expect(inferenceMode(() => leaf(1).mul(2).requiresGrad)).toBe(false);
    expect(isGradEnabled()).toBe(true);
  });

  it('end in whatever order asynchronous functions end', async () => {
    const inMode = (waits: number) =>
      noGrad(async () => {
        for (let i = 0; i < waits; i++) await ones([1]).item();
        return isGradEnabled();
      });
    expect(await Promise.all([inMode(1), inMode(3), inMode(2)])).toEqual([false, false, false]);
    expect(isGradEnabled()).toBe(true);
    await expect(noGrad(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(isGradEnabled()).toBe(true);
    expect(() => noGrad(3 as unknown as () => void)).toThrow(TypeError);
  });
});
