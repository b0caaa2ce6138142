import type { Tensor } from '../../tensor/tensor.ts';
import type { Size, Trailing } from '../arguments.ts';
import { readArguments, sizesOf } from '../arguments.ts';
import { Block } from '../block.ts';
import type { FractionalMaxPoolOptions } from '../functional/fractional-pooling.ts';
import { checkFractional, fractionalMaxPool, fractionalOrder } from '../functional/fractional-pooling.ts';
import type { LPPoolFunctionOptions } from '../functional/lp-pooling.ts';
import { lpPool } from '../functional/lp-pooling.ts';
import { maxUnpool } from '../functional/unpooling.ts';
import { pythonText, pythonTuple } from '../python-text.ts';
import type { OutputSize } from './transposed-convolution.ts';
import { sizeFrom } from './transposed-convolution.ts';

interface LPPoolSizes {
  normType: number;
  kernelSize: Size;
}
type LPPoolArguments =
  | readonly [normType: number, kernelSize: Size, ...options: Trailing<LPPoolFunctionOptions, ['stride', 'ceilMode']>]
  | readonly [normType: number, options: Pick<LPPoolSizes, 'kernelSize'> & LPPoolFunctionOptions]
  | readonly [options: LPPoolSizes & LPPoolFunctionOptions];

/** What power-average pooling of all dimensions shares. Use `LPPool2d` and the like. */
export abstract class LPPool extends Block {
  readonly normType: number;
  readonly kernelSize: Size;
  readonly stride: Size | null;
  readonly ceilMode: boolean;

  constructor(...args: LPPoolArguments) {
    super();
    const read = readArguments<LPPoolSizes, LPPoolFunctionOptions>(
      new.target.name,
      args,
      ['normType', 'kernelSize'],
      ['stride', 'ceilMode'],
    );
    const { normType, kernelSize, stride = null, ceilMode = false } = read;
    this.normType = normType;
    this.kernelSize = kernelSize;
    this.stride = stride;
    this.ceilMode = ceilMode;
  }

  protected abstract dimensions(): number;

  override forward(x: Tensor): Tensor {
    return lpPool(this.dimensions(), x, this.normType, this.kernelSize, this);
  }
  override extraRepr(): string {
    return `norm_type=${pythonText(this.normType)}, kernel_size=${pythonText(this.kernelSize)}, stride=${pythonText(this.stride)}, ceil_mode=${pythonText(this.ceilMode)}`;
  }
}

/** (sum of x^normType)^(1/normType) over windows of x [N, C, L] or [C, L]. (PyTorch: `torch.nn.LPPool1d`) */
export class LPPool1d extends LPPool {
  protected override dimensions(): number {
    return 1;
  }
}
/** (sum of x^normType)^(1/normType) over windows of x [N, C, H, W] or [C, H, W]. (PyTorch: `torch.nn.LPPool2d`) */
export class LPPool2d extends LPPool {
  protected override dimensions(): number {
    return 2;
  }
}
/** (sum of x^normType)^(1/normType) over windows of x [N, C, D, H, W] or [C, D, H, W]. (PyTorch: `torch.nn.LPPool3d`) */
export class LPPool3d extends LPPool {
  protected override dimensions(): number {
    return 3;
  }
}

export interface MaxUnpoolOptions {
  /** Step of the window that pooled. Default: the kernel size. */
  stride?: Size | null;
  /** Padding when it was pooled. Default 0. */
  padding?: Size;
}

/** What unpooling of all dimensions shares. Use `MaxUnpool2d` and the like. */
export abstract class MaxUnpool extends Block {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];

  constructor(
    ...args:
      | readonly [kernelSize: Size, ...options: Trailing<MaxUnpoolOptions, ['stride', 'padding']>]
      | readonly [options: MaxUnpoolOptions & { kernelSize: Size }]
  ) {
    super();
    const read = readArguments<{ kernelSize: Size }, MaxUnpoolOptions>(
      new.target.name,
      args,
      ['kernelSize'],
      ['stride', 'padding'],
    );
    const { kernelSize, stride = null, padding = 0 } = read;
    const dimensions = this.dimensions();
    this.kernelSize = sizesOf('kernel_size', kernelSize, dimensions);
    this.stride = sizesOf('stride', stride ?? kernelSize, dimensions);
    this.padding = sizesOf('padding', padding, dimensions);
  }

  protected abstract dimensions(): number;

  /** `indices` are those of the pooling; `outputSize` its input's size, where several are possible. */
  override forward(x: Tensor, indices: Tensor, outputSize: OutputSize = null): Tensor {
    return maxUnpool(this.dimensions(), x, indices, this.kernelSize, {
      stride: this.stride,
      padding: this.padding,
      outputSize: sizeFrom(outputSize),
    });
  }
  override extraRepr(): string {
    return `kernel_size=${pythonTuple(this.kernelSize)}, stride=${pythonTuple(this.stride)}, padding=${pythonTuple(this.padding)}`;
  }
}

/** Puts the maxima of `MaxPool1d` back in their places, zeros elsewhere. (PyTorch: `torch.nn.MaxUnpool1d`) */
export class MaxUnpool1d extends MaxUnpool {
  protected override dimensions(): number {
    return 1;
  }
}
/** Puts the maxima of `MaxPool2d` back in their places, zeros elsewhere. (PyTorch: `torch.nn.MaxUnpool2d`) */
export class MaxUnpool2d extends MaxUnpool {
  protected override dimensions(): number {
    return 2;
  }
}
/** Puts the maxima of `MaxPool3d` back in their places, zeros elsewhere. (PyTorch: `torch.nn.MaxUnpool3d`) */
export class MaxUnpool3d extends MaxUnpool {
  protected override dimensions(): number {
    return 3;
  }
}

/** What fractional pooling shares. Use `FractionalMaxPool2d` and the like. */
export abstract class FractionalMaxPool extends Block {
  readonly kernelSize: Size;
  readonly outputSize: Size | null;
  readonly outputRatio: Size | null;
  readonly returnIndices: boolean;

  constructor(
    ...args:
      | readonly [kernelSize: Size, ...options: Trailing<FractionalMaxPoolOptions, typeof fractionalOrder>]
      | readonly [options: FractionalMaxPoolOptions & { kernelSize: Size }]
  ) {
    super();
    const read = readArguments<{ kernelSize: Size }, FractionalMaxPoolOptions>(
      new.target.name,
      args,
      ['kernelSize'],
      fractionalOrder,
    );
    checkFractional(this.dimensions(), read);
    this.kernelSize = read.kernelSize;
    this.outputSize = read.outputSize ?? null;
    this.outputRatio = read.outputRatio ?? null;
    this.returnIndices = read.returnIndices ?? false;
  }

  protected abstract dimensions(): number;

  override forward(x: Tensor): Tensor | [Tensor, Tensor] {
    return fractionalMaxPool(this.dimensions(), x, this.kernelSize, this);
  }
}

/** Maxima over windows at random places of x [N, C, H, W] or [C, H, W]. (PyTorch: `torch.nn.FractionalMaxPool2d`) */
export class FractionalMaxPool2d extends FractionalMaxPool {
  protected override dimensions(): number {
    return 2;
  }
}
/** Maxima over windows at random places of x [N, C, D, H, W] or [C, D, H, W]. (PyTorch: `torch.nn.FractionalMaxPool3d`) */
export class FractionalMaxPool3d extends FractionalMaxPool {
  protected override dimensions(): number {
    return 3;
  }
}
