import { DTypeError, ShapeError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import { recorder as b } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';
import type { ComplexTensor } from './fourier.ts';
import { fresh } from './movement.ts';
import { promoteFloating, requireTensor, toFloating } from './operand.ts';
import { torchNames } from './overwrite.ts';
import { Tensor, wrap } from './tensor.ts';

// Complex values are pairs { real, imag } of real tensors; these are PyTorch's ways in and out of them.

function isPair(x: unknown): x is ComplexTensor {
  return typeof x === 'object' && x !== null && !(x instanceof Tensor) && 'real' in x && 'imag' in x;
}

function floatingParts(name: string, first: Tensor, second: Tensor): [Value, Value] {
  const left = requireTensor(name, first);
  const right = requireTensor(name, second);
  if (!isFloating(left.dtype) || !isFloating(right.dtype))
    throw new DTypeError(
      `Expected both inputs to be Half, Float or Double tensors but got ${torchNames[left.dtype]} and ${torchNames[right.dtype]}`,
    );
  if (left.dtype !== right.dtype)
    throw new DTypeError(
      `Expected object of scalar type ${torchNames[left.dtype]} but got scalar type ${torchNames[right.dtype]} for second argument`,
    );
  return [left, right];
}

/** A complex value of its parts, which broadcast. (PyTorch: `torch.complex`) */
export function complex(real: Tensor, imag: Tensor): ComplexTensor {
  const [left, right] = floatingParts('complex', real, imag);
  const none = b.like(left, 0);
  const { shape } = b.add(left, right);
  return {
    real: wrap(fresh(b.broadcastTo(left, shape), left)),
    imag: wrap(fresh(b.broadcastTo(right, shape), right, none)),
  };
}

/** abs (cos angle + i sin angle). (PyTorch: `torch.polar`) */
export function polar(abs: Tensor, angle: Tensor): ComplexTensor {
  const [size, turn] = floatingParts('polar', abs, angle);
  return { real: wrap(b.mul(size, b.cos(turn))), imag: wrap(b.mul(size, b.sin(turn))) };
}

/** The real part; a real tensor itself. (PyTorch: `torch.real`) */
export function real(x: Tensor | ComplexTensor): Tensor {
  if (isPair(x)) return x.real;
  requireTensor('real', x);
  return x;
}

/** The imaginary part of a complex value. (PyTorch: `torch.imag`) */
export function imag(x: ComplexTensor): Tensor {
  if (isPair(x)) return x.imag;
  requireTensor('imag', x);
  throw new TypeError('imag is not implemented for tensors with non-complex dtypes.');
}

/** The angle of complex values in radians; of real ones 0, or pi below 0. (PyTorch: `torch.angle`) */
export function angle(x: Tensor | ComplexTensor): Tensor {
  if (isPair(x)) {
    const [imaginary, real_] = promoteFloating('angle', x.imag, x.real);
    return wrap(b.emit('atan2', [imaginary, real_], {}));
  }
  const node = toFloating(requireTensor('angle', x));
  const turned = b.select(b.lt(node, b.like(node, 0)), b.like(node, Math.PI), b.like(node, 0));
  // NaN stays, and the gradient is 0.
  const value = b.select(b.eq(node, node), turned, b.like(node, Number.NaN));
  return wrap(b.select(b.scalar(1, 'bool'), value, node));
}

/** Both parts as a new last dimension of 2. (PyTorch: `torch.view_as_real`) */
export function viewAsReal(x: ComplexTensor): Tensor {
  if (!isPair(x)) throw new TypeError('view_as_real is only supported for complex tensors: { real, imag }');
  const parts = [x.real, x.imag].map((part) => {
    const node = requireTensor('view_as_real', part);
    return b.reshape(node, [...node.shape, 1]);
  });
  return wrap(b.concat(parts, parts[0]!.shape.length - 1));
}

/** The complex value whose parts lie in the last dimension, of 2. (PyTorch: `torch.view_as_complex`) */
export function viewAsComplex(x: Tensor): ComplexTensor {
  const node = requireTensor('view_as_complex', x);
  if (!isFloating(node.dtype))
    throw new DTypeError(
      `view_as_complex is only supported for half, float and double tensors, but got a tensor of scalar type: ${torchNames[node.dtype]}`,
    );
  const axis = node.shape.length - 1;
  if (axis < 0) throw new ShapeError('Input tensor must have one or more dimensions');
  if (node.shape[axis] !== 2) throw new ShapeError('Tensor must have a last dimension of size 2');
  const part = (place: number): Tensor => wrap(b.reshape(b.narrow(node, axis, place, 1), node.shape.slice(0, -1)));
  return { real: part(0), imag: part(1) };
}
