import { noGrad } from '../autograd/mode.ts';
import { ShapeError } from '../errors.ts';
import { numbersToHost } from '../graph/dtype.ts';
import { sizeOf } from '../graph/shape.ts';
import { defaultGenerator } from '../random/default-generator.ts';
import type { Generator } from '../random/generator.ts';
import { fillUniform } from '../random/uniform.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { fromHost } from '../tensor/tensor.ts';

/** Puts numbers from the host into a tensor, in place. */
export function fillWith(tensor: Tensor, values: ArrayLike<number>): Tensor {
  noGrad(() => tensor.assignValue(fromHost(numbersToHost(values, tensor.dtype), tensor.shape, tensor.dtype, { device: tensor.device }).node));
  return tensor;
}

function fans(tensor: Tensor): [fanIn: number, fanOut: number] {
  const { shape } = tensor;
  if (shape.length < 2) throw new ShapeError('Fan in and fan out can not be computed for tensor with fewer than 2 dimensions');
  const receptive = sizeOf(shape.slice(2));
  return [shape[1]! * receptive, shape[0]! * receptive];
}

/** Fan in and fan out of a weight. */
export function calculateFanInAndFanOut(tensor: Tensor): [fanIn: number, fanOut: number] {
  return fans(tensor);
}

/** Uniform in [a, b), PyTorch's stream. (PyTorch: `nn.init.uniform_`) */
export function uniform_(tensor: Tensor, a = 0, b = 1, generator: Generator = defaultGenerator()): Tensor {
  const size = tensor.numel();
  return fillWith(tensor, fillUniform(generator, tensor.dtype === 'float64' ? new Float64Array(size) : new Float32Array(size), a, b));
}
