import { ChimeraError } from '../../errors.ts';
import { zeros } from '../../tensor/creation.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { Block } from '../block.ts';
import { bilinear } from '../functional/bilinear.ts';
import { uniform_ } from '../init.ts';
import { Parameter } from '../parameter.ts';
import type { LinearOptions } from './linear.ts';

/** y = x1^T A x2 + b; x1 [..., in1Features], x2 [..., in2Features], y [..., outFeatures]. (PyTorch: `torch.nn.Bilinear`) */
export class Bilinear extends Block {
  readonly in1Features: number;
  readonly in2Features: number;
  readonly outFeatures: number;
  declare weight: Parameter;
  declare bias: Parameter | null;

  constructor(
    in1Features: number,
    in2Features: number,
    outFeatures: number,
    ...args: Trailing<LinearOptions, ['bias', 'device', 'dtype']>
  ) {
    super();
    const { bias = true, dtype, device } = readTrailing<LinearOptions>('Bilinear', args, ['bias', 'device', 'dtype']);
    if (in1Features <= 0) throw new ChimeraError(`in1_features must be > 0, but got ${in1Features}`);
    this.in1Features = in1Features;
    this.in2Features = in2Features;
    this.outFeatures = outFeatures;
    this.weight = new Parameter(zeros([outFeatures, in1Features, in2Features], { dtype, device }));
    this.registerParameter('bias', bias ? new Parameter(zeros([outFeatures], { dtype, device })) : null);
    this.resetParameters();
  }

  /** Draws new weights from ±1/sqrt(in1Features). (PyTorch: `reset_parameters`) */
  resetParameters(): void {
    const bound = 1 / Math.sqrt(this.in1Features);
    uniform_(this.weight, -bound, bound);
    if (this.bias !== null) uniform_(this.bias, -bound, bound);
  }

  override forward(input1: Tensor, input2: Tensor): Tensor {
    return bilinear(input1, input2, this.weight, this.bias);
  }

  override extraRepr(): string {
    return `in1_features=${this.in1Features}, in2_features=${this.in2Features}, out_features=${this.outFeatures}, bias=${this.bias === null ? 'False' : 'True'}`;
  }
}
