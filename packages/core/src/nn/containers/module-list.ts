import type { Block } from '../block.ts';
import { registered, typeName } from '../registration.ts';
import { indent, once } from '../repr.ts';
import { IndexedBlock, sliced } from './indexed.ts';

/**
 * A list of blocks that are registered, unlike those in a plain array. It has no `forward`: the block that holds it
 * calls its members. (PyTorch: `torch.nn.ModuleList`)
 */
export class ModuleList<Member extends Block = Block> extends IndexedBlock<readonly Member[]> {
  constructor(blocks: Iterable<Member> | null = null) {
    super();
    if (blocks !== null) {
      if (typeof blocks !== 'object' && typeof blocks !== 'function')
        throw new TypeError(`ModuleList: expected an iterable of blocks, got ${typeName(blocks)}`);
      this.extend(blocks);
    }
  }

  /** A new ModuleList of the members from `start` to before `end`. (PyTorch: `list[a:b:step]`) */
  slice(start?: number | null, end?: number | null, step = 1): ModuleList<Member> {
    return new ModuleList(sliced([...this], start, end, step));
  }

  /** A new ModuleList of this one's members and then others. (PyTorch: `a + b`) */
  concat(other: Iterable<Member>): ModuleList<Member> {
    return new ModuleList([...this, ...other]);
  }

  /** PyTorch's form, in which equal neighbours are counted: `(0-2): 3 x Linear(...)`. */
  override toString(): string {
    return once(this, () => describe(this));
  }
}

function describe(list: Block): string {
  const texts = [...registered(list).blocks.values()].map((block) => (block === null ? 'None' : String(block)));
  if (texts.length === 0) return `${list.constructor.name}()`;
  const lines: string[] = [];
  for (let start = 0; start < texts.length;) {
    let end = start;
    while (texts[end + 1] === texts[start]) end++;
    const text = indent(texts[start]!, 2);
    lines.push(start === end ? `(${start}): ${text}` : `(${start}-${end}): ${end - start + 1} x ${text}`);
    start = end + 1;
  }
  return `${list.constructor.name}(\n  ${lines.join('\n  ')}\n)`;
}
