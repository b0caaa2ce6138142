import { full, nn, noGrad, ones, setDefaultDevice, tensor, Tensor, zeros } from '@chimera-nn/core';
import type { HookHandle } from '@chimera-nn/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { referenceDevice } from '../reference/device.ts';
import { Scale } from './pieces.ts';
import { scenario } from './transcript.ts';

beforeAll(() => setDefaultDevice(referenceDevice()));

type Gradients = readonly (Tensor | null)[];
const float = (...values: number[]): Tensor => tensor(values, { dtype: 'float32' });
const leaf = (...values: number[]): Tensor => tensor(values, { dtype: 'float32', requiresGrad: true });

scenario('forward_hooks', async (t) => {
  const net = new nn.Sequential(new Scale(2), new Scale(3));
  const x = float(1, 2);
  const events: unknown[] = [];
  const flush = async (label: string): Promise<void> => t.values(label, events.splice(0));
  const pre =
    (name: string, result?: (inputs: readonly unknown[]) => unknown): nn.ForwardPreHook =>
    (_, inputs) => {
      events.push([name, inputs[0]]);
      return result?.(inputs);
    };
  const post =
    (name: string, result?: (output: Tensor) => unknown): nn.ForwardHook =>
    (_, __, output) => {
      events.push([name, output]);
      return result?.(output as Tensor);
    };
  const handles: HookHandle[] = [
    net.registerForwardPreHook(pre('pre 1')),
    net.registerForwardPreHook(pre('pre 2', ([input]) => [(input as Tensor).add(1)])),
    net.registerForwardPreHook(pre('pre 0'), { prepend: true }),
    net.at(0).registerForwardHook(post('post 1')),
    net.at(0).registerForwardHook(post('post 2', (output) => output.add(10))),
    net.at(0).registerForwardHook(post('post 0'), { prepend: true }),
    net.at(1).registerForwardPreHook(pre('pre single', ([input]) => (input as Tensor).mul(2))),
    net.registerForwardHook(post('outer')),
  ];
  await t.values('result', net(x));
  await flush('order');
  net(x);
  net(x);
  await flush('called twice');
  handles[1]!.remove();
  handles[4]!.remove();
  handles[4]!.remove();
  await t.values('after removal', net(x));
  await flush('order after removal');
  for (const handle of handles) handle.remove();
  await t.values('no hooks', net(x));

  const everywhere = [
    nn.registerModuleForwardPreHook((m) => void events.push(['global pre', m.constructor.name])),
    nn.registerModuleForwardHook((m) => void events.push(['global post', m.constructor.name])),
  ];
  net.registerForwardPreHook(pre('own pre'));
  net.registerForwardHook(post('own post'));
  net(x);
  await flush('global hooks come first');
  for (const handle of everywhere) handle.remove();
  net(x);
  await flush('global hooks removed');

  const once = new Scale(1);
  const handle = once.registerForwardPreHook(() => {
    events.push(['once', 0]);
    handle.remove();
  });
  once.registerForwardPreHook(() => void events.push(['each time', 0]));
  once(x);
  once(x);
  await flush('a hook that removes itself');

  const growing = new Scale(1);
  growing.registerForwardPreHook(() => {
    events.push(['grows', 0]);
    growing.registerForwardPreHook(() => void events.push(['grown', 0]));
  });
  growing(x);
  growing(x);
  await flush('a hook that adds hooks');
});

class Failing extends nn.Block {
  override forward(_x: Tensor): Tensor {
    throw new Error('no forward today');
  }
}

scenario('always_called_hooks', async (t) => {
  const events: unknown[] = [];
  const note =
    (name: string): nn.ForwardHook =>
    (_, __, output) =>
      void events.push([name, output]);
  const failing = new Failing();
  failing.registerForwardHook(note('ordinary'));
  failing.registerForwardHook(note('always'), { alwaysCall: true });
  const everywhere = nn.registerModuleForwardHook(note('global always'), { alwaysCall: true });
  t.error('forward fails', () => failing(zeros([2])));
  await t.values('called', events.splice(0));
  const scale = new Scale(2);
  scale.registerForwardHook(note('before'), { alwaysCall: true });
  scale.registerForwardHook((_, __, output) => {
    events.push(['fails', output]);
    throw new Error('no hook today');
  });
  scale.registerForwardHook(note('after'), { alwaysCall: true });
  scale.registerForwardHook(note('ordinary after'));
  t.error('a hook fails', () => scale(ones([2])));
  await t.values('called', events.splice(0));
  new Scale(3)(ones([2]));
  await t.values('called once when nothing fails', events);
  everywhere.remove();
});

class Pair extends nn.Block {
  override forward(x: Tensor, y: Tensor): [Tensor, Tensor] {
    return [x.mul(2).add(y), y.mul(3)];
  }
}

scenario('backward_hooks', async (t) => {
  const events: unknown[] = [];
  const flush = async (label: string): Promise<void> => t.values(label, events.splice(0));
  const note =
    (name: string, result?: (...gradients: Gradients[]) => Gradients) =>
    (_: nn.Block, ...gradients: Gradients[]): Gradients | void => {
      events.push([name, ...gradients]);
      return result?.(...gradients);
    };
  const scale = new Scale(3);
  const handles = [
    scale.registerFullBackwardHook(note('1')),
    scale.registerFullBackwardHook(note('2', (gradInput) => [gradInput[0]!.add(1)])),
    scale.registerFullBackwardHook(note('0'), { prepend: true }),
    scale.registerFullBackwardPreHook(note('pre 1')),
    scale.registerFullBackwardPreHook(note('pre 2', (gradOutput) => [gradOutput[0]!.mul(10)])),
    scale.registerFullBackwardPreHook(note('pre 0'), { prepend: true }),
  ];
  let x = leaf(1, 2);
  scale(x).sum().backward();
  await flush('order and replacement');
  await t.values('gradients', [x.grad, scale.factor.grad]);
  scale.zeroGrad();
  x = leaf(1, 2);
  scale(scale(x)).sum().backward();
  await flush('a block called twice');
  await t.values('gradients', [x.grad, scale.factor.grad]);
  for (const handle of handles) handle.remove();
  scale.zeroGrad();
  x = leaf(1, 2);
  scale(x).sum().backward();
  await t.values('removed', [events, x.grad, scale.factor.grad]);

  const first = new Scale(2);
  first.registerFullBackwardHook(note('first'));
  first(float(1, 2)).sum().backward();
  await flush('no input needs a gradient');

  const pair = new Pair();
  pair.registerFullBackwardHook(note('pair'));
  pair.registerFullBackwardPreHook(note('pair pre'));
  let [u, v] = [leaf(1, 2), leaf(3, 4)];
  let [a, b] = pair(u, v);
  a.sum().add(b.sum().mul(2)).backward();
  await flush('two inputs and outputs');
  await t.values('gradients', [u.grad, v.grad]);
  u = leaf(1, 2);
  [a, b] = pair(u, float(3, 4));
  a.sum().backward();
  await flush('one input needs none, one output is not used');
  pair.registerFullBackwardHook((_, gradInput) => [gradInput[0]!.mul(100), gradInput[1]!.mul(10)]);
  [u, v] = [leaf(1, 2), leaf(3, 4)];
  [a, b] = pair(u, v);
  a.sum().add(b.sum()).backward();
  events.length = 0;
  await t.values('both replaced', [u.grad, v.grad]);

  const net = new nn.Sequential(new Scale(2), new Scale(3));
  const everywhere = nn.registerModuleFullBackwardHook(
    (m, _, gradOutput) => void events.push([m.constructor.name, gradOutput[0]]),
  );
  const before = nn.registerModuleFullBackwardPreHook(
    (m, gradOutput) => void events.push([`pre ${m.constructor.name}`, gradOutput[0]]),
  );
  net(leaf(1, 1)).sum().backward();
  await flush('global hooks');
  everywhere.remove();
  before.remove();

  const wrong = new Scale(2);
  let handle = wrong.registerFullBackwardHook((_, gradInput) => [gradInput[0]!, gradInput[0]!]);
  t.error('too many gradients', () => wrong(leaf(1, 2)).sum().backward());
  handle.remove();
  handle = wrong.registerFullBackwardPreHook((_, gradOutput) => [gradOutput[0]!, gradOutput[0]!]);
  t.error('too many output gradients', () => wrong(leaf(1, 2)).sum().backward());
  handle.remove();
  wrong.registerFullBackwardHook(() => [ones([2])]);
  t.error('a gradient for nobody', () =>
    wrong(ones([2]))
      .sum()
      .backward(),
  );
  net.at(0).registerFullBackwardHook(note('never'));
  await t.values(
    'without gradients',
    noGrad(() => net(ones([2]))),
  );
  await flush('not called');
});

scenario('tensor_hooks', async (t) => {
  const events: unknown[] = [];
  const x = leaf(1, 2);
  const y = x.mul(3);
  const handles = [
    y.registerHook((g) => void events.push(['y', g])),
    y.registerHook((g) => g.mul(2)),
    y.registerHook((g) => void events.push(['y after', g])),
    x.registerHook((g) => void events.push(['x', g])),
    x.registerHook((g) => g.add(1)),
    x.registerPostAccumulateGradHook((owner) => void events.push(['accumulated', owner.grad!.detach()])),
  ];
  y.sum().backward();
  await t.values('events', events.splice(0));
  x.mul(2).sum().backward();
  await t.values('accumulated again', events.splice(0));
  for (const handle of handles) handle.remove();
  x.mul(2).sum().backward();
  await t.values('removed', [events, x.grad]);
  t.error('no gradient', () => zeros([1]).registerHook(() => undefined));
  t.error('no leaf', () => x.mul(2).registerPostAccumulateGradHook(() => undefined));
  t.error('no gradient to accumulate', () => zeros([1]).registerPostAccumulateGradHook(() => undefined));
});

class Waiting extends nn.Block {
  weight = new nn.Parameter(full([2], 3, { dtype: 'float32' }));
  fails = false;
  override async forward(x: Tensor): Promise<Tensor> {
    await Promise.resolve();
    if (this.fails) throw new Error('no answer today');
    return x.mul(this.weight);
  }
}

describe('hooks of asynchronous blocks', () => {
  it('see and replace what the promise gives', async () => {
    const block = new Waiting();
    const seen: unknown[] = [];
    block.registerForwardHook((_, inputs, output) => {
      seen.push(inputs.length, output instanceof Tensor);
      return output.add(1);
    });
    expect(await (await block(ones([2]))).tolist()).toEqual([4, 4]);
    expect(seen).toEqual([1, true]);
  });
  it('take part in backward', async () => {
    const block = new Waiting();
    const seen: unknown[] = [];
    block.registerFullBackwardHook((_, gradInput, gradOutput) => {
      seen.push(gradOutput[0]!.tolist(), gradInput[0]!.tolist());
      return [gradInput[0]!.mul(10)];
    });
    const x = leaf(1, 2);
    (await block(x)).sum().backward();
    expect(await Promise.all(seen)).toEqual([
      [1, 1],
      [3, 3],
    ]);
    expect(await x.grad!.tolist()).toEqual([30, 30]);
  });
  it('are called, if asked for, when the promise is rejected', async () => {
    const block = new Waiting();
    block.fails = true;
    const seen: unknown[] = [];
    block.registerForwardHook(() => void seen.push('ordinary'));
    block.registerForwardHook((_, __, output) => void seen.push(output), { alwaysCall: true });
    await expect(block(ones([2]))).rejects.toThrow('no answer today');
    expect(seen).toEqual([undefined]);
  });
});

describe('hooks that are asynchronous functions', () => {
  it('are refused: their promise would become the output', () => {
    const [before, after, backward] = [new Scale(2), new Scale(2), new Scale(2)];
    before.registerForwardPreHook(async () => undefined);
    expect(() => before(ones([2]))).toThrow('a forward pre hook must be synchronous');
    after.registerForwardHook(async (_, __, output) => output.tolist());
    expect(() => after(ones([2]))).toThrow('a forward hook must be synchronous: keep the tensor');
    backward.registerFullBackwardHook((async () => undefined) as unknown as nn.BackwardHook);
    expect(() => backward(leaf(1, 2)).sum().backward()).toThrow('a backward hook must be synchronous');
  });
});

describe('handles', () => {
  it('remove their hook when a using block ends', async () => {
    const scale = new Scale(2);
    const seen: string[] = [];
    {
      using _handle = scale.registerForwardHook(() => void seen.push('called'));
      scale(ones([2]));
    }
    scale(ones([2]));
    expect(seen).toEqual(['called']);
  });
  it('refuse what is no function', () => {
    expect(() => new Scale(2).registerForwardHook(3 as never)).toThrow('a hook must be a function, got number');
  });
});

describe('hooks together with hybridize', () => {
  it('run at every call', async () => {
    const scale = new Scale(2).hybridize();
    let calls = 0;
    scale.registerForwardHook((_, __, output) => {
      calls++;
      return output.add(1);
    });
    for (let i = 0; i < 3; i++) expect(await scale(ones([2])).tolist()).toEqual([3, 3]);
    expect(calls).toBe(3);
  });
});
