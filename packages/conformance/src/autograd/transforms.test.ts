import {
  autograd,
  func,
  manualSeed,
  mul,
  nn,
  noGrad,
  ones,
  rand,
  setDefaultDevice,
  tensor,
  vmap,
} from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { referenceDevice } from '../reference/device.ts';
import { leaf, scalar, scenario, vector } from './scenario.ts';

beforeAll(() => setDefaultDevice(referenceDevice()));

const cube = (x: Tensor): Tensor => x.pow(3).sum();
const square = (x: Tensor): Tensor => x.pow(2);
const times = (x: Tensor, y: Tensor): Tensor => mul(x, y);

scenario('functional_derivatives', async (t) => {
  const { functional } = autograd;
  const two: [Tensor, Tensor] = [vector(1, 2), vector(3, 4)];
  await t.values('jacobian', functional.jacobian(square, vector(1, 2)));
  const wide = functional.jacobian((x: Tensor) => x.pow(2).sum(1), vector(1, 2, 3, 4).reshape(2, 2));
  await t.values('of a matrix', [wide.shape, wide]);
  await t.values('two inputs', functional.jacobian(times, two));
  await t.values(
    'two outputs',
    functional.jacobian((x: Tensor) => [x.mul(2), x.sum()], vector(1, 2)),
  );
  await t.values(
    'two of both',
    functional.jacobian((x: Tensor, y: Tensor) => [x.mul(y), y.sum()], two),
  );
  const firstOnly = (x: Tensor, _y: Tensor): Tensor => x.mul(2);
  await t.values('independent', functional.jacobian(firstOnly, two));
  t.error('strict', () => functional.jacobian(firstOnly, two, { strict: true }));
  const x = leaf(1, 2);
  const recorded = functional.jacobian((v: Tensor) => v.pow(3), x, { createGraph: true });
  recorded.sum().backward();
  await t.values('recorded', [recorded.requiresGrad, functional.jacobian(square, x).requiresGrad, x.grad]);
  await t.values('hessian', functional.hessian(cube, vector(1, 2)));
  await t.values(
    'hessian of two',
    functional.hessian((a: Tensor, b: Tensor) => a.mul(b).mul(b).sum(), two),
  );
  t.error('hessian of a vector', () => functional.hessian(square, vector(1, 2)));
  await t.values('vjp', functional.vjp(square, vector(1, 2), vector(1, 10)));
  t.error('vjp without a vector', () => functional.vjp(square, vector(1, 2)));
  t.error('vjp of another size', () => functional.vjp(square, vector(1, 2), vector(1)));
  t.error('vjp of one of two', () =>
    functional.vjp((v: Tensor) => [v.mul(1), v.mul(1)], vector(1, 2), [vector(1, 1), vector(1)]),
  );
  await t.values('jvp', functional.jvp(square, vector(1, 2), vector(1, 10)));
  await t.values('jvp of two', functional.jvp(times, two, [vector(1, 0), vector(0, 1)]));
  await t.values('hvp', functional.hvp(cube, vector(1, 2), vector(1, 10)));
  await t.values('vhp', functional.vhp(cube, vector(1, 2), vector(1, 10)));
});

scenario('transforms', async (t) => {
  const product = (a: Tensor, b: Tensor): Tensor => a.mul(b).mul(b).sum();
  const [x, y] = [vector(1, 2), vector(3, 4)];
  await t.values('grad', func.grad(cube)(x));
  await t.values('twice', func.grad((v: Tensor) => func.grad(cube)(v).sum())(x));
  await t.values(
    'three times',
    func.grad((u: Tensor) =>
      func
        .grad((v: Tensor) => func.grad(cube)(v).sum())(u)
        .sum(),
    )(x),
  );
  t.log('flags', [func.grad(cube)(x).requiresGrad, func.grad(cube)(leaf(1, 2)).requiresGrad]);
  const w = leaf(2, 3);
  const inner = func.grad((v: Tensor) => v.pow(2).mul(w).sum())(x);
  inner.sum().backward();
  await t.values('around something that is trained', [inner.requiresGrad, inner, w.grad]);
  await t.values(
    'while nothing is recorded',
    noGrad(() => [func.grad(cube)(x), func.grad(cube)(leaf(1, 2)).requiresGrad]),
  );
  await t.values('second argument', func.grad(product, 1)(x, y));
  await t.values('last argument', func.grad(product, { argnums: -1 })(x, y));
  await t.values('both', func.grad(product, [0, 1])(x, y));
  await t.values('aux', func.grad((v: Tensor) => [cube(v), v.mul(7)] as const, { hasAux: true })(x));
  await t.values('value', func.gradAndValue(cube)(x));
  await t.values('value and aux', func.gradAndValue((v: Tensor) => [cube(v), v.mul(7)] as const, { hasAux: true })(x));
  await t.values(
    'by a structure',
    func.grad((p: { a: Tensor; b: Tensor[] }) => p.a.mul(p.b[0]!).sum())({ a: x, b: [y] }),
  );
  await t.values('independent', func.grad((_v: Tensor, u: Tensor) => cube(u))(x, y));
  t.error('not a scalar', () => func.grad((v: Tensor) => v.mul(2))(x));
  t.error('no such argument', () => func.grad(cube, 3)(x));
  const [output, pull] = func.vjp(square, x);
  await t.values('vjp', [output, pull(vector(1, 10)), output.requiresGrad]);
  await t.values('vjp of two', func.vjp(product, x, y)[1](scalar(2)));
  await t.values('jvp', func.jvp(square, [x], [vector(1, 10)]));
  const [value, push] = func.linearize(square, x);
  await t.values('linearize', [value, push(vector(1, 10)), push(vector(0, 1))]);
  await t.values('jacrev', func.jacrev(square)(x));
  await t.values('jacrev of two', func.jacrev(times, [0, 1])(x, y));
  await t.values('jacfwd', func.jacfwd((v: Tensor) => v.sum())(x));
  await t.values('hessian', func.hessian(cube)(x));
  await t.values('hessian of two', func.hessian(product, [0, 1])(x, y));
  const m = vector(1, 2, 3, 4).reshape(2, 2);
  await t.values('vmap', vmap((v: Tensor) => v.sum())(m));
  await t.values('vmap over columns', vmap(times, { inDims: [1, null], outDims: 1 })(m, vector(10, 100)));
  await t.values('vmap of two results', vmap((v: Tensor) => [v.mul(2), v.sum()])(m));
  const loss = (v: Tensor, s: Tensor): Tensor => v.pow(2).sum().mul(s);
  await t.values('per sample', vmap(func.grad(loss), { inDims: [0, null] })(m, scalar(3)));
  t.error('sizes', () => vmap(times)(m, vector(1, 2, 3)));
  t.error('random', () => vmap((v: Tensor) => v.add(rand([2])))(m));
  manualSeed(0);
  const same = vmap((_v: Tensor) => rand([2]), { randomness: 'same' })(m);
  await t.values('the same numbers', await same.at(0).equal(same.at(1)));
});

class Tied extends nn.Block {
  a = new nn.Linear(1, 1, { bias: false });
  b = new nn.Linear(1, 1, { bias: false });
  constructor() {
    super();
    this.b.weight = this.a.weight;
  }
  override forward(x: Tensor): Tensor {
    return this.b(this.a(x));
  }
}

scenario('functional_calls', async (t) => {
  const net = new nn.Linear(2, 1);
  noGrad(() => {
    net.weight.fill_(1);
    net.bias!.fill_(0);
  });
  const x = vector(1, 2).reshape(1, 2);
  const weight = vector(3, 5).reshape(1, 2);
  const call = func.functionalCall;
  await t.values('weight and bias', call(net, { weight, bias: vector(3) }, x));
  await t.values('weight alone', call(net, { weight }, [x]));
  await t.values('two dictionaries', call(net, [{ weight }, { bias: vector(1) }], x));
  await t.values('afterwards', [net(x), net.namedParameters().map(([name]) => name), [...net.stateDict().keys()]]);
  t.error('strict', () => call(net, { weight, other: weight }, x, { strict: true }));
  t.error('twice', () => call(net, [{ weight }, { weight }], x));
  t.error('a wrong shape', () => call(net, { weight: ones([1, 3]) }, x));
  await t.values('after the error', net(x));
  const gradients = func.grad((p: Record<string, Tensor>) => call(net, p, x).pow(2).sum())(
    Object.fromEntries(net.namedParameters()),
  );
  await t.values('gradients', [gradients['weight'], gradients['bias'], net.weight.grad]);
  const tied = new Tied();
  const one = ones([1, 1]);
  await t.values('tied', call(tied, { 'a.weight': one.mul(3) }, one));
  await t.values('untied', call(tied, { 'a.weight': one.mul(3), 'b.weight': one.mul(4) }, one, { tieWeights: false }));
  t.error('two values for one', () => call(tied, { 'a.weight': one.mul(3), 'b.weight': one.mul(4) }, one));
  const norm = new nn.BatchNorm1d(2);
  const state = Object.fromEntries(norm.namedBuffers().map(([name, buffer]) => [name, buffer.clone()]));
  call(norm, state, vector(1, 2, 3, 4).reshape(2, 2));
  await t.values('buffers of the call', [state['num_batches_tracked'], norm.numBatchesTracked, norm.runningMean]);
  const nets = [1, 2, 3].map(() => new nn.Linear(2, 1));
  t.log(
    'stacked',
    Object.entries(func.stackModuleState(nets)[0]).map(([name, p]) => [name, p.shape, p.requiresGrad, p.isLeaf]),
  );
  t.error('nothing to stack', () => func.stackModuleState([]));
  noGrad(() => {
    for (const [i, each] of nets.entries()) {
      each.weight.fill_(i);
      each.bias!.fill_(10 * i);
    }
  });
  const [params, buffers] = func.stackModuleState(nets);
  const ensemble = vmap((p: Record<string, Tensor>, b: Record<string, Tensor>) => call(nets[0]!, [p, b], x), [0, null]);
  await t.values('an ensemble', ensemble(params, buffers));
});

describe('transformations', () => {
  it('give types that follow from the function', async () => {
    const gradient = func.grad((p: { w: Tensor }, x: Tensor) => p.w.mul(x).sum())({ w: vector(1, 2) }, vector(3, 4));
    expect(await gradient.w.tolist()).toEqual([3, 4]);
    const [dx, dy] = func.grad(times, [0, 1])(scalar(3), scalar(5));
    expect([await dx.item(), await dy.item()]).toEqual([5, 3]);
    const second: Tensor = func.hessian(cube)(vector(2));
    expect(await second.tolist()).toEqual([[12]]);
  });

  it('refuse integers, asynchronous functions and what is no function', () => {
    expect(() => func.grad((x: Tensor) => x.sum())(tensor([1, 2]))).toThrow('floating point');
    expect(() => func.grad((async (x: Tensor) => x.sum()) as unknown as (x: Tensor) => Tensor)(vector(1))).toThrow(
      'must be synchronous',
    );
    expect(() => func.grad(3 as unknown as (x: Tensor) => Tensor)).toThrow(TypeError);
    expect(() => vmap(cube, { inDims: null })(vector(1))).toThrow('mapped over');
  });

  it('leave nothing pending but their results', async () => {
    const x = vector(1, 2);
    const before = await func.jacrev(square)(x).tolist();
    expect(before).toEqual([
      [2, 0],
      [0, 4],
    ]);
    const net = new nn.Linear(1, 1);
    const handle = net.registerForwardHook(() => {
      throw new Error('no');
    });
    expect(() => func.functionalCall(net, { weight: ones([1, 1]) }, ones([1, 1]))).toThrow('no');
    handle.remove();
    expect(net.weight).toBe(net.parameters()[0]);
    expect(net.weight.requiresGrad).toBe(true);
  });
});
