import type { Block } from './block.ts';
import { registered } from './registration.ts';

/** Every line but the first moved right by `spaces`. */
export function indent(text: string, spaces: number): string {
  return text.split('\n').join(`\n${' '.repeat(spaces)}`);
}

// Blocks that are being printed: one that contains itself is printed once.
const open = new Set<Block>();

/** What `print` gives, or a short form while it is at work on the same block. */
export function once(block: Block, print: () => string): string {
  if (open.has(block)) return `${block.constructor.name}(...)`;
  open.add(block);
  try {
    return print();
  } finally {
    open.delete(block);
  }
}

/** The tree that PyTorch prints for a module. */
export function formatBlock(block: Block): string {
  return once(block, () => format(block));
}

function format(block: Block): string {
  const extra = block.extraRepr();
  const extraLines = extra === '' ? [] : extra.split('\n');
  const childLines: string[] = [];
  for (const [name, child] of registered(block).blocks)
    childLines.push(`(${name}): ${child === null ? 'None' : indent(String(child), 2)}`);
  const lines = [...extraLines, ...childLines];
  const name = block.constructor.name;
  if (lines.length === 0) return `${name}()`;
  if (extraLines.length === 1 && childLines.length === 0) return `${name}(${extraLines[0]})`;
  return `${name}(\n  ${lines.join('\n  ')}\n)`;
}
