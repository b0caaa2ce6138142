import { Block as BlockClass } from './block.ts';

// What a field of this type takes and gives is known only by the class of the block in it. PyTorch's own annotations, too, give the call of a
// module no types.
// oxlint-disable-next-line typescript/no-explicit-any
type AnyCall = (...inputs: any[]) => any;

/**
 * The base class of every piece of a model; see its members. As the type of a field or an argument it can be called with whatever
 * the block in it takes: `layers: nn.Block[]`. (PyTorch: `torch.nn.Module`)
 */
export const Block = BlockClass;
export type Block = BlockClass & AnyCall;

/** `Block` under PyTorch's name. */
export const Module = BlockClass;
export type Module = Block;
