import type { Tensor } from '../../tensor/tensor.ts';
import type { Size, Trailing } from '../arguments.ts';
import { readArguments } from '../arguments.ts';
import { Block } from '../block.ts';
import type { SlidingOptions } from '../functional/sliding.ts';
import { fold, unfold } from '../functional/sliding.ts';
import { pythonText } from '../python-text.ts';

const unfoldOrder = ['dilation', 'padding', 'stride'] as const;
type Arguments = Trailing<SlidingOptions, typeof unfoldOrder>;

/** All blocks of images x [N, C, H, W] or [C, H, W], as columns: [N, C kh kw, blocks]. (PyTorch: `torch.nn.Unfold`) */
export class Unfold extends Block {
  readonly kernelSize: Size;
  readonly dilation: Size;
  readonly padding: Size;
  readonly stride: Size;

  constructor(
    ...args:
      | readonly [kernelSize: Size, ...options: Arguments]
      | readonly [options: SlidingOptions & { kernelSize: Size }]
  ) {
    super();
    const {
      kernelSize,
      dilation = 1,
      padding = 0,
      stride = 1,
    } = readArguments<{ kernelSize: Size }, SlidingOptions>('Unfold', args, ['kernelSize'], unfoldOrder);
    this.kernelSize = kernelSize;
    this.dilation = dilation;
    this.padding = padding;
    this.stride = stride;
  }

  override forward(x: Tensor): Tensor {
    return unfold(x, this.kernelSize, { dilation: this.dilation, padding: this.padding, stride: this.stride });
  }
  override extraRepr(): string {
    const { kernelSize, dilation, padding, stride } = this;
    return `kernel_size=${pythonText(kernelSize)}, dilation=${pythonText(dilation)}, padding=${pythonText(padding)}, stride=${pythonText(stride)}`;
  }
}

/** Blocks [N, C kh kw, blocks] added up in images [N, C, ...outputSize]. (PyTorch: `torch.nn.Fold`) */
export class Fold extends Block {
  readonly outputSize: Size;
  readonly kernelSize: Size;
  readonly dilation: Size;
  readonly padding: Size;
  readonly stride: Size;

  constructor(
    ...args:
      | readonly [outputSize: Size, kernelSize: Size, ...options: Arguments]
      | readonly [outputSize: Size, options: SlidingOptions & { kernelSize: Size }]
      | readonly [options: SlidingOptions & { outputSize: Size; kernelSize: Size }]
  ) {
    super();
    const read = readArguments<{ outputSize: Size; kernelSize: Size }, SlidingOptions>(
      'Fold',
      args,
      ['outputSize', 'kernelSize'],
      unfoldOrder,
    );
    const { outputSize, kernelSize, dilation = 1, padding = 0, stride = 1 } = read;
    this.outputSize = outputSize;
    this.kernelSize = kernelSize;
    this.dilation = dilation;
    this.padding = padding;
    this.stride = stride;
  }

  override forward(x: Tensor): Tensor {
    return fold(x, this.outputSize, this.kernelSize, {
      dilation: this.dilation,
      padding: this.padding,
      stride: this.stride,
    });
  }
  override extraRepr(): string {
    const { outputSize, kernelSize, dilation, padding, stride } = this;
    return `output_size=${pythonText(outputSize)}, kernel_size=${pythonText(kernelSize)}, dilation=${pythonText(dilation)}, padding=${pythonText(padding)}, stride=${pythonText(stride)}`;
  }
}
