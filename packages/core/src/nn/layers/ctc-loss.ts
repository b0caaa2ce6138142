import type { Tensor } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import type { CtcLengths, CtcOptions } from '../functional/ctc-loss.ts';
import { ctcLoss } from '../functional/ctc-loss.ts';
import { Loss } from './loss-base.ts';

/** Connectionist temporal classification of logProbs [T, N, C], targets [N, S] or joined, and lengths [N]. (PyTorch: `torch.nn.CTCLoss`) */
export class CTCLoss extends Loss {
  readonly blank: number;
  readonly zeroInfinity: boolean;

  constructor(...args: Trailing<CtcOptions, ['blank', 'reduction', 'zeroInfinity']>) {
    const {
      blank = 0,
      reduction,
      zeroInfinity = false,
    } = readTrailing<CtcOptions>('CTCLoss', args, ['blank', 'reduction', 'zeroInfinity']);
    super(reduction);
    this.blank = blank;
    this.zeroInfinity = zeroInfinity;
  }

  override forward(logProbs: Tensor, targets: Tensor, inputLengths: CtcLengths, targetLengths: CtcLengths): Tensor {
    const { blank, reduction, zeroInfinity } = this;
    return ctcLoss(logProbs, targets, inputLengths, targetLengths, { blank, reduction, zeroInfinity });
  }
}
