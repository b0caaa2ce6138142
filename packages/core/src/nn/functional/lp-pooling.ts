import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import { sizeOf } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { requireFloatingNode, requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Size, Trailing } from '../arguments.ts';
import { readArguments, sizesOf } from '../arguments.ts';
import { averagePool, maxPool, poolGeometry } from './pooling.ts';

export interface LPPoolFunctionOptions {
  /** Step of the window. Default: the kernel size. */
  stride?: Size | null;
  /** Let a last window reach over the end. Default false. */
  ceilMode?: boolean;
}
const order = ['stride', 'ceilMode'] as const;
interface LPPoolSizes {
  normType: number;
  kernelSize: Size;
}
type Arguments =
  | readonly [normType: number, kernelSize: Size, ...options: Trailing<LPPoolFunctionOptions, typeof order>]
  | readonly [normType: number, options: LPPoolFunctionOptions & Pick<LPPoolSizes, 'kernelSize'>]
  | readonly [options: LPPoolFunctionOptions & LPPoolSizes];

/** (sum of x^normType)^(1/normType) over windows of x [N, C, L] or [C, L]. (PyTorch: `F.lp_pool1d`) */
export function lpPool1d(x: Tensor, ...args: Arguments): Tensor {
  const { normType, kernelSize, ...options } = readArguments<LPPoolSizes, LPPoolFunctionOptions>(
    'lp_pool1d',
    args,
    ['normType', 'kernelSize'],
    order,
  );
  return lpPool(1, x, normType, kernelSize, options);
}
/** (sum of x^normType)^(1/normType) over windows of x [N, C, H, W] or [C, H, W]. (PyTorch: `F.lp_pool2d`) */
export function lpPool2d(x: Tensor, ...args: Arguments): Tensor {
  const { normType, kernelSize, ...options } = readArguments<LPPoolSizes, LPPoolFunctionOptions>(
    'lp_pool2d',
    args,
    ['normType', 'kernelSize'],
    order,
  );
  return lpPool(2, x, normType, kernelSize, options);
}
/** (sum of x^normType)^(1/normType) over windows of x [N, C, D, H, W] or [C, D, H, W]. (PyTorch: `F.lp_pool3d`) */
export function lpPool3d(x: Tensor, ...args: Arguments): Tensor {
  const { normType, kernelSize, ...options } = readArguments<LPPoolSizes, LPPoolFunctionOptions>(
    'lp_pool3d',
    args,
    ['normType', 'kernelSize'],
    order,
  );
  return lpPool(3, x, normType, kernelSize, options);
}

/** See `lpPool2d`. */
export function lpPool(
  dimensions: number,
  x: Tensor,
  normType: number,
  kernelSize: Size,
  { stride = null, ceilMode = false }: LPPoolFunctionOptions,
): Tensor {
  const name = `lp_pool${dimensions}d`;
  if (typeof normType !== 'number')
    throw new TypeError(`${name}: expected norm_type to be a number, got ${typeof normType}`);
  if (normType === 0) throw new RangeError('float division by zero');
  const node = requireFloatingNode(name, requireTensor(name, x));
  if (!Number.isFinite(normType)) {
    const sign = (value: Value): Value => (normType > 0 ? value : b.neg(value));
    const pooled = maxPool(
      sign(b.abs(node)) as Node,
      poolGeometry(name, node.shape, dimensions, kernelSize, { stride, ceilMode }),
      false,
    ) as Tensor;
    return wrap(sign(pooled.node));
  }
  const powers = normType === 1 ? node : normType === 2 ? b.mul(node, node) : b.pow(node, b.like(node, normType));
  const mean = averagePool(name, powers as Node, dimensions, kernelSize, { stride, ceilMode });
  // As PyTorch: with ceilMode the mean is of fewer elements at the end, but all are multiplied by the kernel's size.
  const sum = b.mul(
    b.mul(b.sign(mean), b.relu(b.abs(mean))),
    b.like(mean, sizeOf(sizesOf('kernel_size', kernelSize, dimensions))),
  );
  return wrap(normType === 1 ? sum : b.pow(sum, b.like(sum, 1 / normType)));
}
