import { findDevice, requireDevice } from '../device/default.ts';
import type { DType } from '../graph/dtype.ts';
import { recorder as b } from '../graph/node.ts';
import { requireTensor } from './operand.ts';
import type { Target } from './target.ts';
import { convert, move } from './target.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/**
 * The tensor in another dtype, on another device, or both (a tensor as target gives both). Moving is recorded like
 * any operation and carries gradients. (PyTorch: `Tensor.to`)
 */
export function to(x: Tensor, ...targets: readonly Target[]): Tensor {
  return wrap(convert(requireTensor('to', x), targets));
}

/** The tensor as float32. (PyTorch: `Tensor.float`) */
export function float(x: Tensor): Tensor {
  return to(x, 'float32');
}
/** The tensor as float64. (PyTorch: `Tensor.double`) */
export function double(x: Tensor): Tensor {
  return to(x, 'float64');
}
/** The tensor as float16. (PyTorch: `Tensor.half`) */
export function half(x: Tensor): Tensor {
  return to(x, 'float16');
}
/** The tensor as int32, truncated. (PyTorch: `Tensor.int`) */
export function int(x: Tensor): Tensor {
  return to(x, 'int32');
}
/** The tensor as int32: there is no 64-bit integer. (PyTorch: `Tensor.long`) */
export function long(x: Tensor): Tensor {
  return to(x, 'int32');
}
/** The tensor as bool: x != 0. (PyTorch: `Tensor.bool`) */
export function bool(x: Tensor): Tensor {
  return to(x, 'bool');
}

/**
 * The tensor on a CPU: the default device if it is one, otherwise one that has been used, otherwise the host.
 * (PyTorch: `Tensor.cpu`)
 */
export function cpu(x: Tensor): Tensor {
  const node = requireTensor('cpu', x);
  const device = findDevice('cpu');
  return wrap(device === null ? move(node, null) : convert(node, [device]));
}
/** The tensor on the CUDA device that is the default or has been used. Throws a DeviceError if there is none. (PyTorch: `Tensor.cuda`) */
export function cuda(x: Tensor): Tensor {
  return to(x, requireDevice('cuda'));
}

/** The tensor in another dtype; its own is `x.dtype`. (PyTorch: `Tensor.type`) */
export function type(x: Tensor, dtype: DType): Tensor {
  if (dtype === undefined) throw new TypeError('type: expected a dtype. The name of the present one is x.dtype.');
  return to(x, dtype);
}

/** The tensor in the dtype of another one. (PyTorch: `Tensor.type_as`) */
export function typeAs(x: Tensor, other: Tensor): Tensor {
  return to(x, requireTensor('type_as', other).dtype);
}

/** A copy with a gradient. (PyTorch: `torch.clone`) */
export function clone(x: Tensor): Tensor {
  const node = requireTensor('clone', x);
  return wrap(b.emit('reshape', [node], { shape: node.shape }));
}
