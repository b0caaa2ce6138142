import type { Device } from '../device/contract.ts';
import { noteDevice, requireDevice } from '../device/default.ts';
import { DTypeError } from '../errors.ts';
import type { DType } from '../graph/dtype.ts';
import { dtypes, isFloating } from '../graph/dtype.ts';
import { Node, recorder as b } from '../graph/node.ts';
import { requireOn } from '../graph/place.ts';
import type { Tensor } from './tensor.ts';

/** Where and as what a tensor is wanted. */
export type Target = DType | 'cpu' | 'cuda' | Device | Tensor | TargetOptions;

/** By name, as PyTorch's keyword arguments. */
export interface TargetOptions {
  device?: Device | null;
  dtype?: DType | null;
}

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
  requireOn(device, dtype);
}

/** Where and as what, from any mixture of ways to say it; the last word counts. */
export function readTargets(targets: readonly Target[]): { device: Device | null; dtype: DType | null } {
  let device: Device | null = null;
  let dtype: DType | null = null;
  for (const target of targets) {
    if (target === 'cpu' || target === 'cuda') device = requireDevice(target);
    else if (typeof target === 'string') dtype = requireKnown(target);
    else if (isDevice(target)) device = target;
    else if (target !== null && typeof target === 'object' && 'node' in target) {
      dtype = target.dtype;
      device = target.device ?? device;
    } else if (isOptions(target)) {
      dtype = target.dtype ?? dtype;
      device = target.device ?? device;
    } else throw new TypeError(`to: expected a dtype, an opened device or a tensor, got ${describe(target)}`);
  }
  return { device, dtype };
}

function requireKnown(dtype: DType): DType {
  if (dtypes.includes(dtype)) return dtype;
  throw new DTypeError(
    `unknown dtype '${dtype as string}'; there are ${dtypes.join(', ')}. Devices are opened and passed as they are: to(await tfjsNode()), and 'cpu' and 'cuda' stand for those in use.`,
  );
}

function isOptions(target: unknown): target is TargetOptions {
  if (typeof target !== 'object' || target === null || Object.getPrototypeOf(target) !== Object.prototype) return false;
  const { device } = target as TargetOptions;
  if (device !== undefined && device !== null && !isDevice(device)) return false;
  return Object.keys(target).every((name) => name === 'device' || name === 'dtype');
}

function describe(target: unknown): string {
  return typeof target === 'object' && target !== null ? JSON.stringify(Object.keys(target)) : String(target);
}

/** A value in another dtype, on another device, or both. See `to`. */
export function convert(source: Node, targets: readonly Target[]): Node {
  let node = source;
  const { device, dtype } = readTargets(targets);
  const goal = device ?? (node.place as Device | null);
  requireDType(goal, dtype ?? node.dtype);
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
