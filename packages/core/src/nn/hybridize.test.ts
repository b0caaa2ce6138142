import { describe, expect, it } from 'vitest';
import type { Tensor } from '../index.ts';
import { nn, noGrad, ones, tensor } from '../index.ts';

/** Counts how often its JavaScript runs. */
class Scale extends nn.Block {
  calls = 0;
  weight = new nn.Parameter(tensor([2, 3], { dtype: 'float32' }));
  override forward(x: Tensor): Tensor {
    this.calls++;
    const y = x.mul(this.weight);
    return this.training ? y.add(1) : y;
  }
}

function network(): { net: (x: Tensor) => Tensor; inner: Scale; outer: nn.Sequential<nn.Block[]> } {
  const inner = new Scale();
  const outer = new nn.Sequential<nn.Block[]>(new nn.Sequential<nn.Block[]>(inner), new nn.ReLU());
  outer.hybridize();
  return { net: outer, inner, outer };
}

const text = (y: Tensor): string => y.node.inputs.map(({ op }) => op).join();
const x = ones([2]);

describe('what a hybridized block has recorded', () => {
  it('is replayed while nothing changes', () => {
    const { net, inner } = network();
    for (let i = 0; i < 4; i++) net(x);
    expect(inner.calls).toBe(1);
    expect(net(x).node.inputs[0]!.inputs[0]!.inputs[1]).toBe(inner.weight.node);
  });

  it('is kept for each mode of a block inside', () => {
    const { net, inner } = network();
    expect(text(net(x))).toBe('add');
    inner.eval();
    expect(text(net(x))).toBe('mul');
    inner.train();
    expect(text(net(x))).toBe('add');
    expect(inner.calls).toBe(2);
  });

  it('is dropped with a parameter that is replaced', () => {
    const { net, inner } = network();
    net(x);
    inner.weight = new nn.Parameter(tensor([5, 7], { dtype: 'float32' }));
    const y = net(x);
    expect(inner.calls).toBe(2);
    expect(y.node.inputs[0]!.inputs[0]!.inputs[1]).toBe(inner.weight.node);
  });

  it('is dropped with a child that is replaced, added or removed', () => {
    const { net, outer } = network();
    net(x);
    outer.replace(1, new nn.Tanh());
    expect(net(x).node.op).toBe('tanh');
    outer.append(new nn.ReLU());
    expect(net(x).node.op).toBe('relu');
    outer.pop();
    expect(net(x).node.op).toBe('tanh');
    (outer._modules as Map<string, unknown>).set('1', new nn.ReLU());
    expect(net(x).node.op).toBe('relu');
  });

  it('is dropped when hooks of a block inside come and go', () => {
    const { net, inner } = network();
    net(x);
    const handle = inner.registerForwardHook((_block, _inputs, output) => output.neg());
    expect(text(net(x))).toBe('neg');
    handle.remove();
    expect(text(net(x))).toBe('add');
  });

  it('follows a new value, and another need of gradients', () => {
    const { net, inner } = network();
    net(x);
    noGrad(() => inner.weight.fill_(4));
    expect(net(x).node.inputs[0]!.inputs[0]!.inputs[1]).toBe(inner.weight.node);
    expect(inner.calls).toBe(1);
    inner.weight.requiresGrad_(false);
    expect(net(x).requiresGrad).toBe(false);
  });

  it('takes back what a forward that fails has done to state', () => {
    class Failing extends nn.Block {
      state = this.registerBuffer('count', ones([1]));
      declare count: Tensor;
      override forward(input: Tensor): Tensor {
        noGrad(() => this.count.add_(1));
        if (input.shape[0] === 3) throw new RangeError('three');
        return input;
      }
    }
    const failing = new Failing().hybridize();
    const before = failing.count.node;
    expect(() => failing(ones([3]))).toThrow('three');
    expect(failing.count.node).toBe(before);
  });
});
