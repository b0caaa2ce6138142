import { nn, ones, setDefaultDevice, tensor, zeros } from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { referenceDevice } from '../reference/device.ts';
import type { Loose } from './pieces.ts';
import { listing, names, parameter, Piece, piece, sharedTree } from './pieces.ts';
import { scenario } from './transcript.ts';

beforeAll(() => setDefaultDevice(referenceDevice()));

scenario('registration', (t) => {
  const m = piece();
  const list = (label: string): void => t.log(label, listing(m));
  m['weight'] = parameter(2);
  m['child'] = new Piece();
  m.registerBuffer('mean', zeros([2]));
  m['plain'] = zeros([3]);
  list('assigned');
  m.registerParameter('bias', null);
  m.addModule('gap', null);
  m.registerBuffer('empty', null);
  list('null entries');
  m['bias'] = parameter(1);
  m['gap'] = new Piece();
  m['empty'] = zeros([1]);
  list('filled later, in their places');
  m['weight'] = null;
  m['child'] = null;
  m['mean'] = null;
  list('set to null');
  m['weight'] = parameter(3);
  m['child'] = new nn.ReLU();
  m['mean'] = ones([2]);
  list('set again');
  m['mean'] = parameter(2);
  list('a parameter over a buffer');
  m['child'] = parameter(2);
  list('a parameter over a child');
  m['empty'] = new Piece();
  list('a child over a buffer');
  delete m['weight'];
  delete m['gap'];
  list('deleted');
  m['weight'] = 3;
  list('an ordinary property after the deletion');
  m['later'] = parameter(1);
  m['gap'] = new Piece();
  list('added at the end');
  m['plain'] = parameter(4);
  list('a parameter over an ordinary property');
  m.registerModule('other', new Piece());
  m.registerParameter('later', parameter(5));
  m.addModule('gap', new nn.ReLU());
  list('registered again under their names');
  t.log(
    'shapes',
    m.parameters().map(({ shape }) => shape),
  );
});

scenario('registration_errors', (t) => {
  const m = piece();
  m['weight'] = parameter(2);
  m['child'] = new Piece();
  m.registerBuffer('mean', zeros([2]));
  m['plain'] = 1;
  const assign = (name: string, value: unknown) => (): void => {
    m[name] = value;
  };
  const number = 3 as never;
  t.error('a tensor over a parameter', assign('weight', zeros([2])));
  t.error('a child over a parameter', assign('weight', new Piece()));
  t.error('a number over a parameter', assign('weight', 3));
  t.error('a tensor over a child', assign('child', zeros([2])));
  t.error('a number over a child', assign('child', 3));
  t.error('a text over a buffer', assign('mean', 'x'));
  t.error('a number over a buffer', assign('mean', 3));
  t.error('parameter name with a dot', () => m.registerParameter('a.b', null));
  t.error('buffer name with a dot', () => m.registerBuffer('a.b', null));
  t.error('child name with a dot', () => m.addModule('a.b', null));
  t.error('empty parameter name', () => m.registerParameter('', null));
  t.error('empty buffer name', () => m.registerBuffer('', null));
  t.error('empty child name', () => m.addModule('', null));
  t.error('parameter name no text', () => m.registerParameter(number, null));
  t.error('buffer name no text', () => m.registerBuffer(number, null));
  t.error('child name no text', () => m.addModule(number, null));
  t.error('parameter over an ordinary property', () => m.registerParameter('plain', parameter(1)));
  t.error('buffer over a parameter', () => m.registerBuffer('weight', zeros([1])));
  t.error('child over a buffer', () => m.addModule('mean', new Piece()));
  t.error('parameter over a method', () => m.registerParameter('forward', parameter(1)));
  t.error('a tensor as a parameter', () => m.registerParameter('other', zeros([1])));
  t.error('a number as a buffer', () => m.registerBuffer('other', number));
  t.error('a number as a child', () => m.addModule('other', number));
  t.error('a Buffer over an ordinary property', assign('plain', new nn.Buffer(zeros([1]))));
  t.error('a Buffer over a child', assign('child', new nn.Buffer(zeros([1]))));
  t.log('nothing has changed', listing(m));
});

scenario('buffers', (t) => {
  const m = piece();
  const list = (label: string): void => t.log(label, listing(m));
  m.registerBuffer('kept', zeros([1]));
  m.registerBuffer('scratch', zeros([1]), { persistent: false });
  list('persistent or not');
  m['kept'] = ones([1]);
  m['scratch'] = ones([1]);
  list('reassigned');
  m.registerBuffer('kept', zeros([2]), { persistent: false });
  m.registerBuffer('scratch', zeros([2]));
  list('toggled');
  delete m['kept'];
  m.registerBuffer('kept', zeros([1]));
  list('deleted and registered again');
  m['first'] = new nn.Buffer(zeros([1]));
  m['second'] = new nn.Buffer(zeros([1]), { persistent: false });
  list('assigned as Buffer');
  m['first'] = new nn.Buffer(zeros([1]), { persistent: false });
  m['second'] = new nn.Buffer(zeros([1]));
  list('toggled by assignment');
  m['second'] = null;
  m['second'] = zeros([3]);
  list('null and back');
  t.log('listed', names(m.namedBuffers()));
  const { missingKeys, unexpectedKeys } = m.loadStateDict({}, { strict: false });
  t.log('loading needs the persistent ones', [missingKeys, unexpectedKeys]);
});

scenario('traversal', (t) => {
  const root = sharedTree();
  t.log('parameters', names(root.namedParameters()));
  t.log('parameters with duplicates', names(root.namedParameters({ removeDuplicate: false })));
  t.log('parameters with a prefix', names(root.namedParameters('net')));
  t.log('own parameters', names(root.namedParameters({ recurse: false })));
  t.log('own parameters with a prefix', names(root.namedParameters({ prefix: 'net', recurse: false })));
  t.log('buffers', names(root.namedBuffers()));
  t.log('buffers with duplicates', names(root.namedBuffers({ prefix: 'x', removeDuplicate: false })));
  t.log('own buffers', names(root.namedBuffers({ recurse: false })));
  t.log('children', names(root.namedChildren()));
  t.log('modules', names(root.namedModules()));
  t.log('modules with duplicates', names(root.namedModules({ removeDuplicate: false })));
  t.log('modules with a prefix', names(root.namedModules({ prefix: 'net' })));
  t.log('counts', [
    root.parameters().length,
    root.parameters(false).length,
    root.buffers().length,
    root.children().length,
    root.modules().length,
  ]);
  t.log('state', [...root.stateDict().keys()]);
  const order: string[] = [];
  root.apply((block) => order.push(block.constructor.name));
  t.log('apply', order);
});

function circular(): Piece & Loose {
  const root = piece();
  root['weight'] = parameter(1);
  const child = piece();
  root['child'] = child;
  child['scale'] = parameter(1);
  child['parent'] = root;
  return root;
}

scenario('cycles', (t) => {
  const root = circular();
  const child = root['child'] as Piece;
  t.log('parameters', names(root.namedParameters()));
  t.log('children', names(child.namedChildren()));
  t.log('modules', names(root.namedModules()));
  t.log('modules of the child', names(child.namedModules()));
});

describe('a block that contains itself, where PyTorch recurses without end', () => {
  it('is visited once by apply and train, and printed once', () => {
    const root = circular();
    const seen: unknown[] = [];
    root.apply((block) => seen.push(block));
    expect(seen).toEqual([root['child'], root]);
    root.eval();
    expect(root.modules().map(({ training }) => training)).toEqual([false, false]);
    expect(String(root)).toBe('Piece(\n  (child): Piece(\n    (parent): Piece(...)\n  )\n)');
    const list = new nn.ModuleList([piece()]);
    (list[0] as unknown as Loose)['self'] = list;
    expect(String(list)).toBe('ModuleList(\n  (0): Piece(\n    (self): ModuleList(...)\n  )\n)');
    expect(names(root.namedModules({ removeDuplicate: false }))).toEqual(['', 'child']);
    expect(
      root
        .requiresGrad_(false)
        .parameters()
        .every(({ requiresGrad }) => !requiresGrad),
    ).toBe(true);
  });
  it('has no state', () => {
    const root = circular();
    expect(() => root.stateDict()).toThrow('Piece contains itself, as "child.parent"');
    expect(() => root.loadStateDict({})).toThrow('Piece contains itself, as "child.parent"');
    delete (root['child'] as Loose)['parent'];
    expect([...root.stateDict().keys()]).toEqual(['weight', 'child.scale']);
  });
});

scenario('paths', (t) => {
  const root = sharedTree();
  root['body'] = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU());
  root['tensor'] = zeros([1]);
  t.log(
    'blocks',
    ['', 'first', 'inner.b', 'body.0', 'body.1'].map((path) => root.getSubmodule(path).constructor.name),
  );
  t.log(
    'parameters',
    ['own', 'inner.b.weight', 'body.0.bias'].map((path) => root.getParameter(path).shape),
  );
  t.log(
    'buffers',
    ['norm.running_mean', 'again.num_batches_tracked'].map((path) => root.getBuffer(path).shape),
  );
  t.error('no such block', () => root.getSubmodule('inner.c'));
  t.error('a path through nothing', () => root.getSubmodule('body.5.x'));
  t.error('no block', () => root.getSubmodule('own'));
  t.error('no block inside', () => root.getSubmodule('first.weight.x'));
  t.error('no such parameter', () => root.getParameter('first.scale'));
  t.error('no parameter', () => root.getParameter('norm.running_mean'));
  t.error('block as parameter', () => root.getParameter('inner.a'));
  t.error('no such buffer', () => root.getBuffer('norm.scale'));
  t.error('no buffer', () => root.getBuffer('norm.weight'));
  t.error('tensor that is no buffer', () => root.getBuffer('tensor'));
  root.setSubmodule('body.0', new nn.Linear(2, 5));
  root.setSubmodule('inner.new', new nn.ReLU());
  root.setSubmodule('top', new nn.Tanh());
  t.log('set', names(root.namedModules()));
  t.error('set without a name', () => root.setSubmodule('', new nn.ReLU()));
  t.error('set over a parameter', () => root.setSubmodule('first.weight', new nn.ReLU()));
  t.error('set strictly where nothing is', () => root.setSubmodule('inner.zzz', new nn.ReLU(), { strict: true }));
  t.error('set what is no block', () => root.setSubmodule('inner.zzz', 3 as never));
  t.error('set on a path through nothing', () => root.setSubmodule('nowhere.zzz', new nn.ReLU()));
});

scenario('registration_hooks', (t) => {
  const events: unknown[] = [];
  const handles = [
    nn.registerModuleParameterRegistrationHook((m, n) => void events.push(['parameter', m.constructor.name, n])),
    nn.registerModuleBufferRegistrationHook(
      (m, n, b) => void events.push(['buffer', m.constructor.name, n, b === null]),
    ),
    nn.registerModuleModuleRegistrationHook(
      (m, n, c) => void events.push(['module', m.constructor.name, n, c === null]),
    ),
  ];
  const m = piece();
  m['weight'] = parameter(1);
  m.registerParameter('bias', null);
  m.registerParameter('scale', parameter(1));
  m.registerBuffer('mean', zeros([1]));
  m.registerBuffer('none', null);
  m['mean'] = ones([1]);
  m['child'] = new nn.ReLU();
  m.addModule('gap', null);
  m['gap'] = new nn.ReLU();
  m['child'] = null;
  t.log('events', events);
  events.length = 0;
  const other = parameter(7);
  const replacing = nn.registerModuleParameterRegistrationHook(() => other);
  m['weight'] = parameter(1);
  t.log('replaced', m['weight'] === other);
  for (const handle of [...handles, replacing]) handle.remove();
  m['weight'] = parameter(1);
  t.log('removed', [events.length, m['weight'] === other]);
});

describe('registration in TypeScript', () => {
  it('finds class fields, inherited ones first, and keeps declared ones free', () => {
    class Base extends nn.Block {
      first = new nn.Linear(1, 1);
      later: nn.Linear | undefined;
      scale = new nn.Parameter(ones([1]));
      items = [new nn.ReLU()];
    }
    class Derived extends Base {
      second = new nn.ReLU();
      override scale = new nn.Parameter(ones([2]));
      constructor() {
        super();
        this.registerModule('later', new nn.Linear(1, 1));
      }
    }
    const block = new Derived();
    expect(names(block.namedChildren())).toEqual(['first', 'second', 'later']);
    expect(block.parameters().map(({ shape }) => shape)).toEqual([[2], [1, 1], [1], [1, 1], [1]]);
    expect(block.later).toBeInstanceOf(nn.Linear);
  });

  it('keeps a buffer readable after its block let go of it, and state while another block has it', async () => {
    const [a, b] = [piece(), piece()];
    const shared: Tensor = tensor([1, 2]);
    a.registerBuffer('x', shared);
    b.registerBuffer('x', shared);
    delete a['x'];
    expect(await (b['x'] as Tensor).tolist()).toEqual([1, 2]);
    expect(shared.isState).toBe(true);
    b['x'] = tensor([3]);
    expect(shared.isState).toBe(false);
    expect(await shared.tolist()).toEqual([1, 2]);
    const computed = tensor([1, 2]).mul(2);
    b['x'] = computed;
    delete b['x'];
    expect(await computed.tolist()).toEqual([2, 4]);
  });

  it('names the cure when a key that is no text is asked for its path', () => {
    const block = piece();
    block._modules.set(new nn.ReLU() as never, new nn.ReLU());
    expect(() => block.namedModules()).toThrow('module name should be a string');
  });
});
