import { Block } from '../block.ts';
import { isBlock, registered, typeName } from '../registration.ts';
import { indexingHandler, resolveIndex } from './indexing.ts';

/** What a chain of blocks gives for an input of its first: a promise as soon as one member is asynchronous. */
type ChainResult<Members extends readonly Block[]> = true extends { [I in keyof Members]: ReturnType<Members[I]['forward']> extends Promise<unknown> ? true : false }[number]
  ? Promise<Awaited<LastResult<Members>>>
  : LastResult<Members>;
type LastResult<Members extends readonly Block[]> = Members extends readonly [...Block[], infer Last extends Block] ? ReturnType<Last['forward']> : ReturnType<Members[number]['forward']>;
type FirstInputs<Members extends readonly Block[]> = Members extends readonly [infer First extends Block, ...Block[]] ? Parameters<First['forward']> : Parameters<Members[number]['forward']>;

/** A child with its name. */
export type NamedBlock = readonly [name: string, block: Block];

/** Names to blocks, in order. */
export type BlockMap = ReadonlyMap<string, Block> | Readonly<Record<string, Block>>;

/**
 * Blocks called one after another, each with the output of the one before. Children come positionally, as
 * `[name, block]` pairs, or as a map of names. (PyTorch: `torch.nn.Sequential`)
 */
export class Sequential<Members extends readonly Block[] = readonly Block[]> extends Block {
  readonly [index: number]: Block;

  constructor(...members: Members);
  constructor(...members: readonly NamedBlock[]);
  constructor(members: BlockMap);
  constructor(...members: readonly (Block | NamedBlock | BlockMap)[]) {
    super();
    const [only] = members;
    if (members.length === 1 && !isBlock(only) && !Array.isArray(only) && typeof only === 'object' && only !== null) {
      for (const [name, block] of only instanceof Map ? (only as ReadonlyMap<string, Block>) : Object.entries(only)) this.addModule(name, block as Block);
      return;
    }
    for (const [i, member] of members.entries()) {
      if (Array.isArray(member)) this.addModule(String((member as NamedBlock)[0]), (member as NamedBlock)[1]);
      else this.addModule(String(i), member as Block);
    }
  }

  protected override proxyHandler(base: ProxyHandler<object>): ProxyHandler<object> {
    return indexingHandler(base);
  }

  override forward(...inputs: FirstInputs<Members>): ChainResult<Members> {
    let value: unknown;
    let first = true;
    for (const block of this) {
      const step = block as unknown as (...args: readonly unknown[]) => unknown;
      if (first) value = step(...inputs);
      else value = value instanceof Promise ? value.then((ready: unknown) => step(ready)) : step(value);
      first = false;
    }
    return (first ? inputs[0] : value) as ChainResult<Members>;
  }

  /** The number of children. */
  override get length(): number {
    return registered(this).blocks.size;
  }

  *[Symbol.iterator](): IterableIterator<Block> {
    for (const block of registered(this).blocks.values()) if (block !== null) yield block;
  }

  /** The child at a position; negative ones count from the end. (PyTorch: `net[i]`) */
  at(index: number): Block {
    if (typeof index !== 'number') throw new TypeError(`Sequential is indexed by position, got ${typeName(index)} '${String(index)}'; use getSubmodule for names`);
    return [...this][resolveIndex(index, this.length)]!;
  }

  /** A new Sequential of the children from `start` to before `end`, under their names. (PyTorch: `net[a:b]`) */
  slice(start?: number, end?: number): Sequential {
    return new Sequential(...[...registered(this).blocks].slice(start, end).map(([name, block]): NamedBlock => [name, block!]));
  }

  /** Adds a block at the end. Returns the Sequential. (PyTorch: `append`) */
  append(block: Block): this {
    this.addModule(String(this.length), block);
    return this;
  }
  /** As `append`. */
  add(block: Block): this {
    return this.append(block);
  }
  /** Adds several blocks at the end. (PyTorch: `extend`) */
  extend(blocks: Iterable<Block>): this {
    for (const block of blocks) this.append(block);
    return this;
  }
}
