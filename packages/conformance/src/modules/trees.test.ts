import { nn, setDefaultDevice, zeros } from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { referenceDevice } from '../reference/device.ts';
import { readJson } from './transcript.ts';

type Entry = { readonly ref: number } | Leaf | Container | Custom;
type ParameterEntry = { readonly parameter: number } | { readonly shape: number[] };
interface Leaf {
  readonly class: string;
  readonly args: readonly unknown[];
}
interface Container {
  readonly class: string;
  readonly entries: readonly (readonly [string, Entry | ParameterEntry])[];
  readonly operations: readonly (readonly unknown[])[];
}
interface Custom {
  readonly block: string;
  readonly extra: string;
  readonly steps: readonly (readonly [string, string, ...unknown[]])[];
}
/** A tree and what PyTorch made of it: see tooling/goldens/module_trees.py. */
interface Tree {
  readonly seed: number;
  readonly tree: Entry;
  readonly parameters: unknown;
  readonly allParameters: unknown;
  readonly ownParameters: unknown;
  readonly buffers: unknown;
  readonly allBuffers: unknown;
  readonly children: unknown;
  readonly modules: unknown;
  readonly allModules: unknown;
  readonly applied: unknown;
  readonly state: unknown;
  readonly versions: unknown;
  readonly printed: string;
  readonly changes: readonly (readonly [string, string, unknown])[];
  readonly outcome: unknown;
}

/** Builds trees from their descriptions; references count blocks and parameters in the order in which they were finished. */
class Builder {
  readonly #blocks: nn.Block[] = [];
  readonly #parameters: nn.Parameter[] = [];

  block(entry: Entry): nn.Block {
    if ('ref' in entry) return this.#blocks[entry.ref]!;
    const block = 'block' in entry ? this.#custom(entry) : 'entries' in entry ? this.#container(entry) : leaf(entry);
    this.#blocks.push(block);
    return block;
  }

  #parameter(entry: ParameterEntry): nn.Parameter {
    if ('parameter' in entry) return this.#parameters[entry.parameter]!;
    const parameter = new nn.Parameter(zeros(entry.shape));
    this.#parameters.push(parameter);
    return parameter;
  }

  #container({ class: kind, entries, operations }: Container): nn.Block {
    if (kind === 'ParameterList')
      return new nn.ParameterList(entries.map(([, entry]) => this.#parameter(entry as ParameterEntry)));
    if (kind === 'ParameterDict')
      return new nn.ParameterDict(
        entries.map(([name, entry]) => [name, this.#parameter(entry as ParameterEntry)] as const),
      );
    if (kind === 'ModuleDict')
      return new nn.ModuleDict(entries.map(([name, entry]) => [name, this.block(entry as Entry)] as const));
    const container = kind === 'Sequential' ? new nn.Sequential<nn.Block[]>() : new nn.ModuleList();
    for (const [name, entry] of entries) container.addModule(name, this.block(entry as Entry));
    for (const [operation, ...args] of operations) {
      if (operation === 'append') container.append(this.block(args[0] as Entry));
      else if (operation === 'insert') container.insert(args[0] as number, this.block(args[1] as Entry));
      else if (operation === 'delete') delete container[args[0] as number];
      else container[args[0] as number] = this.block(args[1] as Entry);
    }
    return container;
  }

  #custom({ block: name, extra, steps }: Custom): nn.Block {
    const kinds = {
      [name]: class extends nn.Block {
        override extraRepr(): string {
          return extra;
        }
      },
    };
    const block = new kinds[name]!() as nn.Block & Record<string, unknown>;
    for (const [what, key, ...args] of steps) {
      if (what === 'parameter') block[key] = this.#parameter(args[0] as ParameterEntry);
      else if (what === 'buffer')
        block.registerBuffer(key, zeros(args[0] as number[]), { persistent: args[1] as boolean });
      else if (what === 'module') block[key] = this.block(args[0] as Entry);
      else if (what === 'noParameter') block.registerParameter(key, null);
      else if (what === 'noBuffer') block.registerBuffer(key, null);
      else if (what === 'noModule') block.addModule(key, null);
      else if (what === 'delete') delete block[key];
      else block[key] = null;
    }
    return block;
  }
}

function leaf({ class: kind, args }: Leaf): nn.Block {
  return new (nn as unknown as Record<string, new (...args: readonly unknown[]) => nn.Block>)[kind]!(...args);
}

const shapes = (pairs: Iterable<readonly [string, Tensor]>): unknown[] =>
  [...pairs].map(([name, { shape }]) => [name, shape]);
const names = (pairs: Iterable<readonly [string, unknown]>): string[] => [...pairs].map(([name]) => name);

function outcome(block: nn.Block, changes: Tree['changes']): unknown {
  const state = new Map<string, unknown>(block.stateDict());
  for (const [what, key, value] of changes) {
    if (what === 'delete') state.delete(key);
    else if (what === 'shape') state.set(key, zeros(value as number[]));
    else if (what === 'add') state.set(key, zeros([1]));
    else {
      state.set(value as string, state.get(key));
      state.delete(key);
    }
  }
  try {
    const { missingKeys, unexpectedKeys } = block.loadStateDict(state);
    return [missingKeys, unexpectedKeys];
  } catch (error) {
    return (error as Error).message;
  }
}

describe('random trees of blocks', () => {
  beforeAll(() => setDefaultDevice(referenceDevice()));

  it('are listed, printed, saved and refused as PyTorch does it', async () => {
    const trees = await readJson<readonly Tree[]>('module-trees');
    expect(trees.length).toBeGreaterThanOrEqual(300);
    for (const expected of trees) {
      const { seed, tree, changes } = expected;
      const block = new Builder().block(tree);
      const applied: string[] = [];
      block.apply((each) => applied.push(each.constructor.name));
      const found: Tree = {
        seed,
        tree,
        parameters: shapes(block.namedParameters()),
        allParameters: names(block.namedParameters({ prefix: 'p', removeDuplicate: false })),
        ownParameters: names(block.namedParameters({ recurse: false })),
        buffers: shapes(block.namedBuffers()),
        allBuffers: names(block.namedBuffers({ removeDuplicate: false })),
        children: names(block.namedChildren()),
        modules: block.namedModules().map(([name, each]) => [name, each.constructor.name]),
        allModules: names(block.namedModules({ prefix: 'p', removeDuplicate: false })),
        applied,
        state: shapes(block.stateDict() as Iterable<[string, unknown]> as Iterable<[string, Tensor]>),
        versions: [...block.stateDict({ prefix: 's.' }).metadata].map(([name, { version }]) => [name, version]),
        printed: String(block),
        changes,
        outcome: outcome(block, changes),
      };
      expect(found, `seed ${seed}`).toEqual(expected);
      const copy = nn.deepcopy(block);
      expect(String(copy)).toBe(expected.printed);
      expect(names(copy.namedParameters())).toEqual(names(block.namedParameters()));
      expect([...copy.stateDict().keys()]).toEqual([...block.stateDict().keys()]);
    }
  });
});
