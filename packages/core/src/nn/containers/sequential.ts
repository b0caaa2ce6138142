import type { Tensor } from '../../tensor/tensor.ts';
import type { AnyBlock, Block, BlockInputs, BlockResult } from '../block.ts';
import { isBlock, registered, typeName } from '../registration.ts';
import { IndexedBlock, sliced } from './indexed.ts';

/** Whether one member of a chain is asynchronous. */
type AnyAsync<Members extends readonly Block[]> = true extends {
  [I in keyof Members]: BlockResult<Members[I]> extends Promise<unknown> ? true : false;
}[number]
  ? true
  : false;
type LastResult<Members extends readonly Block[]> = Members extends readonly [...Block[], infer Last extends Block]
  ? BlockResult<Last>
  : BlockResult<Members[number]>;
/** What a chain gives: a promise as soon as one member is asynchronous. */
export type ChainResult<Members extends readonly Block[]> = Members extends readonly []
  ? Tensor
  : AnyAsync<Members> extends true
    ? Promise<Awaited<LastResult<Members>>>
    : LastResult<Members>;
/** What a chain takes: what its first member takes. */
export type ChainInputs<Members extends readonly Block[]> = Members extends readonly []
  ? [x: Tensor]
  : Members extends readonly [infer First extends Block, ...Block[]]
    ? BlockInputs<First>
    : unknown extends ReturnType<Members[number]['forward']>
      ? [x: Tensor]
      : Parameters<Members[number]['forward']>;

/** A child with its name. */
export type NamedBlock<Member extends Block = Block> = readonly [name: string, block: Member];

/** Names to blocks, in order. */
export type BlockMap<Member extends Block = Block> = ReadonlyMap<string, Member> | Readonly<Record<string, Member>>;

/** The children that a Sequential is made of, however they are given. */
export type SequentialArguments<Members extends readonly Block[]> =
  | Members
  | { readonly [I in keyof Members]: NamedBlock<Members[I]> }
  | readonly [BlockMap<Members[number]>];

function isPair(member: unknown): member is NamedBlock {
  return Array.isArray(member) && member.length === 2 && !isBlock(member[0]);
}

/**
 * Blocks called one after another, each with the output of the one before. Children come positionally, as
 * `[name, block]` pairs, or as one map of names; `net[2]` and `net[-1]` read them by position.
 * (PyTorch: `torch.nn.Sequential`)
 */
export class Sequential<
  const Members extends readonly Block[] = readonly AnyBlock[],
  // Computed from the members; parameters of their own so that a chain of known members is assignable to Sequential.
  Inputs extends readonly unknown[] = ChainInputs<Members>,
  Result = ChainResult<Members>,
> extends IndexedBlock<Members, Block> {
  constructor(...members: SequentialArguments<Members>) {
    super();
    const list = members as readonly (Block | NamedBlock | BlockMap)[];
    const [only] = list;
    if (list.length === 1 && !isBlock(only) && !Array.isArray(only) && typeof only === 'object' && only !== null) {
      const entries =
        only instanceof Map
          ? (only as ReadonlyMap<string, Block>)
          : Object.entries(only as Readonly<Record<string, Block>>);
      for (const [name, block] of entries) this.addModule(name, block);
      return;
    }
    for (const [i, member] of list.entries()) {
      if (isBlock(member)) this.addModule(String(i), member);
      else if (isPair(member)) this.addModule(member[0], member[1]);
      else
        throw new TypeError(
          `${typeName(member)} is not a Module subclass${Array.isArray(member) ? '. Spread a list of blocks: new Sequential(...blocks)' : ''}`,
        );
    }
  }

  override forward(...inputs: Inputs): Result {
    let value: unknown;
    let first = true;
    for (const block of this) {
      const step = block as unknown as (...args: readonly unknown[]) => unknown;
      if (first) value = step(...inputs);
      else value = value instanceof Promise ? value.then((ready: unknown) => step(ready)) : step(value);
      first = false;
    }
    return (first ? inputs[0] : value) as Result;
  }

  /** A new Sequential of the children from `start` to before `end`, under their names. (PyTorch: `net[a:b:step]`) */
  slice(start?: number | null, end?: number | null, step = 1): Sequential {
    return new Sequential(
      new Map(sliced([...registered(this).blocks] as [string, Block][], start, end, step)),
    ) as unknown as Sequential;
  }

  /** A new Sequential of this one's children and then another's. (PyTorch: `a + b`) */
  concat(other: Sequential<readonly Block[]>): Sequential {
    if (!(other instanceof Sequential))
      throw new TypeError(`add operator supports only objects of Sequential class, but ${typeName(other)} is given.`);
    return new Sequential(...([...this, ...other] as Block[])) as unknown as Sequential;
  }

  /** A new Sequential that runs this one's children `count` times, each time the same ones. (PyTorch: `net * count`) */
  repeat(count: number): Sequential {
    if (!Number.isInteger(count))
      throw new TypeError(`unsupported operand type(s) for *: ${this.constructor.name} and ${typeName(count)}`);
    if (count <= 0) throw new RangeError(`Non-positive multiplication factor ${count} for ${this.constructor.name}`);
    return new Sequential(
      ...(Array.from({ length: count }, () => [...this]).flat() as Block[]),
    ) as unknown as Sequential;
  }

  /** Adds a block at the end, as `append`. */
  add(block: Block): this {
    return this.append(block);
  }
}
