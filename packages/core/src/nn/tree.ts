import { ChimeraError } from '../errors.ts';
import type { AnyBlock, Block } from './block.ts';
import { isBlock, joinPath, registered } from './registration.ts';

export interface NamedOptions {
  /** Put before every name. Default ''. */
  prefix?: string;
  /** Also those of children, and theirs. Default true. */
  recurse?: boolean;
  /** List what is shared once. Default true. (PyTorch: `remove_duplicate`) */
  removeDuplicate?: boolean;
}

/** Direct children with their names, shared ones once. */
export function childrenOf(block: Block): [string, AnyBlock][] {
  const seen = new Set<Block>();
  const found: [string, AnyBlock][] = [];
  for (const [name, child] of registered(block).blocks) {
    if (child === null || seen.has(child)) continue;
    seen.add(child);
    found.push([name, child as AnyBlock]);
  }
  return found;
}

/** A block (under `prefix`) and everything below it, with paths. */
export function blocksOf(root: Block, prefix: string, removeDuplicate: boolean): [string, AnyBlock][] {
  const seen = new Set<Block>();
  const found: [string, AnyBlock][] = [];
  const visit = (block: Block, path: string, above: readonly Block[]): void => {
    // Without duplicate removal a cycle would never end; a block is not listed below itself.
    if (removeDuplicate ? seen.has(block) : above.includes(block)) return;
    seen.add(block);
    found.push([path, block as AnyBlock]);
    for (const [name, child] of registered(block).blocks)
      if (child !== null) visit(child, joinPath(path, name), [...above, block]);
  };
  visit(root, prefix, []);
  return found;
}

/** Members of a block, and of those below it, with their paths. */
export function named<T extends object>(
  root: Block,
  options: NamedOptions | string,
  members: (block: Block) => ReadonlyMap<string, T | null>,
): [string, T][] {
  const {
    prefix = '',
    recurse = true,
    removeDuplicate = true,
  } = typeof options === 'string' ? { prefix: options } : options;
  const blocks: [string, Block][] = recurse ? root.namedModules({ prefix, removeDuplicate }) : [[prefix, root]];
  const seen = new Set<T>();
  const found: [string, T][] = [];
  for (const [path, block] of blocks)
    for (const [name, member] of members(block)) {
      if (member === null || seen.has(member)) continue;
      if (removeDuplicate) seen.add(member);
      found.push([path === '' ? name : `${path}.${name}`, member]);
    }
  return found;
}

/** The block that a path leads into, and the last name. */
export function resolve(root: Block, target: string): [Block, string] {
  const dot = target.lastIndexOf('.');
  return [root.getSubmodule(dot < 0 ? '' : target.slice(0, dot)), target.slice(dot + 1)];
}

// Walks that are under way, by kind: a block that contains itself is visited once.
const walking = new Map<string, Set<Block>>();

/** Walks a tree by recursion of `body`. */
export function descend(block: Block, kind: string, body: () => void): void {
  let open = walking.get(kind);
  if (open === undefined) walking.set(kind, (open = new Set()));
  if (open.has(block)) return;
  open.add(block);
  try {
    body();
  } finally {
    open.delete(block);
  }
}

/** The child of a name, or PyTorch's error. */
export function childOf(block: Block, name: string): Block {
  if (!(name in block)) throw new ChimeraError(`${block.constructor.name} has no attribute \`${name}\``);
  const child = (block as unknown as Record<string, unknown>)[name];
  if (!isBlock(child)) throw new ChimeraError(`\`${name}\` is not an nn.Module`);
  return child;
}
