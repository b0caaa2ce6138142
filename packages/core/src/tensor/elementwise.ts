import { recorder as b } from '../graph/node.ts';
import type { Operand } from './operand.ts';
import { promote, requireTensor, toFloating } from './operand.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

export interface AlphaOptions {
  /** Multiplies the second operand. Default 1. */
  alpha?: number;
}

/** x + alpha * other, broadcasting. (PyTorch: `torch.add`) */
export function add(x: Tensor, other: Operand, { alpha = 1 }: AlphaOptions = {}): Tensor {
  const [left, right] = arithmetic('add', x, other);
  return wrap(b.add(left, alpha === 1 ? right : b.mul(right, b.like(right, alpha))));
}

/** x - alpha * other, broadcasting. (PyTorch: `torch.sub`) */
export function sub(x: Tensor, other: Operand, { alpha = 1 }: AlphaOptions = {}): Tensor {
  const [left, right] = arithmetic('sub', x, other);
  return wrap(b.sub(left, alpha === 1 ? right : b.mul(right, b.like(right, alpha))));
}

/** x * other, broadcasting. (PyTorch: `torch.mul`) */
export function mul(x: Tensor, other: Operand): Tensor {
  const [left, right] = promote('mul', x, other);
  return wrap(left.dtype === 'bool' ? b.and(left, right) : b.mul(left, right));
}

/** x / other, broadcasting; integers divide as floats. (PyTorch: `torch.div`) */
export function div(x: Tensor, other: Operand): Tensor {
  const [left, right] = promote('div', x, other);
  return wrap(b.div(toFloating(left), toFloating(right)));
}

function arithmetic(name: string, x: Operand, other: Operand): ReturnType<typeof promote> {
  const [left, right] = promote(name, x, other);
  // Sums of booleans count.
  return left.dtype === 'bool' ? [b.cast(left, 'int32') as typeof left, b.cast(right, 'int32') as typeof right] : [left, right];
}

/** -x. (PyTorch: `torch.neg`) */
export function neg(x: Tensor): Tensor {
  return wrap(b.neg(requireTensor('neg', x)));
}

/** |x|. (PyTorch: `torch.abs`) */
export function abs(x: Tensor): Tensor {
  return wrap(b.abs(requireTensor('abs', x)));
}

/** e^x. (PyTorch: `torch.exp`) */
export function exp(x: Tensor): Tensor {
  return wrap(b.exp(toFloating(requireTensor('exp', x))));
}

/** max(x, 0). (PyTorch: `torch.relu`) */
export function relu(x: Tensor): Tensor {
  const node = requireTensor('relu', x);
  return wrap(node.dtype === 'int32' ? b.maximum(node, b.like(node, 0)) : b.relu(node));
}

/** x > other as bool, broadcasting. (PyTorch: `torch.gt`) */
export function gt(x: Tensor, other: Operand): Tensor {
  const [left, right] = promote('gt', x, other);
  return wrap(b.gt(left, right));
}

/** x = other as bool, broadcasting. (PyTorch: `torch.eq`) */
export function eq(x: Tensor, other: Operand): Tensor {
  const [left, right] = promote('eq', x, other);
  return wrap(b.eq(left, right));
}

/** A copy with a gradient. (PyTorch: `torch.clone`) */
export function clone(x: Tensor): Tensor {
  const node = requireTensor('clone', x);
  return wrap(b.emit('reshape', [node], { shape: node.shape }));
}
