import type { Tensor } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { Block } from '../block.ts';
import {
  alphaDropout,
  dropout,
  dropout1d,
  dropout2d,
  dropout3d,
  featureAlphaDropout,
  requireProbability,
} from '../functional/dropout.ts';
import { pythonText } from '../python-text.ts';

export interface DropoutOptions {
  /** Probability that an element is dropped. Default 0.5. */
  p?: number;
  /** Write the result into the input. Default false. */
  inplace?: boolean;
}
type Arguments = Trailing<DropoutOptions, ['p', 'inplace']>;

/** What the dropout layers share. Use `Dropout` and the like. */
export abstract class DropoutBase extends Block {
  p: number;
  inplace: boolean;

  constructor(...options: Arguments) {
    super();
    const { p = 0.5, inplace = false } = readTrailing<DropoutOptions>(new.target.name, options, ['p', 'inplace']);
    requireProbability(p);
    this.p = p;
    this.inplace = inplace;
  }

  override extraRepr(): string {
    return `p=${pythonText(this.p)}, inplace=${pythonText(this.inplace)}`;
  }
}

/** In training, zeros with probability p; what is left is divided by 1 - p. (PyTorch: `torch.nn.Dropout`) */
export class Dropout extends DropoutBase {
  override forward(x: Tensor): Tensor {
    return dropout(x, this.p, this.training, this.inplace);
  }
}
/** `Dropout` of whole channels of x [N, C, L] or [C, L]. (PyTorch: `torch.nn.Dropout1d`) */
export class Dropout1d extends DropoutBase {
  override forward(x: Tensor): Tensor {
    return dropout1d(x, this.p, this.training, this.inplace);
  }
}
/** `Dropout` of whole channels of x [N, C, H, W]. (PyTorch: `torch.nn.Dropout2d`) */
export class Dropout2d extends DropoutBase {
  override forward(x: Tensor): Tensor {
    return dropout2d(x, this.p, this.training, this.inplace);
  }
}
/** `Dropout` of whole channels of x [N, C, D, H, W]. (PyTorch: `torch.nn.Dropout3d`) */
export class Dropout3d extends DropoutBase {
  override forward(x: Tensor): Tensor {
    return dropout3d(x, this.p, this.training, this.inplace);
  }
}
/** Dropout that keeps mean and variance of SELU's output. (PyTorch: `torch.nn.AlphaDropout`) */
export class AlphaDropout extends DropoutBase {
  override forward(x: Tensor): Tensor {
    return alphaDropout(x, this.p, this.training, this.inplace);
  }
}
/** `AlphaDropout` of whole channels of x [N, C, ...]. (PyTorch: `torch.nn.FeatureAlphaDropout`) */
export class FeatureAlphaDropout extends DropoutBase {
  override forward(x: Tensor): Tensor {
    return featureAlphaDropout(x, this.p, this.training, this.inplace);
  }
}
