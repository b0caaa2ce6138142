import { ChimeraError } from '../../errors.ts';
import { Block } from '../block.ts';
import { isBlock, passed, registered, registrationHooks, typeName } from '../registration.ts';
import type { BlockMap } from './sequential.ts';

// Names of this class that PyTorch's does not have.
const ownWords = new Set([
  'constructor',
  'delete',
  'entries',
  'get',
  'has',
  'hasOwnProperty',
  'length',
  'set',
  'toString',
  'valueOf',
]);

/** Throws unless an element that a dictionary is made of is a name with a value. */
export function requirePair(
  container: string,
  index: number,
  entry: unknown,
): asserts entry is readonly [unknown, unknown] {
  if (!Array.isArray(entry))
    throw new TypeError(`${container} update sequence element #${index} should be Iterable; is ${typeName(entry)}`);
  if (entry.length !== 2)
    throw new ChimeraError(`${container} update sequence element #${index} has length ${entry.length}; 2 is required`);
}

/** What a ModuleDict can be filled from. */
export type BlockEntries<Member extends Block> =
  | BlockMap<Member>
  | Iterable<readonly [string, Member]>
  | ModuleDict<Member>;

/** Blocks by name, in order of insertion. It has no `forward`. (PyTorch: `torch.nn.ModuleDict`) */
export class ModuleDict<Member extends Block = Block> extends Block {
  constructor(blocks: BlockEntries<Member> | null = null) {
    super();
    if (blocks !== null) this.update(blocks);
  }

  /** The block of a name. Throws if there is none. (PyTorch: `dict[name]`) */
  get(name: string): Member {
    const block = registered(this).blocks.get(name);
    if (!block)
      throw new ChimeraError(
        `ModuleDict has no key '${name}'; it has ${[...this.keys()].map((key) => `'${key}'`).join(', ') || 'none'}`,
      );
    return block as Member;
  }
  /** Puts a block under a name. (PyTorch: `dict[name] = block`) */
  set(name: string, block: Member): this {
    this.addModule(name, block);
    return this;
  }
  /** As in every block, but a name that only TypeScript's side has taken, such as `set` or `length`, is free. */
  override addModule(name: string, block: Block | null): void {
    if (typeof name !== 'string' || !ownWords.has(name)) super.addModule(name, block);
    else if (block !== null && !isBlock(block)) throw new TypeError(`${typeName(block)} is not a Module subclass`);
    // Listed under its name without hiding the method.
    else registered(this).blocks.set(name, passed<Block | null>(registrationHooks.module, this, name, block));
  }
  /** Whether there is a block of a name. (PyTorch: `name in dict`) */
  has(name: string): boolean {
    return registered(this).blocks.has(name);
  }
  /** Takes a block out; false if there was none. (PyTorch: `del dict[name]`) */
  delete(name: string): boolean {
    if (!this.has(name)) return false;
    Reflect.deleteProperty(this, name);
    registered(this).blocks.delete(name);
    return true;
  }
  /** Takes a block out and gives it. (PyTorch: `pop`) */
  pop(name: string): Member {
    const block = this.get(name);
    this.delete(name);
    return block;
  }
  /** Takes all blocks out. (PyTorch: `clear`) */
  clear(): void {
    for (const name of this.keys()) this.delete(name);
  }
  /** Puts blocks under names; present names keep their place. (PyTorch: `update`) */
  update(blocks: BlockEntries<Member>): this {
    if (blocks === null || (typeof blocks !== 'object' && !isBlock(blocks)))
      throw new TypeError(
        `ModuleDict.update should be called with an iterable of key/value pairs, but got ${typeName(blocks)}`,
      );
    const entries =
      blocks instanceof ModuleDict ? blocks.entries() : Symbol.iterator in blocks ? blocks : Object.entries(blocks);
    for (const [i, entry] of [...(entries as Iterable<readonly [string, Member]>)].entries()) {
      requirePair('ModuleDict', i, entry);
      this.set(entry[0], entry[1]);
    }
    return this;
  }

  /** The number of blocks. (PyTorch: `len(dict)`) */
  override get length(): number {
    return registered(this).blocks.size;
  }
  keys(): IterableIterator<string> {
    return registered(this).blocks.keys();
  }
  values(): IterableIterator<Member> {
    return registered(this).blocks.values() as IterableIterator<Member>;
  }
  /** Names and blocks. (PyTorch: `items`) */
  entries(): IterableIterator<[string, Member]> {
    return registered(this).blocks.entries() as IterableIterator<[string, Member]>;
  }
  /** As `entries`. */
  items(): IterableIterator<[string, Member]> {
    return this.entries();
  }
  /** The names, as iterating a Python dict gives them. */
  [Symbol.iterator](): IterableIterator<string> {
    return this.keys();
  }
}
