import { autograd, nn, ones, optim, setDefaultDevice, tensor } from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { referenceDevice } from '../reference/device.ts';
import { leaf, scenario, vector } from './scenario.ts';

beforeAll(() => setDefaultDevice(referenceDevice()));

const { grad, gradcheck, gradgradcheck } = autograd;
type Context = autograd.FunctionContext;

class Square extends autograd.Function {
  static forward(ctx: Context, x: Tensor): Tensor {
    ctx.saveForBackward(x);
    return x.mul(x);
  }
  static backward(ctx: Context, gradient: Tensor): Tensor {
    const [x] = ctx.savedTensors;
    return gradient.mul(x!).mul(2);
  }
}

/** Its derivative is written in terms of its result. */
class Reciprocal extends autograd.Function {
  static forward(ctx: Context, x: Tensor): Tensor {
    const y = x.reciprocal();
    ctx.saveForBackward(y);
    return y;
  }
  static backward(ctx: Context, gradient: Tensor): Tensor {
    const [y] = ctx.savedTensors;
    return gradient.neg().mul(y!).mul(y!);
  }
}

const calls: unknown[] = [];

class Both extends autograd.Function {
  static forward(ctx: Context, x: Tensor, y: Tensor, factor: number): [Tensor, Tensor] {
    ctx['factor'] = factor;
    ctx.saveForBackward(x, y);
    return [x.mul(y), x.add(y).mul(factor)];
  }
  static backward(ctx: Context, first: Tensor, second: Tensor): (Tensor | null)[] {
    const [x, y] = ctx.savedTensors;
    const factor = ctx['factor'] as number;
    calls.push([first, second, ctx.needsInputGrad]);
    return [first.mul(y!).add(second.mul(factor)), first.mul(x!).add(second.mul(factor)), null];
  }
}

class Unmaterialized extends autograd.Function {
  static forward(ctx: Context, x: Tensor): [Tensor, Tensor] {
    ctx.setMaterializeGrads(false);
    return [x.mul(2), x.mul(3)];
  }
  static backward(_ctx: Context, first: Tensor, second: Tensor | null): Tensor {
    calls.push([first, second]);
    return second === null ? first.mul(2) : first.mul(2).add(second.mul(3));
  }
}

class Setup extends autograd.Function {
  static forward(x: Tensor, power: number): Tensor {
    return x.pow(power);
  }
  static setupContext(ctx: Context, [x, power]: [Tensor, number], _output: Tensor): void {
    ctx['power'] = power;
    ctx.saveForBackward(x);
  }
  static backward(ctx: Context, gradient: Tensor): (Tensor | null)[] {
    const [x] = ctx.savedTensors;
    const power = ctx['power'] as number;
    return [gradient.mul(x!.pow(power - 1)).mul(power), null];
  }
}

class Chosen extends autograd.Function {
  static forward(ctx: Context, x: Tensor): [Tensor, Tensor] {
    const where = x.argmax();
    ctx.markNonDifferentiable(where);
    return [x.mul(2), where];
  }
  static backward(_ctx: Context, gradient: Tensor): Tensor {
    return gradient.mul(2);
  }
}

let answer: Tensor | (Tensor | null)[] | null = null;

class Wrong extends autograd.Function {
  static forward(_ctx: Context, x: Tensor): Tensor {
    return x.mul(2);
  }
  static backward(): Tensor | (Tensor | null)[] | null {
    return answer;
  }
}

class Backless extends autograd.Function {
  static forward(_ctx: Context, x: Tensor): Tensor {
    return x.mul(2);
  }
}

class Forwardless extends autograd.Function {}

scenario('custom_functions', async (t) => {
  let x = leaf(1, 2);
  const y = Square.apply(x);
  y.sum().backward();
  await t.values('square', [y, y.requiresGrad, y.isLeaf, x.grad]);
  t.log('without a gradient', Square.apply(vector(3)).requiresGrad);
  x = leaf(1, 2, 4);
  const [first] = grad(Reciprocal.apply(x).sum(), x, { createGraph: true });
  const [second] = grad(first!.sum(), x, { createGraph: true });
  await t.values('derivatives', [first, second, grad(second!.sum(), x)[0]]);
  const [a, b] = [leaf(1, 2), leaf(3, 4)];
  const [p, q] = Both.apply(a, b, 5);
  p.sum().add(q.sum()).backward();
  await t.values('two results', [p, q, a.grad, b.grad]);
  Both.apply(leaf(1, 2), vector(3, 4), 5)[0].sum().backward();
  await t.values('calls', calls.splice(0));
  x = leaf(1, 2);
  Unmaterialized.apply(x)[0].sum().backward();
  await t.values('unmaterialized', [calls.splice(0), x.grad]);
  x = leaf(1, 2);
  const [slope] = grad(Setup.apply(x, 3).sum(), x, { createGraph: true });
  await t.values('with setupContext', [slope, grad(slope!.sum(), x)[0]]);
  const [chosen, where] = Chosen.apply(leaf(1, 2));
  await t.values('not differentiable', [chosen.requiresGrad, where.requiresGrad, where]);
  const inside = leaf(1, 2);
  Square.apply(inside.mul(0)).mul(2).sigmoid().sum().backward();
  await t.values('inside a network', inside.grad);
  const twice = leaf(1, 2);
  const z = Square.apply(twice);
  z.sum().backward({ retainGraph: true });
  z.sum().backward();
  await t.values('walked twice', twice.grad);
  const answers: [string, typeof answer][] = [
    ['one too many', [vector(1, 1), vector(1, 1)]],
    ['another shape', vector(1, 2, 3)],
    ['to be summed', ones([3, 2])],
    ['another dtype', ones([2], { dtype: 'float64' })],
    ['nothing', null],
  ];
  for (const [label, given] of answers) {
    answer = given;
    x = leaf(1, 2);
    t.error(label, () => Wrong.apply(x).sum().backward());
    await t.values(`${label}, gradient`, x.grad);
  }
  t.error('no backward', () => Backless.apply(leaf(1)).sum().backward());
  t.error('no forward', () => (Forwardless as unknown as typeof Backless).apply(leaf(1)));
  const at = tensor([1, 2], { dtype: 'float64', requiresGrad: true });
  t.log('gradcheck', [
    await gradcheck((v) => Square.apply(v), [at]),
    await gradgradcheck((v) => Reciprocal.apply(v), [at]),
  ]);
  answer = ones([2], { dtype: 'float64' }).mul(3);
  t.log('gradcheck of a wrong one', await gradcheck((v) => Wrong.apply(v), [at], { raiseException: false }));
  await gradcheck((v) => Square.apply(v), [at.detach()]).catch((error: Error) =>
    t.log('no input to check', error.message),
  );
});

describe('a function with a derivative of its own', () => {
  it('is part of a model that trains, also when its value has been read before', async () => {
    class Net extends nn.Block {
      linear = new nn.Linear(2, 1);
      override forward(x: Tensor): Tensor {
        return Square.apply(this.linear(x));
      }
    }
    const net = new Net().hybridize();
    const optimizer = new optim.SGD(net.parameters(), { lr: 0.01 });
    const losses: number[] = [];
    for (let step = 0; step < 4; step++) {
      optimizer.zeroGrad();
      const loss = net(ones([3, 2]))
        .sub(4)
        .square()
        .mean();
      losses.push(await loss.item());
      loss.backward();
      await optimizer.step();
    }
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(losses[3]).toBeLessThan(losses[0]!);
  });

  it('shows both Jacobians when they differ', async () => {
    answer = ones([2], { dtype: 'float64' }).mul(3);
    const at = tensor([1, 2], { dtype: 'float64', requiresGrad: true });
    await expect(gradcheck((v) => Wrong.apply(v), at)).rejects.toThrow(
      /Jacobian mismatch[^]*numerical:[^]*analytical:/,
    );
  });
});
