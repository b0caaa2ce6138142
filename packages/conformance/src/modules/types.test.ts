import { load, nn, ones, setDefaultDevice } from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import { beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { referenceDevice } from '../reference/device.ts';

// The expectations about types are checked by the compiler (pnpm typecheck); the tests also run what they type.

class Pair extends nn.Block {
  override forward(x: Tensor, y: Tensor): [Tensor, Tensor] {
    return [x.add(y), x.sub(y)];
  }
}
class Split extends nn.Block {
  override forward(x: Tensor): { readonly mean: Tensor; readonly rest: Tensor } {
    return { mean: x.mean(), rest: x.sub(x.mean()) };
  }
}
class Join extends nn.Block {
  override forward({ mean, rest }: { mean: Tensor; rest: Tensor }): Tensor {
    return rest.add(mean);
  }
}
class Waiting extends nn.Block {
  override async forward(x: Tensor): Promise<Tensor> {
    await x.sum().item();
    return x.mul(2);
  }
}
class Labelled extends nn.Block {
  override forward(x: Tensor, label: string, options: { scale?: number } = {}): { label: string; y: Tensor } {
    return { label, y: x.mul(options.scale ?? 1) };
  }
}

describe('types', () => {
  beforeAll(() => setDefaultDevice(referenceDevice()));

  it('a block is called as its forward', async () => {
    expectTypeOf(new Pair()).toBeCallableWith(ones([2]), ones([2]));
    expectTypeOf(new Pair()(ones([2]), ones([2]))).toEqualTypeOf<[Tensor, Tensor]>();
    expectTypeOf(new Waiting()(ones([2]))).toEqualTypeOf<Promise<Tensor>>();
    const labelled = new Labelled()(ones([1]), 'a', { scale: 3 });
    expectTypeOf(labelled).toEqualTypeOf<{ label: string; y: Tensor }>();
    expect([labelled.label, await labelled.y.item()]).toEqual(['a', 3]);
    // @ts-expect-error the second input is missing
    expect(() => new Pair()(ones([2]))).toThrow('expected a Tensor');
    // @ts-expect-error a label is a text
    new Labelled()(ones([1]), 3);
    expectTypeOf<Parameters<nn.Linear['forward']>>().toEqualTypeOf<[x: Tensor]>();
  });

  it('a chain gives what its last member gives, and takes what its first one takes', async () => {
    const chain = new nn.Sequential(new nn.Linear(2, 2), new nn.ReLU());
    expectTypeOf(chain(ones([1, 2]))).toEqualTypeOf<Tensor>();
    const splits = new nn.Sequential(new nn.ReLU(), new Split());
    expectTypeOf(splits(ones([2]))).toEqualTypeOf<{ readonly mean: Tensor; readonly rest: Tensor }>();
    const joined = new nn.Sequential(splits, new Join());
    expectTypeOf(joined(ones([2]))).toEqualTypeOf<Tensor>();
    expect(await joined(ones([2])).tolist()).toEqual([1, 1]);
    const first = new nn.Sequential(new Pair());
    expectTypeOf<Parameters<typeof first.forward>>().toEqualTypeOf<[x: Tensor, y: Tensor]>();
  });

  it('one asynchronous member makes a chain asynchronous, nested ones too', async () => {
    const chain = new nn.Sequential(new nn.ReLU(), new Waiting(), new nn.ReLU());
    expectTypeOf(chain(ones([2]))).toEqualTypeOf<Promise<Tensor>>();
    const nested = new nn.Sequential(new nn.Sequential(chain, new nn.ReLU()), new nn.Tanh());
    expectTypeOf(nested(ones([2]))).toEqualTypeOf<Promise<Tensor>>();
    expect(await (await chain(ones([2]))).tolist()).toEqual([2, 2]);
    expectTypeOf(new nn.Sequential(new nn.ReLU(), new nn.ReLU())(ones([2]))).toEqualTypeOf<Tensor>();
  });

  it('members keep their classes', () => {
    const chain = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU(), new nn.Conv2d(1, 1, 1));
    expectTypeOf(chain.at(0)).toEqualTypeOf<nn.Linear>();
    expectTypeOf(chain.at(0).weight).toEqualTypeOf<nn.Parameter>();
    expectTypeOf(chain.at(1)).toEqualTypeOf<nn.ReLU>();
    const list = new nn.ModuleList([new nn.Linear(1, 1), new nn.Linear(1, 2)]);
    expectTypeOf(list).toEqualTypeOf<nn.ModuleList<nn.Linear>>();
    expectTypeOf(list[0]!).toEqualTypeOf<nn.Linear>();
    expectTypeOf(list.slice(1)).toEqualTypeOf<nn.ModuleList<nn.Linear>>();
    expectTypeOf(list.pop()).toEqualTypeOf<nn.Linear>();
    expectTypeOf([...list]).toEqualTypeOf<nn.Linear[]>();
    // @ts-expect-error the list holds linear layers
    list.append(new nn.ReLU());
    const dict = new nn.ModuleDict({ a: new nn.Linear(1, 1) });
    expectTypeOf(dict.get('a')).toEqualTypeOf<nn.Linear>();
    const values = new nn.ParameterList([ones([1])]);
    expectTypeOf(values.at(0)).toEqualTypeOf<nn.Parameter>();
    expectTypeOf(new nn.ParameterDict().get('x', null)).toEqualTypeOf<nn.Parameter | null>();
    expectTypeOf(nn.deepcopy(chain)).toEqualTypeOf<typeof chain>();
    expectTypeOf(chain.to('float32').train().requiresGrad_(false)).toEqualTypeOf<typeof chain>();
    expect(chain.at(0)).toBeInstanceOf(nn.Linear);
  });

  it('blocks out of a list take tensors and give one', async () => {
    const net = new nn.Sequential(new nn.ReLU());
    for (const child of net.children()) {
      expectTypeOf(child(ones([1]))).toExtend<Tensor>();
      expect(await child(ones([1])).tolist()).toEqual([1]);
    }
    const any: nn.Sequential = net;
    expectTypeOf(any(ones([1]))).toEqualTypeOf<Tensor>();
  });

  it('fields and arguments of type Block or Module are called with anything', async () => {
    class Holder extends nn.Module {
      inner: nn.Module;
      constructor(inner: nn.Block) {
        super();
        this.inner = inner;
      }
      override forward(x: Tensor): Tensor {
        return this.inner(x);
      }
    }
    const make = (count: number): nn.Sequential => {
      const layers: nn.Module[] = [];
      for (let i = 0; i < count; i++) layers.push(new nn.ReLU());
      return new nn.Sequential(...layers);
    };
    const size = (block: nn.Block): number => block.parameters().length;
    expect(size(new Split()) + size(make(2)) + size(new Holder(new Split()))).toBe(0);
    expect(await new Holder(make(2))(ones([1])).tolist()).toEqual([1]);
    expectTypeOf(make(1)(ones([1]))).toEqualTypeOf<Tensor>();
  });

  it('what a file holds is a dict of tensors unless it is said what else', () => {
    const restore = async (net: nn.Linear): Promise<nn.LoadResult> => net.loadStateDict(await load('net.pt'));
    expectTypeOf(restore).toBeFunction();
    const read = () => load('net.pt');
    expectTypeOf(read).returns.resolves.toEqualTypeOf<nn.StateDict>();
    expectTypeOf(load<Map<'model', nn.StateDict>>).returns.resolves.toEqualTypeOf<Map<'model', nn.StateDict>>();
  });

  it('hooks are typed, and handles can be used', () => {
    const net = new nn.ReLU();
    const handle = net.registerForwardHook((block, inputs, output) => {
      expectTypeOf(block).toEqualTypeOf<nn.ReLU>();
      expectTypeOf(inputs).toEqualTypeOf<readonly [x: Tensor]>();
      expectTypeOf(output).toEqualTypeOf<Tensor>();
    });
    const anyHook: nn.ForwardHook = (_block, _inputs, output) => {
      expectTypeOf(output).toBeUnknown();
    };
    for (const child of new nn.Sequential(net, new Split()).modules()) child.registerForwardHook(anyHook);
    new Split().registerForwardHook(anyHook);
    new Split().registerForwardHook((_, [x], { mean }) => {
      expectTypeOf([x, mean]).toEqualTypeOf<Tensor[]>();
    });
    expectTypeOf(handle).toExtend<Disposable>();
    net(ones([1]));
    handle.remove();
    expectTypeOf(net.namedParameters()).toEqualTypeOf<[string, nn.Parameter][]>();
    expectTypeOf(net.stateDict()).toEqualTypeOf<nn.StateDict>();
    expectTypeOf(net.loadStateDict({})).toEqualTypeOf<nn.LoadResult>();
  });
});
