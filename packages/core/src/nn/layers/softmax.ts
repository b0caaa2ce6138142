import { ShapeError } from '../../errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { Block } from '../block.ts';
import * as F from '../functional/activation.ts';
import { pythonText } from '../python-text.ts';

export interface SoftmaxLayerOptions {
  /** The dimension that sums to 1. Without it PyTorch's old rule: 0 for 0, 1 and 3 dimensions, else 1. */
  dim?: number | null;
}

abstract class DimActivation extends Block {
  readonly dim: number | null;

  constructor(...args: Trailing<SoftmaxLayerOptions, ['dim']>) {
    super();
    this.dim = readTrailing<SoftmaxLayerOptions>(new.target.name, args, ['dim']).dim ?? null;
  }

  override extraRepr(): string {
    return `dim=${pythonText(this.dim)}`;
  }
}

/** e^x / sum of e^x along `dim`. (PyTorch: `torch.nn.Softmax`) */
export class Softmax extends DimActivation {
  override forward(x: Tensor): Tensor {
    return F.softmax(x, this.dim);
  }
}

/** x - ln sum of e^x along `dim`. (PyTorch: `torch.nn.LogSoftmax`) */
export class LogSoftmax extends DimActivation {
  override forward(x: Tensor): Tensor {
    return F.logSoftmax(x, this.dim);
  }
}

/** e^-x / sum of e^-x along `dim`. (PyTorch: `torch.nn.Softmin`) */
export class Softmin extends DimActivation {
  override forward(x: Tensor): Tensor {
    return F.softmin(x, this.dim);
  }
}

/** Softmax over the channels of images [N, C, H, W] or [C, H, W]. (PyTorch: `torch.nn.Softmax2d`) */
export class Softmax2d extends Block {
  override forward(x: Tensor): Tensor {
    if (x.ndim !== 3 && x.ndim !== 4)
      throw new ShapeError(`Softmax2d: expected input to be 3D or 4D, got ${x.ndim}D instead`);
    return F.softmax(x, -3);
  }
}
