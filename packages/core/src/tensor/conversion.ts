import type { Device } from '../device/contract.ts';
import { findDevice, noteDevice, requireDevice } from '../device/default.ts';
import { DeviceError, DTypeError } from '../errors.ts';
import type { DType } from '../graph/dtype.ts';
import { dtypes, isFloating } from '../graph/dtype.ts';
import { Node, recorder as b } from '../graph/node.ts';
import { requireTensor } from './operand.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/** Where and as what a tensor is wanted. */
export type Target = DType | Device | Tensor;

/** Whether something is an opened device. */
export function isDevice(x: unknown): x is Device {
  return (
    typeof x === 'object' &&
    x !== null &&
    typeof (x as Device).compile === 'function' &&
    typeof (x as Device).upload === 'function'
  );
}

/** Throws if a device cannot hold a dtype, saying which dtypes it has. */
export function requireDType(device: Device | null, dtype: DType): void {
  if (!dtypes.includes(dtype))
    throw new DTypeError(`unknown dtype '${dtype as string}'; there are ${dtypes.join(', ')}`);
  if (device !== null && !device.capabilities.dtypes.includes(dtype))
    throw new DTypeError(
      `${device.name} has no ${dtype}; it has ${device.capabilities.dtypes.join(', ')}. ` +
        (dtype === 'float64'
          ? 'float64 is available on tfjs-node and on the reference device.'
          : 'Move to a device that has it with to(device).'),
    );
}

/**
 * The tensor in another dtype, on another device, or both (a tensor as target gives both). Moving is recorded like
 * any operation and carries gradients. (PyTorch: `Tensor.to`)
 */
export function to(x: Tensor, ...targets: readonly Target[]): Tensor {
  return wrap(convert(requireTensor('to', x), targets));
}

/** See `to`. */
export function convert(source: Node, targets: readonly Target[]): Node {
  let node = source;
  let device: Device | null = null;
  let dtype: DType | null = null;
  for (const target of targets) {
    if (typeof target === 'string') dtype = target;
    else if (isDevice(target)) device = target;
    else if (target !== null && typeof target === 'object' && 'node' in target) {
      dtype = target.dtype;
      device = target.device ?? device;
    } else throw new TypeError(`to: expected a dtype, an opened device or a tensor, got ${String(target)}`);
  }
  const goal = device ?? (node.place as Device | null);
  if (dtype !== null) requireDType(goal, dtype);
  else requireDType(goal, node.dtype);
  if (
    dtype !== null &&
    node.place !== null &&
    !(node.place as Device).capabilities.dtypes.includes(dtype) &&
    device !== null
  ) {
    // The old device cannot hold the new dtype: move first.
    node = move(node, device);
    return b.cast(node, dtype) as Node;
  }
  if (dtype !== null) node = b.cast(node, dtype) as Node;
  return device === null ? node : move(node, device);
}

/** The value on another device; `null`: on the host, from where it may go anywhere. Internal. */
export function move(node: Node, device: Device | null): Node {
  if (node.place === device) return node;
  if (device !== null) noteDevice(device);
  const moved = new Node('transfer', [node], {}, node.dtype, node.shape, device);
  moved.requiresGrad = node.requiresGrad && isFloating(node.dtype);
  return moved;
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

/** The tensor in another dtype, or the name of its dtype. (PyTorch: `Tensor.type`) */
export function type(x: Tensor, dtype: DType): Tensor {
  if (dtype === undefined) throw new DeviceError('type: expected a dtype');
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
