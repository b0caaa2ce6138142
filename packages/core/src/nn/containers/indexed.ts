import { Block, selfKey } from '../block.ts';
import { isBlock, registered, typeName } from '../registration.ts';

/** A list index as a position from 0, or a RangeError with PyTorch's text. */
export function resolveIndex(index: number, length: number): number {
  if (!Number.isInteger(index)) throw new TypeError(`index must be an integer, got ${String(index)}`);
  if (index < -length || index >= length) throw new RangeError(`index ${index} is out of range`);
  return index < 0 ? index + length : index;
}

/** What Python's `list[start:end:step]` gives; a negative step walks backwards. */
export function sliced<T>(list: readonly T[], start?: number | null, end?: number | null, step = 1): T[] {
  if (!Number.isInteger(step) || step === 0)
    throw new RangeError(step === 0 ? 'slice step cannot be zero' : `slice step must be an integer, got ${step}`);
  const { length } = list;
  const backwards = step < 0;
  const bound = (index: number | null | undefined, otherwise: number): number => {
    if (index === null || index === undefined) return otherwise;
    const at = index < 0 ? index + length : index;
    return Math.min(Math.max(at, backwards ? -1 : 0), backwards ? length - 1 : length);
  };
  const first = bound(start, backwards ? length - 1 : 0);
  const last = bound(end, backwards ? -1 : length);
  const result: T[] = [];
  for (let i = first; backwards ? i > last : i < last; i += step) result.push(list[i]!);
  return result;
}

export const position = /^-?\d+$/;

/** `list[0]`, `list[-1] = block` and `delete list[0]` go by position, whatever the children's names are. */
function indexingHandler(base: ProxyHandler<object>): ProxyHandler<object> {
  return {
    ...base,
    get(target, name, receiver: IndexedBlock<readonly Block[]>) {
      if (typeof name === 'string' && position.test(name)) return receiver.at(Number(name));
      return Reflect.get(target, name, receiver);
    },
    set(target, name, value: unknown, receiver: IndexedBlock<readonly Block[]>) {
      if (typeof name === 'string' && position.test(name)) {
        receiver.replace(Number(name), value as Block);
        return true;
      }
      return Reflect.set(target, name, value, receiver);
    },
    deleteProperty(target, name) {
      if (typeof name === 'string' && position.test(name) && removing === null) {
        (target as { [selfKey]: IndexedBlock<readonly Block[]> })[selfKey].removeAt(Number(name));
        return true;
      }
      return base.deleteProperty!(target, name);
    },
  };
}

// While a container renumbers its children, names are deleted as names.
let removing: object | null = null;

/** What Sequential and ModuleList have in common: children in order, by position. */
export abstract class IndexedBlock<
  Members extends readonly Block[],
  Accepted extends Block = Members[number],
> extends Block {
  // Positions are read through the handler; the signature gives them a type.
  [index: number]: Members[number];

  protected override proxyHandler(base: ProxyHandler<object>): ProxyHandler<object> {
    return indexingHandler(base);
  }

  /** The number of children. (PyTorch: `len(list)`) */
  override get length(): number {
    return registered(this).blocks.size;
  }

  *[Symbol.iterator](): IterableIterator<Members[number]> {
    for (const block of registered(this).blocks.values()) yield block!;
  }

  /** The child at a position; negative ones count from the end. (PyTorch: `list[i]`) */
  at<I extends number>(index: I): Members[I] {
    if (typeof index !== 'number')
      throw new TypeError(
        `${this.constructor.name} indices must be integers, not ${typeName(index)} ${JSON.stringify(index)}; use getSubmodule for names`,
      );
    let left = resolveIndex(index, this.length);
    for (const block of registered(this).blocks.values()) if (left-- === 0) return block as Members[I];
    throw new RangeError(`index ${index} is out of range`);
  }

  /** Puts another block at a position, under the same name. (PyTorch: `list[i] = block`) */
  replace(index: number, block: Accepted): void {
    const name = [...registered(this).blocks.keys()][resolveIndex(index, this.length)]!;
    if (block !== null && !isBlock(block))
      throw new TypeError(`cannot assign '${typeName(block)}' as child module '${name}' (nn.Module or null expected)`);
    Object.defineProperty(this, name, { value: block, writable: true, enumerable: true, configurable: true });
  }

  /** Adds a block at the end. Returns the container. (PyTorch: `append`) */
  append(block: Accepted): this {
    this.addModule(String(this.length), block);
    return this;
  }

  /** Adds blocks at the end. Returns the container. (PyTorch: `extend`, `list += blocks`) */
  extend(blocks: Iterable<Accepted>): this {
    if (blocks === null || (typeof blocks !== 'object' && typeof blocks !== 'function') || !(Symbol.iterator in blocks))
      throw new TypeError(
        `${this.constructor.name}.extend should be called with an iterable, but got ${typeName(blocks)}`,
      );
    for (const block of Array.from(blocks)) this.append(block);
    return this;
  }

  /** Puts a block before a position; later ones move up. Returns the container. (PyTorch: `insert`) */
  insert(index: number, block: Accepted): this {
    if (!isBlock(block)) throw new TypeError(`module should be of type: Module, but got ${typeName(block)}`);
    const { length } = this;
    if (!Number.isInteger(index) || index < -length || index > length)
      throw new RangeError(`Index out of range: ${index}`);
    const members: Block[] = [...this];
    members.splice(index, 0, block);
    renumber(this, members);
    return this;
  }

  /** Takes a block out and gives it. Default: the last one. (PyTorch: `pop`) */
  pop(index = -1): Members[number] {
    const block = this.at(index);
    this.removeAt(index);
    return block;
  }

  /** Takes a block out; later ones move down and all are numbered anew. (PyTorch: `del list[i]`) */
  removeAt(index: number): void {
    const at = resolveIndex(index, this.length);
    renumber(
      this,
      [...this].filter((_, i) => i !== at),
    );
  }

  /** Takes out what `slice` would give; the others are numbered anew. (PyTorch: `del list[a:b:c]`) */
  removeSlice(start?: number | null, end?: number | null, step = 1): void {
    const members: Block[] = [...this];
    const out = new Set(sliced([...members.keys()], start, end, step));
    renumber(
      this,
      members.filter((_, i) => !out.has(i)),
    );
  }
}

// Not a private method: deep copies do not run the constructor that would install it.
function renumber(container: Block, members: readonly (Block | null)[]): void {
  const { blocks } = registered(container);
  const outer = removing;
  removing = container;
  try {
    for (const name of blocks.keys()) Reflect.deleteProperty(container, name);
  } finally {
    removing = outer;
  }
  blocks.clear();
  for (const [i, member] of members.entries()) container.addModule(String(i), member);
}
