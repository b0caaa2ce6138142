import { full, nn, ones, optim, randn, setDefaultDevice, tensor, zeros } from '@chimera-nn/core';
import { Tensor } from '@chimera-nn/core';
import type { Device } from '@chimera-nn/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { referenceDevice } from '../reference/device.ts';
import { parameter, piece } from './pieces.ts';
import type { Loose, Piece } from './pieces.ts';
import { scenario } from './transcript.ts';

let device: Device;
beforeAll(() => {
  device = referenceDevice();
  setDefaultDevice(device);
});

class Extra extends nn.Block {
  weight = parameter(1);
  extra: unknown = 5;
  override getExtraState(): unknown {
    return this.extra;
  }
  override setExtraState(state: unknown): void {
    this.extra = state;
  }
}

function stateful(): Piece & Loose {
  const net = piece();
  net['own'] = parameter(1);
  net['body'] = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3));
  net['extra'] = new Extra();
  net.registerBuffer('scratch', zeros([1]), { persistent: false });
  net.registerBuffer('kept', zeros([1]));
  net.registerParameter('none', null);
  return net;
}

const versions = (state: nn.StateDict): unknown[] => [...state.metadata].map(([name, { version }]) => [name, version]);
const keys = ({ missingKeys, unexpectedKeys }: nn.LoadResult): string[][] => [missingKeys, unexpectedKeys];
const requiresGrad = (value: unknown): boolean | null => (value instanceof Tensor ? value.requiresGrad : null);

scenario('state', (t) => {
  const net = stateful();
  t.log('names', [...net.stateDict().keys()]);
  t.log('with a prefix', [...net.stateDict({ prefix: 'net.' }).keys()]);
  t.log('metadata', versions(net.stateDict()));
  t.log('metadata with a prefix', versions(net.stateDict({ prefix: 'net.' })));
  t.log('requires grad', [...net.stateDict().values()].map(requiresGrad));
  const kept = [...net.stateDict({ keepVars: true }).values()];
  t.log('kept variables', [kept[0] === net['own'], ...kept.map(requiresGrad)]);
  const events: unknown[] = [];
  const body = net['body'] as nn.Sequential;
  net.registerStateDictPreHook((m, prefix, keep) => void events.push(['pre', m.constructor.name, prefix, keep]));
  body.registerStateDictPostHook(
    (_, state, prefix, { version }) => void events.push(['post', prefix, [...state.keys()], version]),
  );
  body.at(1).registerStateDictPostHook((_, state, prefix) => void state.delete(`${prefix}weight`));
  net.registerStateDictPostHook((_, state, prefix) => void state.set(`${prefix}added`, 1));
  t.log('changed by hooks', [...net.stateDict({ prefix: 'p.' }).keys()]);
  t.log('hooks', events);
});

scenario('loading', async (t) => {
  const net = stateful();
  const extra = net['extra'] as Extra;
  const good = net.stateDict();
  // Plain maps have no versions.
  const broken = (changes: Readonly<Record<string, unknown>>): Map<string, unknown> => {
    const state = new Map(good);
    for (const [key, value] of Object.entries(changes)) {
      if (value === null) state.delete(key);
      else state.set(key, value);
    }
    return state;
  };
  t.log('fits', keys(net.loadStateDict(good)));
  t.log('extra state', extra.extra);
  net.loadStateDict(broken({ 'extra._extra_state': 9 }));
  t.log('extra state taken over', extra.extra);
  const missing = broken({ own: null, 'body.0.bias': null });
  t.error('missing', () => net.loadStateDict(missing));
  t.log('missing, not strict', keys(net.loadStateDict(missing, { strict: false })));
  const unexpected = broken({
    other: zeros([1]),
    'body.7.weight': zeros([1]),
    'body.0.scale': zeros([1]),
    'own.x': zeros([1]),
    scratch: zeros([1]),
    none: zeros([1]),
  });
  t.error('unexpected', () => net.loadStateDict(unexpected));
  t.log('unexpected, not strict', keys(net.loadStateDict(unexpected, { strict: false })));
  const everything = broken({
    own: zeros([3]),
    'body.0.weight': null,
    zzz: zeros([1]),
    kept: 3,
    'body.1.running_mean': zeros([2, 2]),
  });
  t.error('everything at once', () => net.loadStateDict(everything));
  t.error('mismatches, not strict', () => net.loadStateDict(everything, { strict: false }));
  t.error('no extra state', () => net.loadStateDict(broken({ 'extra._extra_state': null })));
  t.error('extra state of a block without', () => net.loadStateDict(broken({ 'body._extra_state': 1 })));
  t.error('no dict', () => net.loadStateDict(3 as never));
  t.log(
    'a state without versions may lack the count of batches',
    keys(net.loadStateDict(broken({ 'body.1.num_batches_tracked': null }))),
  );
  const newer = net.stateDict();
  newer.delete('body.1.num_batches_tracked');
  t.error('a state with versions may not', () => net.loadStateDict(newer));
  const scalar = piece();
  scalar['value'] = new nn.Parameter(tensor(1, { dtype: 'float32' }));
  scalar.loadStateDict({ value: tensor([5], { dtype: 'float32' }) });
  await t.values('one element for a scalar', scalar['value']);

  const tied = piece();
  const [a, b] = [new nn.Linear(1, 1, { bias: false }), new nn.Linear(1, 1, { bias: false })];
  tied['a'] = a;
  tied['b'] = b;
  b.weight = a.weight;
  tied.loadStateDict({ 'a.weight': full([1, 1], 1), 'b.weight': full([1, 1], 2) });
  await t.values('tied: the last one counts', [a.weight, a.weight === b.weight]);

  const target = new nn.Linear(1, 1);
  const { weight } = target;
  target.bias!.requiresGrad_(false);
  const dtype = (): string => `torch.${target.weight.dtype}`;
  target.loadStateDict({ weight: full([1, 1], 2, { dtype: 'float64' }), bias: full([1], 3) });
  await t.values('copied', [dtype(), target.weight === weight, target.weight]);
  target.loadStateDict(
    { weight: full([1, 1], 4, { dtype: 'float64' }), bias: full([1], 3, { dtype: 'float32' }) },
    { assign: true },
  );
  await t.values('assigned', [
    dtype(),
    target.weight === weight,
    target.weight instanceof nn.Parameter,
    target.weight.requiresGrad,
    target.bias!.requiresGrad,
    target.weight,
  ]);
});

scenario('loading_hooks', async (t) => {
  const inner = new nn.Sequential(new nn.Linear(1, 1));
  const net = new nn.Sequential(new nn.Linear(1, 1), inner);
  const good = net.stateDict();
  const events: unknown[][] = [];
  inner.at(0).registerLoadStateDictPreHook((_, state, prefix, { version }) => {
    events.push(['pre', prefix, [...state.keys()], version]);
    for (const [key, value] of Array.from(state))
      if (key.startsWith(`${prefix}old_`)) {
        state.delete(key);
        state.set(prefix + key.slice(prefix.length + 4), value);
      }
  });
  const post =
    (name: string): nn.LoadStateDictPostHook =>
    (_, problems) =>
      void events.push([name, [...problems.missingKeys], [...problems.unexpectedKeys]]);
  net.registerLoadStateDictPostHook(post('post root'));
  net.at(0).registerLoadStateDictPostHook(post('post 0'));
  inner.registerLoadStateDictPostHook(post('post 1'));
  const old = new Map([...good].map(([key, value]) => [key.replace('1.0.weight', '1.0.old_weight'), value]));
  t.log('renamed', keys(net.loadStateDict(old)));
  t.log('events', events.splice(0));
  t.error('a problem is there for the hooks', () => net.loadStateDict({ '0.weight': zeros([1, 1]) }));
  t.log(
    'events',
    events.splice(0).filter(([kind]) => kind !== 'pre'),
  );
  net.registerLoadStateDictPostHook((_, problems) => {
    problems.missingKeys.length = 0;
  });
  t.log('forgiven', keys(net.loadStateDict({ '0.weight': full([1, 1], 5) })));
  await t.values('taken over', net.getParameter('0.weight'));
  const complaining = new nn.Linear(1, 1);
  complaining.registerLoadStateDictPostHook((_, { unexpectedKeys }) => void unexpectedKeys.push('complaint'));
  t.error('a hook may complain', () => complaining.loadStateDict(complaining.stateDict()));
  const reporting = new nn.Linear(1, 1);
  reporting.registerLoadStateDictPreHook((...[, , , , , , , errors]) => void errors.push('told by a hook'));
  t.error('a hook may report errors', () => reporting.loadStateDict(reporting.stateDict(), { strict: false }));
});

class Frozen extends nn.Sequential<readonly [nn.BatchNorm1d, nn.Dropout]> {
  override train(_mode = true): this {
    return super.train(false);
  }
}

scenario('modes', async (t) => {
  const net = new nn.Sequential(
    new nn.Linear(2, 2),
    new Frozen(new nn.BatchNorm1d(2), new nn.Dropout(0.5)),
    new nn.Sequential(new nn.ReLU()),
  );
  const training = (label: string): void =>
    t.log(
      label,
      net.modules().map((block) => block.training),
    );
  training('at first');
  net.train();
  training('train');
  net.eval();
  training('eval');
  net.at(2).train();
  training('a part');
  net.train(true);
  training('train again');
  t.error('no boolean', () => net.train(1 as never));
  const trained = (label: string): void =>
    t.log(
      label,
      net.parameters().map((p) => p.requiresGrad),
    );
  net.requiresGrad_(false);
  trained('not trained');
  net.at(0).requiresGrad_();
  trained('a part trained');
  for (const p of net.at(0).parameters()) p.grad = ones(p.shape);
  net.zeroGrad({ setToNone: false });
  await t.values(
    'zeros',
    net.parameters().map((p) => p.grad),
  );
  net.zeroGrad();
  await t.values(
    'null',
    net.parameters().map((p) => p.grad),
  );
  const { weight } = net.at(0);
  const dtypes = (label: string): void =>
    t.log(
      label,
      [...net.parameters(), ...net.buffers().slice(0, 2)].map(({ dtype }) => dtype),
    );
  net.double();
  dtypes('double');
  net.half();
  net.float();
  dtypes('float');
  t.log('the same parameter', net.at(0).weight === weight);
  t.error('an integer dtype', () => net.to('int32'));
});

describe('a load that fails', () => {
  it('changes nothing, whatever fails', async () => {
    const net = stateful();
    const before = await Promise.all(
      [...net.stateDict().values()].map((value) => (value instanceof Tensor ? value.tolist() : value)),
    );
    const state = new Map<string, unknown>(
      [...net.stateDict()].map(([key, value]) => [
        key,
        value instanceof Tensor ? ones(value.shape, { dtype: value.dtype }) : 77,
      ]),
    );
    const unchanged = async (): Promise<void> =>
      expect(
        await Promise.all(
          [...net.stateDict().values()].map((value) => (value instanceof Tensor ? value.tolist() : value)),
        ),
      ).toEqual(before);
    expect(() => net.loadStateDict(new Map([...state, ['zzz', ones([1])]]))).toThrow('Unexpected key(s)');
    await unchanged();
    expect(() => net.loadStateDict(new Map([...state, ['kept', ones([7])]]))).toThrow('size mismatch for kept');
    await unchanged();
    const handle = net.registerLoadStateDictPostHook(() => {
      throw new Error('too late');
    });
    expect(() => net.loadStateDict(state)).toThrow('too late');
    await unchanged();
    expect(() => net.loadStateDict(state, { assign: true })).toThrow('too late');
    await unchanged();
    expect((net['extra'] as Extra).extra).toBe(5);
    handle.remove();
    net.loadStateDict(state);
    expect(await (net['own'] as Tensor).tolist()).toEqual([1]);
    expect((net['extra'] as Extra).extra).toBe(77);
  });
});

describe('a state from elsewhere', () => {
  it('is taken over across devices and dtypes, by copy or as it is', async () => {
    const other = referenceDevice();
    const source = new nn.Sequential(new nn.Linear(2, 2), new nn.BatchNorm1d(2)).double().to(other);
    await source(randn([3, 2], { dtype: 'float64', device: other })).data();
    const target = new nn.Sequential(new nn.Linear(2, 2), new nn.BatchNorm1d(2));
    const { weight } = target.at(0);
    target.loadStateDict(source.stateDict());
    expect(target.at(0).weight).toBe(weight);
    expect([weight.dtype, weight.device]).toEqual(['float32', device]);
    const wanted = Float32Array.from(await source.at(0).weight.data());
    expect(await weight.data()).toEqual(wanted);
    expect(await target.at(1).running_mean!.data()).toEqual(Float32Array.from(await source.at(1).running_mean!.data()));
    target.loadStateDict(source.stateDict(), { assign: true });
    expect([target.at(0).weight.dtype, target.at(0).weight.device]).toEqual(['float64', other]);
    expect(await target.at(0).weight.tolist()).toEqual(await source.at(0).weight.tolist());
    // Plain objects do as well as maps.
    const plain = Object.fromEntries(new nn.Linear(2, 2).stateDict());
    expect(new nn.Linear(2, 2).loadStateDict(plain)).toEqual({ missingKeys: [], unexpectedKeys: [] });
    for (const value of target.stateDict().values()) await (value as Tensor).data();
    await other.close();
  });

  it('gives its tensors by name', () => {
    const state = new nn.Linear(2, 2).stateDict();
    expect(state.tensor('weight').shape).toEqual([2, 2]);
    expect(() => state.tensor('wieght')).toThrow('state_dict has no tensor "wieght"');
  });
});

describe('moving a model', () => {
  it('goes by position, by name, or to where a tensor is', async () => {
    const other = referenceDevice();
    const net = new nn.Linear(1, 1);
    net.to({ dtype: 'float64', device: other });
    expect([net.weight.dtype, net.weight.device]).toEqual(['float64', other]);
    net.to({ device });
    expect([net.weight.dtype, net.weight.device]).toEqual(['float64', device]);
    net.to(ones([1], { device: other }));
    expect([net.weight.dtype, net.weight.device]).toEqual(['float32', other]);
    expect(ones([1]).to({ dtype: 'int32', device: null }).dtype).toBe('int32');
    expect(() => net.to({ devise: other } as never)).toThrow(
      'to: expected a dtype, an opened device or a tensor, got ["devise"]',
    );
    expect(net.to('cpu').weight.device).toBe(device);
    expect(() => net.to('cuda')).toThrow('cuda: no CUDA device is open');
    expect(() => net.to('webgpu' as never)).toThrow("unknown dtype 'webgpu'");
    for (const value of net.parameters()) await value.data();
    await other.close();
  });

  it('keeps an optimizer that was made before', async () => {
    const other = referenceDevice();
    const net = new nn.Sequential(new nn.Linear(2, 2), new nn.BatchNorm1d(2));
    const optimizer = new optim.SGD(net.parameters(), { lr: 0.1, momentum: 0.9 });
    const step = async (x: Tensor): Promise<number> => {
      optimizer.zeroGrad();
      const loss = net(x).sub(1).square().mean();
      loss.backward();
      await optimizer.step();
      return loss.item();
    };
    const x = tensor(
      [
        [1, 2],
        [3, 5],
        [2, -1],
      ],
      { dtype: 'float32' },
    );
    const first = await step(x);
    net.to(other);
    expect(net.parameters().every((p) => p.device === other)).toBe(true);
    net.double();
    const before = await net.getParameter('0.weight').tolist();
    net.to(device, 'float32');
    expect(await net.getParameter('0.weight').tolist()).toEqual(before);
    expect(await step(x)).toBeLessThan(first);
    await other.close();
  });

  it('goes to the CPU that is there, to the host where there is none, and refuses a card that is not', async () => {
    const net = new nn.Linear(1, 1);
    expect(net.cpu().weight.device).toBe(device);
    expect(() => net.cuda()).toThrow('cuda: no CUDA device is open. Open one and pass it to to(device)');
    expect(() => ones([1]).cuda()).toThrow('no CUDA device is open');
    const reference = referenceDevice();
    const cuda = new Proxy(reference, {
      get: (target, name) => (name === 'name' ? 'engine:cuda' : bound(target, Reflect.get(target, name))),
    });
    setDefaultDevice(cuda);
    const values = await net.weight.tolist();
    net.cuda();
    expect(net.weight.device).toBe(cuda);
    expect(await net.weight.mul(2).tolist()).toEqual([[(values as number[][])[0]![0]! * 2]]);
    expect(await ones([2]).cuda().add(1).tolist()).toEqual([2, 2]);
    net.cpu();
    expect(net.weight.device?.name ?? 'host').not.toBe('engine:cuda');
    expect(await net.weight.tolist()).toEqual(values);
    setDefaultDevice(device);
    expect(await net.weight.add(0).tolist()).toEqual(values);
  });
});

function bound(target: object, value: unknown): unknown {
  return typeof value === 'function' ? (value.bind(target) as unknown) : value;
}
