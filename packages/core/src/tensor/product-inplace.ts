import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import { scoped } from '../graph/scope.ts';
import { sizeOf } from '../graph/shape.ts';
import { fixed, hostTable } from './host-values.ts';
import { addbmm, addmm, addmv, addr, baddbmm } from './linear.ts';
import type { AddProductOptions } from './linear.ts';
import { overwrite } from './overwrite.ts';
import { put } from './scatter.ts';
import type { PutOptions } from './scatter.ts';
import type { Tensor } from './tensor.ts';

/** beta x + alpha mat1 mat2, in place. (PyTorch: `Tensor.addmm_`) */
export function addmm_(x: Tensor, mat1: Tensor, mat2: Tensor, options: AddProductOptions = {}): Tensor {
  return overwrite('addmm_', x, () => scoped(() => addmm(x, mat1, mat2, options).node));
}
/** beta x + alpha mat vec, in place. (PyTorch: `Tensor.addmv_`) */
export function addmv_(x: Tensor, mat: Tensor, vec: Tensor, options: AddProductOptions = {}): Tensor {
  return overwrite('addmv_', x, () => scoped(() => addmv(x, mat, vec, options).node));
}
/** beta x + alpha times the outer product of two vectors, in place. (PyTorch: `Tensor.addr_`) */
export function addr_(x: Tensor, vec1: Tensor, vec2: Tensor, options: AddProductOptions = {}): Tensor {
  return overwrite('addr_', x, () => scoped(() => addr(x, vec1, vec2, options).node));
}
/** beta x + alpha batch1 batch2, in place. (PyTorch: `Tensor.baddbmm_`) */
export function baddbmm_(x: Tensor, batch1: Tensor, batch2: Tensor, options: AddProductOptions = {}): Tensor {
  return overwrite('baddbmm_', x, () => scoped(() => baddbmm(x, batch1, batch2, options).node));
}
/** beta x + alpha times the sum of the batch's products, in place. (PyTorch: `Tensor.addbmm_`) */
export function addbmm_(x: Tensor, batch1: Tensor, batch2: Tensor, options: AddProductOptions = {}): Tensor {
  return overwrite('addbmm_', x, () => scoped(() => addbmm(x, batch1, batch2, options).node));
}
/** `put` in place. (PyTorch: `Tensor.put_`) */
export function put_(x: Tensor, index: Tensor, source: Tensor, options: PutOptions | boolean = {}): Tensor {
  return overwrite('put_', x, () => scoped(() => put(x, index, source, options).node));
}

export interface FillDiagonalOptions {
  /** Start again below the square of a tall matrix. Default false. */
  wrap?: boolean;
}

/** One number on the main diagonal, in place; of more than two dimensions all must be equal. (PyTorch: `Tensor.fill_diagonal_`) */
export function fillDiagonal_(x: Tensor, value: number, options: FillDiagonalOptions | boolean = {}): Tensor {
  return overwrite('fillDiagonal_', x, (node) => {
    const { shape } = node;
    const wraps = (typeof options === 'boolean' ? options : options.wrap) ?? false;
    if (typeof value !== 'number') throw new TypeError(`fillDiagonal_: expected a number, got ${typeof value}`);
    if (shape.length < 2) throw new ShapeError('dimensions must larger than 1');
    if (shape.length > 2 && shape.some((n) => n !== shape[0]))
      throw new ShapeError('all dimensions of input must be of equal length');
    const [rows, columns] = [shape[0]!, shape[1]!];
    const size = sizeOf(shape);
    let step = 0;
    for (let d = 0, stride = 1; d < shape.length; d++, stride *= shape.at(-d)!) step += stride;
    const end = shape.length === 2 && !wraps ? Math.min(rows, columns) * (columns + 1) - columns : size;
    const mask = new Uint8Array(size);
    for (let i = 0; i < Math.min(end, size); i += step) mask[i] = 1;
    return b.select(fixed(hostTable(mask, shape, 'bool')), b.like(node, value), node);
  });
}
