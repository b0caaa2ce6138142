import { describe, expect, it } from 'vitest';
import { noGrad } from '../autograd/mode.ts';
import { Parameter } from '../nn/parameter.ts';
import { ones, zeros } from '../tensor/creation.ts';
import '../tensor/install.ts';
import * as optim from './index.ts';

const parameter = (shape: number[] = [2, 3]): Parameter => new Parameter(zeros(shape));

describe('options of optimizers', () => {
  it('takes values in the order of PyTorch, options, or both', () => {
    expect(new optim.SGD([parameter()], 0.5).paramGroups[0]!.lr).toBe(0.5);
    expect(new optim.SGD([parameter()], 0.5, 0.9, { nesterov: true }).paramGroups[0]).toMatchObject({
      lr: 0.5,
      momentum: 0.9,
      nesterov: true,
    });
    expect(new optim.AdamW([parameter()], 0.1, [0.5, 0.6]).paramGroups[0]).toMatchObject({
      betas: [0.5, 0.6],
      weightDecay: 0.01,
      decoupledWeightDecay: true,
    });
    expect(new optim.SGD([parameter()], { lr: undefined }).paramGroups[0]!.lr).toBe(1e-3);
  });

  it('refuses what does not exist', () => {
    expect(() => new optim.SGD([parameter()], { weight_decay: 1 } as object)).toThrow(TypeError);
    expect(() => new optim.AdamW([parameter()], { decoupledWeightDecay: false } as object)).toThrow(TypeError);
    expect(() => new optim.Adafactor([parameter()], { capturable: true } as object)).toThrow(TypeError);
  });

  it('accepts hints of implementation, but no differentiable step', () => {
    const { fused, foreach } = new optim.Adam([parameter()], { fused: true, capturable: true }).paramGroups[0]!;
    expect([fused, foreach]).toEqual([true, null]);
    expect(() => new optim.Adam([parameter()], { fused: true, foreach: true })).toThrow(
      '`fused` and `foreach` cannot be `True` together.',
    );
    expect(() => new optim.Adam([parameter()], { differentiable: true } as object)).toThrow('differentiable');
  });

  it.each([
    [() => new optim.SGD([parameter()], { lr: -1 }), 'Invalid learning rate: -1'],
    [() => new optim.SGD([parameter()], { nesterov: true }), 'Nesterov momentum requires a momentum'],
    [() => new optim.Adam([parameter()], { betas: [1, 0.9] }), 'Invalid beta parameter at index 0: 1'],
    [() => new optim.Adadelta([parameter()], { rho: 2 }), 'Invalid rho value: 2'],
    [() => new optim.Rprop([parameter()], { etas: [2, 0.5] }), 'Invalid eta values: 2, 0.5'],
    [() => new optim.Adafactor([parameter()], { d: 0.5 }), 'Clipping threshold d should be >= 1 but is: 0.5'],
    [() => new optim.Adafactor([parameter()], { beta2Decay: 1 }), 'beta2_decay should be <= 0 but is: 1'],
    [() => new optim.Muon([parameter()], { lr: -1 }), 'Learning rate should be >= 0 but is: -1'],
    [() => new optim.Muon([parameter([3])]), 'Muon only supports 2D parameters'],
    [() => new optim.Muon([parameter()], { nsSteps: 100 }), 'Number of steps must be less than 100'],
    [() => new optim.LBFGS([{ params: [parameter()] }, { params: [parameter()] }]), "doesn't support per-parameter"],
    [() => new optim.SGD([]), 'optimizer got an empty parameter list'],
    [() => new optim.SGD([parameter().add(1)]), "can't optimize a non-leaf Tensor"],
  ])('%s', (make, text) => {
    expect(make).toThrow(text);
  });
});

describe('an optimizer of your own', () => {
  it('overrides step with tensor operations', async () => {
    class SignDescent extends optim.Optimizer<{ lr: number }> {
      constructor(params: Parameter[], lr: number) {
        super(params, { lr });
      }
      override async step(): Promise<undefined> {
        noGrad(() => {
          for (const { params, lr } of this.paramGroups)
            for (const one of params) if (one.grad !== null) one.sub_(one.grad.sign().mul(lr));
        });
      }
    }
    const one = new Parameter(zeros([2]));
    one.grad = ones([2]);
    const before = one.node;
    await new SignDescent([one], 0.5).step();
    expect(one.node === before).toBe(false);
    expect(one.node.shape).toEqual([2]);
  });

  it('must override something', async () => {
    class Empty extends optim.Optimizer<{ lr: number }> {}
    const one = parameter();
    one.grad = zeros([2, 3]);
    await expect(new Empty([one], { lr: 1 }).step()).rejects.toThrow('must override step() or update()');
  });
});

describe('parameter groups', () => {
  it('keeps names and writes them into the state', () => {
    const [a, b] = [parameter(), parameter()];
    const optimizer = new optim.SGD([
      ['a', a],
      ['b', b],
    ]);
    expect(optimizer.paramGroups[0]!.paramNames).toEqual(['a', 'b']);
    expect(optimizer.stateDict().get('param_groups')![0]!.get('param_names')).toEqual(['a', 'b']);
    expect(() => optimizer.addParamGroup({ params: [parameter()] })).toThrow('cannot add param group without names');
    optimizer.addParamGroup({ params: [['c', parameter()]], lr: 1 });
    expect(optimizer.paramGroups[1]).toMatchObject({ paramNames: ['c'], lr: 1, momentum: 0 });
  });

  it('refuses a parameter twice', () => {
    const a = parameter();
    const optimizer = new optim.SGD([a]);
    expect(() => optimizer.addParamGroup({ params: a })).toThrow('more than one parameter group');
  });
});

describe('state of optimizers', () => {
  it('passes through the hooks', () => {
    const optimizer = new optim.SGD([parameter()], { lr: 0.1 });
    const seen: string[] = [];
    optimizer.registerStateDictPreHook(() => seen.push('before'));
    const handle = optimizer.registerStateDictPostHook((_optimizer, state) => {
      state.get('param_groups')![0]!.set('lr', 7);
    });
    optimizer.registerLoadStateDictPreHook((_optimizer, source) => {
      seen.push(`load ${source instanceof Map ? 'map' : 'object'}`);
    });
    optimizer.registerLoadStateDictPostHook(() => seen.push('loaded'));
    optimizer.loadStateDict(optimizer.stateDict());
    expect(optimizer.paramGroups[0]!.lr).toBe(7);
    handle.remove();
    optimizer.paramGroups[0]!.lr = 3;
    expect(optimizer.stateDict().get('param_groups')![0]!.get('lr')).toBe(3);
    expect(seen).toEqual(['before', 'load map', 'loaded', 'before']);
  });

  it('changes nothing if it does not fit', () => {
    const optimizer = new optim.SGD([parameter()], { lr: 0.1 });
    const other = new optim.SGD([parameter(), parameter()], { lr: 0.2 });
    expect(() => optimizer.loadStateDict(other.stateDict())).toThrow("doesn't match the size of optimizer's group");
    expect(optimizer.paramGroups[0]!.lr).toBe(0.1);
  });

  it('takes options that its groups do not have yet', () => {
    const optimizer = new optim.SGD([parameter()], { lr: 0.1 });
    expect(new optim.StepLR(optimizer, 2).getLastLr()).toEqual([0.1]);
    const other = new optim.SGD([parameter()], { lr: 0.2 });
    other.loadStateDict(optimizer.stateDict());
    expect(other.paramGroups[0]).toMatchObject({ lr: 0.1, initialLr: 0.1 });
  });
});
