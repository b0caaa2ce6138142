import { noGrad } from '../../autograd/mode.ts';
import { ShapeError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import { sizeOf } from '../../graph/shape.ts';
import { Tensor, wrap } from '../../tensor/tensor.ts';
import type { ParameterSource } from './gradients.ts';
import { listOf } from './gradients.ts';

/** All parameters, flattened, as one vector. (PyTorch: `nn.utils.parameters_to_vector`) */
export function parametersToVector(parameters: ParameterSource): Tensor {
  const list = listOf('parametersToVector', parameters);
  if (list.length === 0) throw new ShapeError('parametersToVector: expected a non-empty list of tensors');
  return wrap(
    b.concat(
      list.map(({ node }) => b.reshape(node, [sizeOf(node.shape)])),
      0,
    ),
  );
}

/** Gives parameters the values of a vector, in order. (PyTorch: `nn.utils.vector_to_parameters`) */
export function vectorToParameters(vector: Tensor, parameters: ParameterSource): void {
  if (!(vector instanceof Tensor))
    throw new TypeError(`expected torch.Tensor, but got: ${vector === null ? 'null' : typeof vector}`);
  const list = listOf('vectorToParameters', parameters);
  const total = list.reduce((n, parameter) => n + parameter.numel(), 0);
  if (vector.shape.length !== 1 || vector.shape[0]! < total)
    throw new ShapeError(
      `vectorToParameters: ${total} elements do not fit a vector of shape [${vector.shape.join(', ')}]`,
    );
  noGrad(() => {
    let start = 0;
    for (const parameter of list) {
      const size = parameter.numel();
      const part = b.reshape(b.narrow(vector.node, 0, start, size), parameter.shape);
      // A slice of the whole is the vector's own node, which must not become a parameter's.
      parameter.assignValue((part === vector.node ? b.emit('reshape', [part], { shape: part.shape }) : part) as Node);
      start += size;
    }
  });
}
