import { DTypeError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import { alias, Tensor } from '../tensor/tensor.ts';

export interface ParameterOptions {
  /** Whether it is trained. Default true. */
  requiresGrad?: boolean;
}

/**
 * A tensor that is a parameter of the block it is assigned to: `parameters()` lists it and optimizers update it. It
 * owns its value: an update frees the former one. (PyTorch: `torch.nn.Parameter`)
 */
export class Parameter extends Tensor {
  /** Takes the value of `data`, without its history. */
  constructor(data: Tensor, { requiresGrad = true }: ParameterOptions = {}) {
    if (!(data instanceof Tensor))
      throw new TypeError(`Parameter: expected a Tensor, got ${data === null ? 'null' : typeof data}`);
    if (requiresGrad && !isFloating(data.dtype))
      throw new DTypeError(`Only Tensors of floating point and complex dtype can require gradients, got ${data.dtype}`);
    const node = alias(data.node);
    super(node);
    node.requiresGrad = requiresGrad;
    node.owner = requiresGrad ? this : null;
    this.becomeState();
  }

  override get [Symbol.toStringTag](): string {
    return 'Parameter';
  }
}
