import type { Tensor } from '../../tensor/tensor.ts';
import { relu } from '../../tensor/activation.ts';
import { Block } from '../block.ts';

/** max(x, 0), any shape. (PyTorch: `torch.nn.ReLU`) */
export class ReLU extends Block {
  override forward(x: Tensor): Tensor {
    return relu(x);
  }
}
