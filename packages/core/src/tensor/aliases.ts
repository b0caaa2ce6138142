import { ShapeError } from '../errors.ts';
import type { DType } from '../graph/dtype.ts';
import { byteSize, hostToNumbers, isFloating } from '../graph/dtype.ts';
import { recorder as b } from '../graph/node.ts';
import { normalizeDim, normalizeDims } from '../graph/shape.ts';
import type { TensorOptions } from './creation-options.ts';
import type { TensorValues } from './creation.ts';
import { asTensor, tensor } from './creation.ts';
import { getDefaultDtype } from './default-dtype.ts';
import { fill_ } from './inplace.ts';
import { integers } from './integers.ts';
import { fresh } from './movement.ts';
import { requireFloatingNode, requireTensor } from './operand.ts';
import { padConstant } from './padding.ts';
import { normOver } from './statistics.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

// Functions that PyTorch has at its top level beside methods.

/** Whether the dtype is a floating one. (PyTorch: `torch.is_floating_point`) */
export function isFloatingPoint(x: Tensor): boolean {
  return isFloating(requireTensor('is_floating_point', x).dtype);
}

/** Always false: there are no complex tensors. (PyTorch: `torch.is_complex`) */
export function isComplex(x: Tensor): boolean {
  requireTensor('is_complex', x);
  return false;
}

/** Whether each element is real: always. (PyTorch: `torch.isreal`) */
export function isreal(x: Tensor): Tensor {
  return wrap(b.full(requireTensor('isreal', x).shape, 1, 'bool'));
}

/** The value without its history. (PyTorch: `torch.detach`) */
export function detach(x: Tensor): Tensor {
  requireTensor('detach', x);
  return x.detach();
}

/** A 0-d tensor of a number, of the default dtype. (PyTorch: `torch.scalar_tensor`) */
export function scalarTensor(value: number, options: TensorOptions = {}): Tensor {
  return tensor(value, { dtype: getDefaultDtype(), ...options });
}

/** x without its history, in place. (PyTorch: `torch.detach_`) */
export function detach_(x: Tensor): Tensor {
  requireTensor('detach_', x);
  return x.detach_();
}

/** `value` everywhere, in the dtype of x. (PyTorch: `torch.fill`) */
export function fill(x: Tensor, value: number | boolean | Tensor): Tensor {
  const node = requireTensor('fill', x);
  const copy = wrap(b.emit('reshape', [node], { shape: node.shape }));
  return fill_(copy, value);
}

/** The norm over all dimensions but one (-1: over all), as weight normalization uses it. (PyTorch: `torch.norm_except_dim`) */
export function normExceptDim(v: Tensor, pow = 2, dim = 0): Tensor {
  const node = requireFloatingNode('normExceptDim', requireTensor('normExceptDim', v));
  const axes = node.shape.map((_, i) => i);
  if (dim === -1) return wrap(normOver(node, pow, axes, false));
  const kept = normalizeDim(dim, node.shape.length, 'normExceptDim');
  return wrap(
    normOver(
      node,
      pow,
      axes.filter((axis) => axis !== kept),
      true,
    ),
  );
}

/** The root of the sum of squares over dimensions. (PyTorch: `torch.frobenius_norm`) */
export function frobeniusNorm(x: Tensor, dim: number | readonly number[], keepdim = false): Tensor {
  const node = requireFloatingNode('frobeniusNorm', requireTensor('frobeniusNorm', x));
  return wrap(normOver(node, 2, normalizeDims(dim, node.shape.length, 'frobeniusNorm'), keepdim));
}

/** Constant padding of the last dimensions, as pairs that begin with the last one. (PyTorch: `torch.constant_pad_nd`) */
export function constantPadNd(x: Tensor, pad: readonly number[], value = 0): Tensor {
  const node = requireTensor('constantPadNd', x);
  const sizes = integers('constantPadNd', [pad]);
  if (sizes.length % 2 !== 0) throw new ShapeError(`Length of pad must be even but instead it equals ${sizes.length}`);
  if (sizes.length > 2 * node.shape.length)
    throw new ShapeError(
      `Length of pad should be no more than twice the number of dimensions of the input. Pad length is ${sizes.length} while the input has ${node.shape.length} dimensions.`,
    );
  return wrap(fresh(padConstant(node, sizes, value), node));
}

/** Numbers from `start` by `step` up to and including `end`, floating. (PyTorch: `torch.range`) */
export function range(
  start: number,
  end: number,
  step: number | TensorOptions = 1,
  options: TensorOptions = {},
): Tensor {
  const by = typeof step === 'number' ? step : 1;
  const chosen = typeof step === 'number' ? options : step;
  if (by === 0) throw new RangeError('step must be nonzero');
  if ((end - start) * Math.sign(by) < 0)
    throw new RangeError('upper bound and lower bound inconsistent with step sign');
  const count = Math.floor((end - start) / by) + 1;
  return tensor(
    Array.from({ length: count }, (_, i) => start + i * by),
    { ...chosen, dtype: chosen.dtype ?? getDefaultDtype() },
  );
}

/** The tensor itself where nothing has to change, otherwise a tensor of the values. (PyTorch: `torch.asarray`) */
export function asarray(
  values: Tensor | TensorValues,
  options: TensorOptions & { copy?: boolean | null } = {},
): Tensor {
  const { copy = null, ...rest } = options;
  const made = asTensor(values, rest);
  return copy === true && made === values ? wrap(b.emit('reshape', [made.node], { shape: made.shape })) : made;
}

/** A vector of the numbers in a buffer, `count` of them (default: all) from a byte on. (PyTorch: `torch.frombuffer`) */
export function frombuffer(
  buffer: ArrayBuffer | ArrayBufferView,
  options: { dtype: DType; count?: number; offset?: number; requiresGrad?: boolean },
): Tensor {
  const { dtype, count = -1, offset = 0, requiresGrad = false } = options;
  const bytes = ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
  const size = dtype === 'bool' ? 1 : byteSize(dtype);
  const available = bytes.length - offset;
  if (offset < 0 || available <= 0)
    throw new RangeError(
      `offset (${offset} bytes) must be non-negative and no greater than buffer length (${bytes.length} bytes) minus 1`,
    );
  if (count < 0 && available % size !== 0)
    throw new RangeError(
      `buffer length (${available} bytes) after offset (${offset} bytes) must be a multiple of element size (${size})`,
    );
  const length = count < 0 ? available / size : count;
  if (length * size > available)
    throw new RangeError(
      `requested buffer length (${length} * ${size} bytes) after offset (${offset} bytes) must not be greater than actual buffer length (${bytes.length} bytes)`,
    );
  const part = bytes.slice(offset, offset + length * size).buffer;
  const host =
    dtype === 'float64'
      ? new Float64Array(part)
      : dtype === 'float32'
        ? new Float32Array(part)
        : dtype === 'int32'
          ? new Int32Array(part)
          : dtype === 'float16'
            ? hostToNumbers(new Uint16Array(part), 'float16')
            : new Uint8Array(part);
  return tensor([...host], { dtype, requiresGrad });
}
