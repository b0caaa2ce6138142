import { full, nn, noGrad, ones, optim, setDefaultDevice, zeros } from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import { Generator } from '@chimera-nn/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { referenceDevice } from '../reference/device.ts';
import type { Loose } from './pieces.ts';
import { names, parameter, Piece, piece, Scale, sharedTree } from './pieces.ts';
import { scenario } from './transcript.ts';

beforeAll(() => setDefaultDevice(referenceDevice()));

class Told extends nn.Block {
  text: string;
  child: Told | undefined;
  constructor(text: string) {
    super();
    this.text = text;
  }
  override extraRepr(): string {
    return this.text;
  }
}

scenario('printing', (t) => {
  t.log('empty', String(new Piece()));
  t.log('told', String(new Told('a=1')));
  t.log('told on lines', String(new Told('a=1\nb=2')));
  const told = new Told('a=1');
  told.child = new Told('c=3\nd=4');
  t.log('told with a child', String(told));
  const nested = piece();
  nested['first'] = new nn.Sequential(new nn.Linear(2, 3), new nn.Sequential(new nn.ReLU(), new nn.Dropout(0.25)));
  nested.addModule('gap', null);
  nested['items'] = new nn.ModuleList<nn.Block>([
    new nn.Linear(1, 1),
    new nn.Linear(1, 1),
    new nn.ReLU(),
    new nn.Sequential(new nn.Tanh()),
    new nn.Sequential(new nn.Tanh()),
  ]);
  nested['named'] = new nn.ModuleDict<nn.Block>({
    x: new nn.ModuleList(),
    y: new nn.ModuleDict(),
    z: new nn.Sequential(),
  });
  nested['values'] = new nn.ParameterList([parameter(2, 3)]);
  nested['table'] = new nn.ParameterDict({ k: parameter(1) });
  t.log('nested', String(nested));
  const shared = new nn.Linear(1, 2, { bias: false });
  t.log('shared', String(new nn.Sequential(shared, shared)));
});

interface Tree extends Piece {
  first: nn.Linear;
  second: nn.Linear;
  norm: nn.BatchNorm1d;
  again: nn.BatchNorm1d;
  inner: Piece & { a: nn.Linear; b: nn.Linear };
  own: nn.Parameter;
  data: { list: [number, number[]]; tensor: Tensor };
  alias: unknown;
  partner: unknown[];
}

scenario('printed_results', async (t) => {
  const net = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU());
  t.log('all keys', String(net.loadStateDict(net.stateDict())));
  t.log('others', String(net.loadStateDict({ '0.weight': zeros([3, 2]), '1.x': zeros([1]) }, { strict: false })));
  const lazy = new nn.LazyLinear(3);
  t.log('lazy', [await lazy.weight.format(), await new nn.LazyBatchNorm1d().runningMean!.format()]);
  const linear = new nn.Linear(2, 3);
  // Beside PyTorch's text stands what to do.
  const firstPart = (error: string): string => error.split(/: |\. /)[0]!;
  for (const [label, body] of [
    ['an input of another dtype', () => linear(zeros([1, 2], { dtype: 'float64' }))],
    ['a list of blocks', () => new nn.Sequential([new nn.ReLU(), new nn.Tanh()] as unknown as nn.Block)],
  ] as const) {
    let text = 'no error';
    try {
      body();
    } catch (error) {
      text = firstPart((error as Error).message);
    }
    t.log(label, text);
  }
});

scenario('positional_options', async (t) => {
  const net = new nn.Linear(1, 1);
  t.log('load, not strict', String(net.loadStateDict({}, false)));
  net.registerBuffer('scratch', zeros([1]), false);
  t.log('state', [...net.stateDict().keys()]);
  const path = ([name]: readonly [string, unknown]): string => name;
  t.log('named', new nn.Sequential(net).namedParameters('p', false).map(path));
  t.log('named, all', new nn.Sequential(net).namedBuffers('p', true).map(path));
  net(ones([1, 1]))
    .sum()
    .backward();
  net.zeroGrad(false);
  await t.values('zeros', net.weight.grad);
  new optim.SGD(net.parameters(), { lr: 1 }).zeroGrad(true);
  await t.values('forgotten', net.weight.grad);
  const events: string[] = [];
  const act = new nn.ReLU();
  act.registerFullBackwardHook(() => void events.push('second'));
  act.registerFullBackwardHook(() => void events.push('first'), true);
  act(zeros([1], { requiresGrad: true }))
    .sum()
    .backward();
  t.log('hooks', events);
});

it('options that do not exist are refused', () => {
  const net = new nn.Linear(1, 1);
  expect(() => net.loadStateDict({}, { stric: false } as object)).toThrow("'stric'");
  expect(() => net.registerForwardHook(() => null, { withKwargs: true } as object)).toThrow("'withKwargs'");
});

scenario('deep_copies', async (t) => {
  const net = sharedTree() as unknown as Tree;
  net.data = { list: [1, [2, 3]], tensor: ones([2]) };
  net.alias = net.data.list;
  net.partner = [net.inner];
  const calls: number[] = [];
  net.first.registerForwardHook(() => void calls.push(1));
  net.eval();
  net.first.train();
  const twin = nn.deepcopy(net);
  t.log('parameters', names(twin.namedParameters({ removeDuplicate: false })));
  t.log('tied', [
    twin.own === twin.first.weight,
    twin.first === twin.second,
    twin.norm === twin.again,
    twin.inner.b.weight === twin.own,
  ]);
  t.log('apart', [twin.own === net.own, twin.first === net.first, twin.data === net.data]);
  t.log('data', [
    twin.data.list,
    twin.alias === twin.data.list,
    twin.data.tensor === net.data.tensor,
    twin.partner[0] === twin.inner,
  ]);
  t.log(
    'modes',
    twin.modules().map(({ training }) => training),
  );
  twin.first(ones([2]));
  t.log('hooks are called', calls.length);
  twin.data.list[1].push(4);
  noGrad(() => twin.own.fill_(7));
  const [a, b] = [await net.own.tolist(), await twin.own.tolist()];
  await t.values('independent', [net.data.list, twin.inner.a.weight, JSON.stringify(a) === JSON.stringify(b)]);
  net.own.grad = ones([2, 2]);
  t.log('without gradients', nn.deepcopy(net).own.grad === null);
  t.log(
    'requires grad',
    nn
      .deepcopy(new nn.Linear(1, 1).requiresGrad_(false))
      .parameters()
      .map(({ requiresGrad }) => requiresGrad),
  );
  const hooked = new Scale(2);
  const order: string[] = [];
  hooked.registerForwardHook(() => void order.push('second'));
  hooked.registerForwardHook(() => void order.push('first'), { prepend: true });
  nn.deepcopy(hooked)(ones([2]));
  t.log('order of hooks', order);
  const circular = piece();
  const child = piece();
  circular['child'] = child;
  child['parent'] = circular;
  const again = nn.deepcopy(circular);
  t.log('cycles', [(again['child'] as Loose)['parent'] === again, again === circular]);
  const items = new nn.ModuleList<nn.Block>([new nn.ReLU(), new nn.Tanh()]);
  const copied = nn.deepcopy(items);
  copied.append(new nn.GELU());
  delete copied[0];
  t.log('containers', [names(copied.namedChildren()), names(items.namedChildren())]);
});

describe('deep copies in TypeScript', () => {
  it('copy plain data, generators, buffers and non-persistent names', async () => {
    class Stateful extends nn.Block {
      generator = new Generator().manualSeed(3);
      table = new Map([['a', { values: new Float32Array([1, 2]) }]]);
      seen = new Set([1]);
      mean = new nn.Buffer(ones([2]), { persistent: false });
      fn = (): number => 1;
    }
    const block = new Stateful();
    const twin = nn.deepcopy(block);
    expect(twin).toBeInstanceOf(Stateful);
    expect(twin.generator.random32()).toBe(block.generator.random32());
    twin.table.get('a')!.values[0] = 9;
    expect(block.table.get('a')!.values[0]).toBe(1);
    expect(twin.seen).not.toBe(block.seen);
    expect([...twin.stateDict().keys()]).toEqual([]);
    expect(names(twin.namedBuffers())).toEqual(['mean']);
    twin.mean.fill_(5);
    expect(await block.mean.tolist()).toEqual([1, 1]);
    expect(twin.fn).toBe(block.fn);
  });
  it('refuse a recorded tensor that has a gradient to come', () => {
    const block = piece();
    block['cached'] = parameter(2).mul(2);
    expect(() => nn.deepcopy(block)).toThrow('Only Tensors created explicitly by the user');
    block['cached'] = full([1], 1);
    nn.deepcopy(block);
  });
});
