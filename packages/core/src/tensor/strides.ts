import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import { sizeOf, stridesOf } from '../graph/shape.ts';
import { fixed, indexTable } from './host-values.ts';
import { integers, requireInteger } from './integers.ts';
import { requireTensor } from './operand.ts';
import { narrow } from './split.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/** Elements of the flattened tensor at offset + sum of index times stride: a copy here. (PyTorch: `torch.as_strided`) */
export function asStrided(
  x: Tensor,
  size: readonly number[],
  strides: readonly number[],
  options: number | { storageOffset?: number | null } = 0,
): Tensor {
  const storageOffset = typeof options === 'number' ? options : (options.storageOffset ?? 0);
  const node = requireTensor('asStrided', x);
  const shape = integers('asStrided', [size]);
  const steps = integers('asStrided', [strides]);
  requireInteger('asStrided', storageOffset);
  if (shape.length !== steps.length)
    throw new ShapeError(`mismatch in length of strides and shape: ${steps.length} and ${shape.length}`);
  if (shape.some((n) => n < 0) || steps.some((n) => n < 0) || storageOffset < 0)
    throw new ShapeError(
      `as_strided: Negative sizes, strides and offsets are not supported at the moment, got sizes [${shape.join(', ')}], strides [${steps.join(', ')}]`,
    );
  const count = sizeOf(shape);
  const elements = sizeOf(node.shape);
  const last = count === 0 ? 0 : shape.reduce((sum, n, d) => sum + (n - 1) * steps[d]!, storageOffset);
  if (count > 0 && last >= elements)
    throw new ShapeError(
      `setStorage: sizes [${shape.join(', ')}], strides [${steps.join(', ')}], storage offset ${storageOffset} are out of bounds for a tensor of ${elements} elements`,
    );
  const own = stridesOf(shape);
  const places = Int32Array.from({ length: count }, (_, i) =>
    shape.reduce((sum, n, d) => sum + (Math.floor(i / own[d]!) % n) * steps[d]!, storageOffset),
  );
  return wrap(b.gather(b.reshape(node, [elements]), fixed(indexTable(places, shape)), 0));
}

/** As `narrow`. (PyTorch: `torch.narrow_copy`) */
export function narrowCopy(x: Tensor, dim: number, start: number, length: number): Tensor {
  return narrow(x, dim, start, length);
}

/** Summed over dimensions until it has a shape that broadcasts to its own. (PyTorch: `Tensor.sum_to_size`) */
export function sumToSize(x: Tensor, ...size: readonly number[] | readonly [readonly number[]]): Tensor {
  const node = requireTensor('sumToSize', x);
  const shape = integers('sumToSize', size);
  const extra = node.shape.length - shape.length;
  if (extra < 0 || shape.some((n, d) => n !== 1 && n !== node.shape[d + extra]))
    throw new ShapeError(`size {[${shape.join(', ')}]} is not expandable to size {[${node.shape.join(', ')}]}.`);
  const numeric = node.dtype === 'bool' ? b.cast(node, 'int32') : node;
  const y = b.sumTo(numeric, shape);
  return wrap(y === node ? b.emit('reshape', [node], { shape: node.shape }) : y);
}
