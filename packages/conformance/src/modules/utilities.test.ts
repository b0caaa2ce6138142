import type { Device } from '@chimera-nn/core';
import { arange, nn, optim, rand, randn, manualSeed, ones, setDefaultDevice, tensor, Tensor } from '@chimera-nn/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { devices } from '../behaviour/devices.ts';
import { readJson } from './transcript.ts';

type Line = readonly [label: string, value: unknown];
type Callable = nn.Block & ((...inputs: Tensor[]) => Tensor);

const { parametrize, prune } = nn.utils;
const { swaUtils } = optim;

/** Notes down values under labels, as tooling/goldens/utilities.py does. */
class Notes {
  readonly lines: Line[] = [];

  async log(label: string, value: unknown): Promise<void> {
    this.lines.push([label, await plain(value)]);
  }
  async error(label: string, body: () => unknown): Promise<void> {
    try {
      await body();
    } catch (error) {
      this.lines.push([label, (error as Error).message.split('. You can pass')[0]]);
      return;
    }
    this.lines.push([label, 'no error']);
  }
}

async function plain(value: unknown): Promise<unknown> {
  if (value instanceof Tensor) return [...(await value.data())];
  if (Array.isArray(value)) return Promise.all(value.map(plain));
  return value;
}

/** Numbers may differ by rounding, everything else must be the same. */
function expectSame(label: string, actual: unknown, expected: unknown): void {
  if (typeof expected === 'number' && typeof actual === 'number') {
    const isClose = Math.abs(actual - expected) <= 2e-6 + 1e-5 * Math.abs(expected);
    expect(isClose ? expected : actual, label).toBe(expected);
  } else if (Array.isArray(expected) && Array.isArray(actual)) {
    expect(actual.length, label).toBe(expected.length);
    for (const [i, one] of expected.entries()) expectSame(`${label}[${i}]`, actual[i], one);
  } else if (typeof expected === 'string' && typeof actual === 'string')
    expect(actual.replaceAll(/\bnull\b/g, 'None'), label).toBe(expected);
  else expect(actual, label).toEqual(expected);
}

function state(block: nn.Block): unknown[] {
  return [...block.stateDict()].map((entry) => [...entry]);
}

function network(): nn.Sequential<nn.Block[]> {
  manualSeed(0);
  return new nn.Sequential<nn.Block[]>(new nn.Linear(3, 4), new nn.BatchNorm1d(4), new nn.Tanh(), new nn.Linear(4, 2));
}

function packed({ data, batchSizes, sortedIndices, unsortedIndices }: nn.utils.rnn.PackedSequence): unknown[] {
  return [data, [...batchSizes], sortedIndices, unsortedIndices];
}

const scenarios: Readonly<Record<string, (t: Notes) => Promise<void>>> = {
  async averaged_models(t) {
    const net = network() as Callable;
    const average = new swaUtils.AveragedModel(net);
    const ema = new swaUtils.AveragedModel(net, { multiAvgFn: swaUtils.getEmaMultiAvgFn(0.75) });
    const buffers = new swaUtils.AveragedModel(net, { avgFn: swaUtils.getEmaAvgFn(0.5), useBuffers: true });
    const own = new swaUtils.AveragedModel(net, null, (averaged, current, count) =>
      averaged.mul(0.25).add(current.mul(0.75).div(count.add(1))),
    );
    const optimizer = new optim.SGD(net.parameters(), 0.1);
    for (let step = 0; step < 4; step++) {
      optimizer.zeroGrad();
      net(randn([5, 3]))
        .pow(2)
        .sum()
        .backward();
      await optimizer.step();
      for (const model of [average, ema, buffers, own]) model.updateParameters(net);
    }
    for (const [name, model] of [
      ['swa', average],
      ['ema', ema],
      ['buffers', buffers],
      ['own', own],
    ] as const)
      await t.log(name, state(model));
    const x = randn([2, 3]);
    average.eval();
    await t.log('forward', average(x));
    const loader = [randn([4, 3]), [randn([6, 3]), 1], randn([2, 3])] as (Tensor | [Tensor, number])[];
    await swaUtils.updateBn(loader, average);
    await t.log(
      'update_bn',
      average.namedBuffers().map((entry) => [...entry]),
    );
    await t.log(
      'modes',
      average.modules().map(({ training }) => training),
    );
    await t.log('momentum', (average.module as unknown as nn.Sequential<nn.BatchNorm1d[]>).at(1).momentum);
    const loaded = new swaUtils.AveragedModel(network());
    loaded.loadStateDict(average.stateDict());
    loaded.updateParameters(net);
    await t.log('loaded', state(loaded));
    await t.error(
      'both functions',
      () =>
        new swaUtils.AveragedModel(net, {
          avgFn: swaUtils.getEmaAvgFn(),
          multiAvgFn: swaUtils.getEmaMultiAvgFn(),
        }),
    );
    await t.error('decay', () => swaUtils.getEmaAvgFn(1.5));
  },

  async fused_layers(t) {
    manualSeed(1);
    // Drawn in the order of the other side, layer, layer, input.
    const cases = [
      () => [new nn.Conv2d(2, 3, 2), new nn.BatchNorm2d(3), randn([2, 2, 4, 4]), false] as const,
      () =>
        [
          new nn.Conv1d(2, 4, 2, { groups: 2, bias: false }),
          new nn.BatchNorm1d(4, { eps: 0.1 }),
          randn([2, 2, 4]),
          false,
        ] as const,
      () =>
        [new nn.ConvTranspose2d(2, 3, 2), new nn.BatchNorm2d(3, { affine: false }), randn([2, 2, 3, 3]), true] as const,
    ].map((make) => make());
    for (const [conv, norm, x, transpose] of cases) {
      const call = (layer: nn.Block, input: Tensor): Tensor => (layer as Callable)(input);
      await call(norm, call(conv, x)).data();
      conv.eval();
      norm.eval();
      const fused = nn.utils.fuseConvBnEval(conv as nn.Conv2d, norm, transpose);
      await t.log('state', state(fused));
      await t.log(
        'requires grad',
        fused.parameters().map(({ requiresGrad }) => requiresGrad),
      );
      await t.log('result', call(fused, x));
      await t.log('same', await call(fused, x).allclose(call(norm, call(conv, x)), { atol: 1e-5 }));
    }
    const [linear, norm] = [new nn.Linear(3, 2), new nn.BatchNorm1d(2)];
    await norm(linear(randn([4, 3]))).data();
    linear.eval();
    norm.eval();
    await t.log('linear', state(nn.utils.fuseLinearBnEval(linear, norm)));
    await t.error('training', () => nn.utils.fuseLinearBnEval(linear.train(), norm));
  },

  async skipped_initialisation(t) {
    manualSeed(2);
    const layer = nn.utils.skipInit(nn.Linear, 3, 2, { bias: false });
    await t.log('shape', [...layer.weight.shape]);
    await t.log('form', String(layer));
    await t.log('random numbers', rand([2]));
  },

  async pruned_layers(t) {
    manualSeed(3);
    const layer = new nn.Linear(4, 3);
    const pruned = layer as unknown as Record<string, Tensor>;
    const x = randn([2, 4]);
    await prune.l1Unstructured(layer, 'weight', 0.3);
    await t.log('l1', state(layer));
    await t.log(
      'parameters',
      layer.namedParameters().map(([name]) => name),
    );
    await t.log('result', layer(x));
    layer(x).sum().backward();
    await t.log('gradient', pruned['weight_orig']!.grad);
    await prune.l1Unstructured(layer, 'weight', 2);
    await t.log('l1 again', pruned['weight_mask']);
    await prune.lnStructured(layer, 'weight', 1, 2, 0);
    await t.log('structured', pruned['weight_mask']);
    await prune.randomUnstructured(layer, 'weight', 0.5);
    await t.log('random', pruned['weight_mask']);
    await t.log('pruned', [
      prune.isPruned(layer),
      prune.isPruned(new nn.Sequential(layer)),
      prune.isPruned(new nn.Linear(1, 1)),
    ]);
    prune.remove(layer, 'weight');
    await t.log('removed', state(layer));
    await t.log('pruned after', prune.isPruned(layer));
    await t.log('result after', layer(x));
    let conv = new nn.Conv2d(3, 4, 2);
    for (const [n, dim] of [
      [1, 0],
      [Infinity, 1],
      [1, -1],
      [-Infinity, 0],
    ] as const) {
      await prune.lnStructured(conv, 'weight', 0.4, n, dim);
      await t.log(`ln ${dim}`, (conv as unknown as Record<string, Tensor>)['weight_mask']);
      if (n === 1) conv = new nn.Conv2d(3, 4, 2);
    }
    const other = new nn.Conv2d(2, 5, 2);
    const masks = other as unknown as Record<string, Tensor>;
    await prune.randomStructured(other, 'weight', 2, 0);
    await t.log('random structured', masks['weight_mask']);
    await prune.randomStructured(other, 'weight', 0.5, 0);
    await t.log('random structured again', masks['weight_mask']);
    await prune.identity(other, 'bias');
    await t.log('identity', masks['bias_mask']);
    await prune.customFromMask(other, 'bias', tensor([1, 0, 1, 0, 1]));
    await t.log('custom', [masks['bias'], masks['bias_mask']]);
    const scored = new nn.Linear(3, 2);
    await prune.l1Unstructured(scored, 'weight', 3, {
      importanceScores: arange(6).to('float32').reshape([2, 3]),
    });
    await t.log('scores', (scored as unknown as Record<string, Tensor>)['weight_mask']);
    const [first, second] = [new nn.Linear(3, 4), new nn.Linear(4, 2)];
    await prune.globalUnstructured(
      [
        [first, 'weight'],
        [second, 'weight'],
        [second, 'bias'],
      ],
      prune.L1Unstructured,
      { amount: 0.4 },
    );
    const mask = (block: nn.Block, name: string): Tensor =>
      (block as unknown as Record<string, Tensor>)[`${name}_mask`]!;
    await t.log('global', [mask(first, 'weight'), mask(second, 'weight'), mask(second, 'bias')]);
    await t.log('at once', await new prune.L1Unstructured(0.5).prune(tensor([3, -1, 2, 0.5])));
    await t.error('not pruned', () => prune.remove(new nn.Linear(1, 1), 'weight'));
    await t.error('amount', () => prune.l1Unstructured(new nn.Linear(1, 1), 'weight', -1));
    await t.error('too many', () => prune.l1Unstructured(new nn.Linear(1, 1), 'weight', 5));
    await t.error('one dimension', () => prune.lnStructured(new nn.Linear(1, 1), 'bias', 1, 2, 0));
  },

  async parametrized_layers(t) {
    manualSeed(4);
    let calls = 0;
    class Symmetric extends nn.Block {
      override forward(x: Tensor): Tensor {
        calls++;
        return x.triu().add(x.triu(1).transpose(0, 1));
      }
      rightInverse(x: Tensor): Tensor {
        return x.triu();
      }
    }
    class Doubled extends nn.Block {
      override forward(x: Tensor): Tensor {
        return x.mul(2);
      }
      rightInverse(x: Tensor): Tensor {
        return x.div(2);
      }
    }
    class Narrow extends nn.Block {
      override forward(x: Tensor): Tensor {
        return x.narrow(0, 0, 1);
      }
    }
    class Split extends nn.Block {
      override forward(a: Tensor, b: Tensor): Tensor {
        return a.add(b);
      }
      rightInverse(x: Tensor): Tensor[] {
        return [x.mul(0.25), x.mul(0.75)];
      }
    }
    type Lists = { readonly parametrizations: Record<string, nn.utils.parametrize.ParametrizationList> };
    const layer = new nn.Linear(2, 2);
    const lists = (layer as unknown as Lists).parametrizations;
    expect(lists).toBeUndefined();
    parametrize.registerParametrization(layer, 'weight', new Symmetric());
    parametrize.registerParametrization(layer, 'weight', new Doubled());
    await t.log('state', state(layer));
    await t.log('weight', layer.weight);
    await t.log('form', String(layer));
    layer.weight = tensor([
      [1, 2],
      [2, 5],
    ]).to('float32');
    const list = (layer as unknown as Lists).parametrizations['weight']!;
    await t.log('assigned', [layer.weight, list.getParameter('original')]);
    calls = 0;
    let first = layer.weight;
    calls = 0;
    const seen: unknown[] = [];
    parametrize.cached(() => {
      first = layer.weight;
      seen.push(layer.weight === first, calls);
    });
    await t.log('cached', seen);
    await t.log('not cached', [layer.weight === first, calls]);
    await t.log('type', parametrize.typeBeforeParametrizations(layer).name);
    await t.log('list', [list.length, list.at(1).constructor.name]);
    const target = new nn.Linear(2, 2);
    parametrize.transferParametrizationsAndParams(layer, target);
    await t.log('transferred', [target.weight, target.namedParameters().map(([name]) => name)]);
    parametrize.removeParametrizations(layer, 'weight', false);
    await t.log('left', state(layer));
    const split = new nn.Linear(2, 2);
    parametrize.registerParametrization(split, 'weight', new Split());
    await t.log('sequence', state(split));
    split.weight = ones([2, 2]);
    await t.log('sequence assigned', state(split));
    await t.error('sequence left', () =>
      parametrize.removeParametrizations(split, 'weight', { leaveParametrized: false }),
    );
    parametrize.removeParametrizations(split, 'weight');
    await t.log('sequence removed', state(split));
    const narrow = new nn.Linear(2, 2);
    parametrize.registerParametrization(narrow, 'weight', new Narrow(), { unsafe: true });
    await t.log('unsafe', narrow.weight);
    const batch = new nn.BatchNorm1d(2);
    parametrize.registerParametrization(batch, 'running_mean', new Doubled());
    await t.log('buffer', [batch.namedBuffers().map(([name]) => name), batch.running_mean]);
  },

  async gradient_clipping(t) {
    manualSeed(6);
    const parameters = [[2, 3], [4], []].map((shape) => new nn.Parameter(randn(shape))) as [
      nn.Parameter,
      nn.Parameter,
      nn.Parameter,
    ];
    const fill = (): void => {
      for (const [i, parameter] of parameters.slice(0, 2).entries())
        parameter.grad = arange(parameter.numel())
          .to('float32')
          .sub(2.5)
          .reshape([...parameter.shape])
          .mul(i + 1);
      parameters[2].grad = null;
    };
    const gradients = (): unknown[] => parameters.slice(0, 2).map(({ grad }) => grad);
    for (const normType of [2, 1, 3, 0.5, Infinity, -Infinity, 0]) {
      fill();
      await t.log('norm', nn.utils.clipGradNorm_(parameters, 1.5, normType));
      await t.log('clipped', gradients());
    }
    fill();
    await t.log('large bound', nn.utils.clipGradNorm_(parameters[0], 100));
    await t.log('kept', parameters[0].grad);
    nn.utils.clipGradValue_(parameters, 0.75);
    await t.log('values', gradients());
    await t.log('total', nn.utils.getTotalNorm(parameters, 'inf'));
    await t.log('none', nn.utils.clipGradNorm_([new nn.Parameter(ones([2]))], 1));
    fill();
    parameters[1].grad = tensor([-5, -3, Infinity, 1]);
    await t.error('infinite', () => nn.utils.clipGradNorm_(parameters, 1, { errorIfNonfinite: true }));
    await t.log('unchanged', parameters[0].grad);
    await t.log('vector', nn.utils.parametersToVector(parameters));
    nn.utils.vectorToParameters(arange(11).to('float32'), parameters);
    await t.log('parameters', parameters);
    expect(() => nn.utils.clipGradNorm_(parameters, 1, { norm_type: 1 } as object)).toThrow(TypeError);
  },

  async packed_sequences(t) {
    manualSeed(5);
    const { rnn } = nn.utils;
    const x = randn([5, 3, 2], { requiresGrad: true });
    const ordered = rnn.packPaddedSequence(x, [5, 3, 1]);
    await t.log('ordered', packed(ordered));
    const mixed = rnn.packPaddedSequence(x, tensor([2, 5, 3]), { enforceSorted: false });
    await t.log('mixed', packed(mixed));
    const first = rnn.packPaddedSequence(x.transpose(0, 1), [4, 4, 2], true);
    await t.log('first', packed(first));
    type Recurrent = nn.Block & ((sequence: unknown, state?: unknown) => [nn.utils.rnn.PackedSequence, unknown]);
    for (const [kind, make] of [
      ['LSTM', () => new nn.LSTM(2, 3, { projSize: 2, numLayers: 2, bidirectional: true })],
      ['GRU', () => new nn.GRU(2, 3, { bidirectional: true, numLayers: 2 })],
      ['RNN', () => new nn.RNN(2, 3, { nonlinearity: 'relu', bias: false })],
      ['LSTM', () => new nn.LSTM(2, 3, { batchFirst: true })],
      ['GRU', () => new nn.GRU(2, 3, { numLayers: 3, dropout: 0.4 })],
    ] as const) {
      const layer = make() as unknown as Recurrent;
      for (const [name, sequence] of [
        ['ordered', ordered],
        ['mixed', mixed],
      ] as const) {
        const [output, last] = layer(sequence);
        await t.log(`${kind} ${name}`, [packed(output), kind === 'LSTM' ? last : [last]]);
        const [padded, lengths] = rnn.padPackedSequence(output, {
          batchFirst: true,
          paddingValue: -1.5,
          totalLength: 6,
        });
        await t.log('padded', [padded, lengths, [...padded.shape]]);
        x.grad = null;
        layer.zeroGrad();
        padded.pow(2).sum().backward();
        await t.log('gradients', [x.grad, layer.parameters().map(({ grad }) => grad)]);
      }
    }
    const states = [randn([1, 3, 3]), randn([1, 3, 3])] as const;
    const lstm = new nn.LSTM(2, 3);
    const [output, [h, c]] = lstm(mixed, [...states]);
    await t.log('with state', [output.data, h, c]);
    const sequences = [randn([2, 2]), randn([4, 2]), randn([1, 2])];
    await t.log('padded left', rnn.padSequence(sequences, true, 9, 'left'));
    await t.log('padded right', rnn.padSequence(sequences));
    await t.log('packed', packed(rnn.packSequence(sequences, { enforceSorted: false })));
    await t.log('unpacked', rnn.unpackSequence(rnn.packSequence(sequences, false)));
    await t.log('unpadded', rnn.unpadSequence(rnn.padSequence(sequences), tensor([2, 4, 1])));
    await t.log('inverse', rnn.invertPermutation([2, 0, 1]));
    await t.log('converted', packed(mixed.to('int32')));
    await t.error('order', () => rnn.packPaddedSequence(x, [1, 3, 5]));
    await t.error('empty', () => rnn.packPaddedSequence(x, [5, 3, 0]));
    await t.error('lengths', () => rnn.packPaddedSequence(x, [5, 3]));
    await t.error('total', () => rnn.padPackedSequence(ordered, { totalLength: 4 }));
  },
};

describe.each(devices)('utilities for models on %s', (_name, open) => {
  let device: Device;
  beforeAll(async () => {
    device = await open();
    setDefaultDevice(device);
  });
  afterAll(() => device.close());

  it.each(Object.keys(scenarios))('%s: as PyTorch', async (name) => {
    const notes = new Notes();
    await scenarios[name]!(notes);
    const { scenarios: expected } = await readJson<{ readonly scenarios: Record<string, readonly Line[]> }>(
      'utilities',
    );
    for (const [i, [label, value]] of expected[name]!.entries()) {
      expect(notes.lines[i]?.[0]).toBe(label);
      expectSame(label, notes.lines[i]![1], value);
    }
    expect(notes.lines).toHaveLength(expected[name]!.length);
  });
});
