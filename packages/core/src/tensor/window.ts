import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import { normalizeDim } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { fixed, indexTable } from './host-values.ts';
import { requireInteger } from './integers.ts';
import { fresh, moveAxis } from './movement.ts';
import { requireTensor } from './operand.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/** All windows of `size` elements, `step` apart, along a dimension; their elements are a new last dimension. (PyTorch: `Tensor.unfold`) */
export function unfold(x: Tensor, dimension: number, size: number, step: number): Tensor {
  const node = requireTensor('unfold', x);
  requireInteger('unfold', size, 'an integer size');
  requireInteger('unfold', step, 'an integer step');
  const axis = normalizeDim(dimension, node.shape.length, 'unfold');
  const source = node.shape.length === 0 ? b.reshape(node, [1]) : (node as Value);
  const extent = source.shape[axis]!;
  if (size < 0) throw new ShapeError(`size is ${size} but must be >= 0`);
  if (size > extent)
    throw new ShapeError(`maximum size for tensor at dimension ${axis} is ${extent} but size is ${size}`);
  if (step <= 0) throw new ShapeError(`step is ${step} but must be > 0`);
  const count = Math.floor((extent - size) / step) + 1;
  const { shape } = source;
  let windows: Value;
  if (step === size && size > 0) {
    const whole = b.narrow(source, axis, 0, count * size);
    windows = b.reshape(whole, [...shape.slice(0, axis), count, size, ...shape.slice(axis + 1)]);
  } else {
    const places = Array.from({ length: count * size }, (_, i) => Math.floor(i / size) * step + (i % size));
    windows = b.gather(source, fixed(indexTable(places, [count, size])), axis);
  }
  const last = moveAxis(windows, axis + 1, windows.shape.length - 1);
  return wrap(fresh(node.shape.length === 0 ? b.reshape(last, [size]) : last, node));
}
