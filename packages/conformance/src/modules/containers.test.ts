import { nn, ones, setDefaultDevice, tensor, zeros } from '@chimera-nn/core';
import { beforeAll } from 'vitest';
import { referenceDevice } from '../reference/device.ts';
import { parameter } from './pieces.ts';
import { scenario } from './transcript.ts';

beforeAll(() => setDefaultDevice(referenceDevice()));

const { ReLU, Tanh, Sigmoid, GELU, ELU, SELU, Mish } = nn;
const known = { ReLU, Tanh, Sigmoid, GELU, ELU, SELU, Mish };

function activations(...kinds: (keyof typeof known)[]): nn.Block[] {
  return kinds.map((kind) => new known[kind]());
}

const children = (block: nn.Block): string[][] =>
  block.namedChildren().map(([name, child]) => [name, child.constructor.name]);
const kindOf = (block: object): string => block.constructor.name;
const number = 3 as never;

scenario('sequential', async (t) => {
  const net = new nn.Sequential<nn.Block[]>(...activations('ReLU', 'Tanh', 'Sigmoid'));
  const show = (label: string, block: nn.Block = net): void => t.log(label, children(block));
  show('made');
  t.log('length', net.length);
  t.log('at', [kindOf(net[0]!), kindOf(net[-1]!)]);
  net[1] = new nn.GELU();
  net[-1] = new nn.SELU();
  show('replaced');
  t.error('beyond', () => net[3]);
  t.error('before', () => net[-4]);
  t.error('replaced beyond', () => net.replace(3, new nn.ReLU()));
  t.error('replaced by a number', () => net.replace(0, number));
  net.append(new nn.ELU());
  net.extend(new nn.Sequential<nn.Block[]>(...activations('Mish', 'Tanh')));
  show('appended');
  t.error('append no block', () => net.append(number));
  show('slice', net.slice(1, 3));
  show('slice with steps', net.slice(null, null, 2));
  show('slice backwards bounds', net.slice(-2));
  show('empty slice', net.slice(4, 2));
  net.insert(0, new nn.Tanh());
  net.insert(-1, new nn.Sigmoid());
  net.insert(net.length, new nn.ELU());
  show('inserted');
  t.error('insert beyond', () => net.insert(20, new nn.ReLU()));
  delete net[0];
  delete net[-1];
  show('deleted');
  t.error('delete beyond', () => net.removeAt(30));
  t.log('popped', kindOf(net.pop(1)));
  show('after it');
  net.removeSlice(1, 3);
  show('slice deleted');
  show('sum', net.concat(new nn.Sequential<nn.Block[]>(...activations('Mish'))));
  t.error('sum with a list', () => net.concat([new nn.ReLU()] as never));
  show('twice', net.slice(null, 2).repeat(2));
  t.error('zero times', () => net.repeat(0));
  const named = new nn.Sequential<nn.Block[]>();
  for (const [i, block] of activations('ReLU', 'Tanh', 'GELU').entries())
    named.addModule(['one', 'two', 'three'][i]!, block);
  show('named', named);
  t.log('named at', [kindOf(named[1]!), kindOf((named as unknown as { two: nn.Block }).two)]);
  show('named slice', named.slice(1));
  named[0] = new nn.Mish();
  show('named replaced', named);
  delete named[1];
  show('named deleted', named);
  await t.values('empty', [new nn.Sequential().length, new nn.Sequential()(ones([2]))]);
  const order = new nn.Sequential<nn.Block[]>();
  for (const name of ['10', '2', '1']) order.addModule(name, new nn.ReLU());
  show('insertion order', order);
  t.error('no block', () => new nn.Sequential(new nn.ReLU(), number));
});

scenario('module_list', (t) => {
  const items = new nn.ModuleList(activations('ReLU', 'Tanh'));
  const show = (label: string, block: nn.Block = items): void => t.log(label, children(block));
  show('made');
  items.append(new nn.GELU());
  items.extend(activations('ELU', 'Mish'));
  show('grown');
  items[0] = new nn.SELU();
  items[-1] = new nn.Sigmoid();
  show('replaced');
  items.insert(1, new nn.ReLU());
  show('inserted');
  delete items[0];
  show('deleted');
  t.log('popped', [kindOf(items.pop(0)), kindOf(items.pop())]);
  show('after it');
  show('slice', items.slice(1));
  show('slice backwards', items.slice(null, null, -1));
  show('sum', items.concat(activations('Mish', 'Tanh')));
  items.removeSlice(0, 1);
  show('slice deleted');
  t.log('iterated', [...items].map(kindOf));
  t.log('length', [items.length, new nn.ModuleList().length]);
  t.error('beyond', () => items[2]);
  t.error('replaced beyond', () => items.replace(2, new nn.ReLU()));
  t.error('replaced by a number', () => items.replace(0, number));
  t.error('append a number', () => items.append(number));
  t.error('extend by a number', () => items.extend(number));
  t.error('call', () => (items as unknown as nn.AnyBlock)(zeros([1])));
});

scenario('module_dict', (t) => {
  const items = new nn.ModuleDict<nn.Block>({ b: new nn.ReLU(), a: new nn.Tanh() });
  const show = (label: string, block: nn.Block = items): void => t.log(label, children(block));
  show('made');
  show(
    'from pairs',
    new nn.ModuleDict<nn.Block>([
      ['z', new nn.ReLU()],
      ['y', new nn.GELU()],
    ]),
  );
  items.set('c', new nn.GELU());
  items.set('b', new nn.Mish());
  show('set');
  items.update({ d: new nn.ELU(), a: new nn.SELU() });
  items.update(new nn.ModuleDict({ e: new nn.Tanh() }));
  show('updated');
  t.log('keys', [...items.keys()]);
  t.log('values', [...items.values()].map(kindOf));
  t.log(
    'items',
    [...items.items()].map(([key, block]) => [key, kindOf(block)]),
  );
  t.log('iterated', [...items]);
  t.log('has', [items.has('a'), items.has('q'), items.length]);
  t.log('popped', kindOf(items.pop('a')));
  items.delete('b');
  show('removed');
  t.error('a dot', () => items.set('x.y', new nn.ReLU()));
  t.error("a method's name", () => items.set('keys', new nn.ReLU()));
  t.error("a property's name", () => items.set('training', new nn.ReLU()));
  t.error('no block', () => items.set('n', number));
  t.error('update by a number', () => items.update(number));
  t.error('update by numbers', () => items.update([3] as never));
  t.error('update by triples', () => items.update([['a', new nn.ReLU(), 3]] as never));
  t.error('call', () => (items as unknown as nn.AnyBlock)(zeros([1])));
  items.set('set', new nn.ReLU());
  items.set('length', new nn.ReLU());
  show('names that JavaScript has taken');
  t.log('with state', [...new nn.ModuleDict({ get: new nn.Linear(1, 1) }).stateDict().keys()]);
  items.clear();
  show('cleared');
});

const parametersOf = (block: nn.Block): unknown[] =>
  block.namedParameters().map(([name, p]) => [name, p.shape, kindOf(p)]);
const entry = (name: string, ...shape: number[]): [string, nn.Parameter] => [name, parameter(...shape)];

scenario('parameter_list', (t) => {
  const items = new nn.ParameterList([parameter(1), zeros([2])]);
  const show = (label: string, block: nn.Block = items): void => t.log(label, parametersOf(block));
  show('made');
  items.append(zeros([3]));
  items.extend([parameter(4), parameter(5)]);
  show('grown');
  items[0] = zeros([6]);
  items[-1] = parameter(7);
  show('replaced');
  show('slice', items.slice(1, 3));
  show('slice with steps', items.slice(null, null, -2));
  t.log('at', [items[0].shape, items[-1]!.shape, items.length]);
  t.log(
    'iterated',
    [...items].map(({ shape }) => shape),
  );
  t.log('same', items.slice(1)[0] === items[1]);
  t.error('beyond', () => items[5]);
  t.error('replaced beyond', () => items.set(5, parameter(1)));
  t.error('extend by a tensor', () => items.extend(zeros([2]) as never));
  t.error('extend by a number', () => items.extend(number));
  t.error('call', () => (items as unknown as nn.AnyBlock)(zeros([1])));
  t.log('printed', String(items));
  t.log(
    'printed, of other dtypes',
    String(new nn.ParameterList([zeros([2, 3], { dtype: 'float64' }), tensor(1, { dtype: 'float32' })])),
  );
  t.log('printed, empty', String(new nn.ParameterList()));
});

scenario('parameter_dict', (t) => {
  const items = new nn.ParameterDict({ b: parameter(1), a: zeros([2]) });
  const show = (label: string, block: nn.Block = items): void => t.log(label, parametersOf(block));
  show('a dict is sorted');
  items.set('d', zeros([3]));
  items.set('c', parameter(4));
  items.set('b', parameter(5));
  show('set');
  items.update([entry('z', 1), entry('y', 1)]);
  items.update(new nn.ParameterDict([entry('q', 2), entry('p', 2)]));
  items.update({ x: parameter(3), w: parameter(3) });
  show('updated');
  t.log('keys', [...items.keys()]);
  t.log('reversed', [...items.reversed()]);
  t.log(
    'values',
    [...items.values()].map(({ shape }) => shape),
  );
  t.log(
    'items',
    [...items.items()].map(([key, { shape }]) => [key, shape]),
  );
  t.log('has', [items.has('a'), items.has('nothing'), items.length]);
  t.log('get', [items.get('a').shape, items.get('nothing', null)]);
  t.log('popped', items.pop('a').shape);
  const [key, value] = items.popitem();
  t.log('popped item', [key, value!.shape]);
  t.log('default', [items.setdefault('d', parameter(9))!.shape, items.setdefault('new', parameter(9))!.shape]);
  const twin = items.copy();
  show('copied', twin);
  t.log('the same parameters', twin.get('d') === items.get('d'));
  show('union', items.union(new nn.ParameterDict([entry('d', 8), entry('u', 8)])));
  show('from keys', items.fromkeys(['k', 'j'], parameter(2)));
  const empty = items.fromkeys(['k']);
  t.log('null entries', [[...empty.keys()], empty.length, [...empty.stateDict().keys()], empty.get('k', null)]);
  items.delete('d');
  show('deleted');
  t.error('update by a number', () => items.update(number));
  t.error('update by numbers', () => items.update([3] as never));
  t.error('update by triples', () => items.update([['a', parameter(1), 3]] as never));
  t.error('call', () => (items as unknown as nn.AnyBlock)(zeros([1])));
  t.log('printed', String(items));
  t.log('printed, null', String(empty));
  items.clear();
  t.log('cleared', [items.length, [...items.stateDict().keys()]]);
});
