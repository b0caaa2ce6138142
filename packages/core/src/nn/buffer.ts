import { zeros } from '../tensor/creation.ts';
import { alias, Tensor } from '../tensor/tensor.ts';

export interface BufferOptions {
  /** Whether it is part of `stateDict`. Default true. */
  persistent?: boolean;
}

/**
 * A tensor that is a buffer of the block it is assigned to: state that is not trained. The assignment
 * `this.mean = new nn.Buffer(zeros([3]))` does what `registerBuffer('mean', zeros([3]))` does. (PyTorch: `torch.nn.Buffer`)
 */
export class Buffer extends Tensor {
  /** Whether it is part of `stateDict`. */
  readonly persistent: boolean;

  /** Takes the value of `data`, without its history. Default: an empty tensor. */
  constructor(data: Tensor | null = null, { persistent = true }: BufferOptions = {}) {
    if (data !== null && !(data instanceof Tensor))
      throw new TypeError(`Buffer: expected a Tensor, got ${typeof data}`);
    super(alias((data ?? zeros([0])).node));
    if (data?.requiresGrad === true) this.requiresGrad_();
    this.persistent = persistent;
  }
}
