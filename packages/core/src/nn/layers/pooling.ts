import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Size, Trailing } from '../arguments.ts';
import { readArguments } from '../arguments.ts';
import { Block } from '../block.ts';
import type { AveragePoolFunctionOptions, MaxPoolFunctionOptions } from '../functional/pooling.ts';
import { averagePool, maxPool, poolGeometry } from '../functional/pooling.ts';
import { pythonText } from '../python-text.ts';

export type MaxPoolOptions = MaxPoolFunctionOptions;
export type AveragePoolOptions = AveragePoolFunctionOptions;

const maxOrder = ['stride', 'padding', 'dilation', 'returnIndices', 'ceilMode'] as const;
type MaxArguments = Trailing<MaxPoolOptions, typeof maxOrder>;
/** What pooling gives: a tensor, or with its positions. */
type MaxResult<Indices extends boolean> = Indices extends true ? [Tensor, Tensor] : Tensor;

/** What max pooling of all dimensions shares. Use `MaxPool2d` and the like. */
export abstract class MaxPool<Indices extends boolean = false> extends Block {
  readonly kernelSize: Size;
  readonly stride: Size;
  readonly padding: Size;
  readonly dilation: Size;
  readonly ceilMode: boolean;
  readonly returnIndices: boolean;

  constructor(kernelSize: Size, options: MaxPoolOptions & { returnIndices: Indices });
  constructor(options: MaxPoolOptions & { kernelSize: Size; returnIndices: Indices });
  constructor(kernelSize: Size, ...options: MaxArguments);
  constructor(options: MaxPoolOptions & { kernelSize: Size });
  constructor(...args: readonly unknown[]) {
    super();
    const read = readArguments<{ kernelSize: Size }, MaxPoolOptions>(new.target.name, args, ['kernelSize'], maxOrder);
    const { kernelSize, stride, padding = 0, dilation = 1, ceilMode = false, returnIndices = false } = read;
    this.kernelSize = requireSize(new.target.name, kernelSize);
    this.stride = stride ?? kernelSize;
    this.padding = padding;
    this.dilation = dilation;
    this.ceilMode = ceilMode;
    this.returnIndices = returnIndices;
  }

  protected abstract dimensions(): number;

  override forward(x: Tensor): MaxResult<Indices> {
    const name = `max_pool${this.dimensions()}d`;
    const node = requireTensor(name, x);
    return maxPool(
      node,
      poolGeometry(name, node.shape, this.dimensions(), this.kernelSize, this),
      this.returnIndices,
    ) as MaxResult<Indices>;
  }
  override extraRepr(): string {
    const { kernelSize, stride, padding, dilation, ceilMode } = this;
    return `kernel_size=${pythonText(kernelSize)}, stride=${pythonText(stride)}, padding=${pythonText(padding)}, dilation=${pythonText(dilation)}, ceil_mode=${pythonText(ceilMode)}`;
  }
}

function requireSize(name: string, size: Size): Size {
  if (typeof size !== 'number' && !Array.isArray(size))
    throw new TypeError(
      `${name}: expected kernel_size to be a number or an array of numbers, got ${size === null ? 'null' : typeof size}`,
    );
  return size;
}

/** Maximum over windows of x [N, C, L] or [C, L]. (PyTorch: `torch.nn.MaxPool1d`) */
export class MaxPool1d<Indices extends boolean = false> extends MaxPool<Indices> {
  protected override dimensions(): number {
    return 1;
  }
}
/**
 * Maximum over windows of x [N, C, H, W] or [C, H, W]; the stride is the kernel size unless given. With
 * `returnIndices` also the position of each maximum in its channel. (PyTorch: `torch.nn.MaxPool2d`)
 */
export class MaxPool2d<Indices extends boolean = false> extends MaxPool<Indices> {
  protected override dimensions(): number {
    return 2;
  }
}
/** Maximum over windows of x [N, C, D, H, W] or [C, D, H, W]. (PyTorch: `torch.nn.MaxPool3d`) */
export class MaxPool3d<Indices extends boolean = false> extends MaxPool<Indices> {
  protected override dimensions(): number {
    return 3;
  }
}

const averageOrder = ['stride', 'padding', 'ceilMode', 'countIncludePad', 'divisorOverride'] as const;
type AverageArguments =
  | readonly [kernelSize: Size, ...options: Trailing<AveragePoolOptions, typeof averageOrder>]
  | readonly [options: AveragePoolOptions & { kernelSize: Size }];

/** What average pooling of all dimensions shares. Use `AvgPool2d` and the like. */
export abstract class AveragePool extends Block {
  readonly kernelSize: Size;
  readonly stride: Size;
  readonly padding: Size;
  readonly ceilMode: boolean;
  readonly countIncludePad: boolean;
  readonly divisorOverride: number | null;

  constructor(...args: AverageArguments) {
    super();
    const read = readArguments<{ kernelSize: Size }, AveragePoolOptions>(
      new.target.name,
      args,
      ['kernelSize'],
      averageOrder,
    );
    const { kernelSize, stride, padding = 0, ceilMode = false, countIncludePad = true, divisorOverride = null } = read;
    this.kernelSize = this.printed(requireSize(new.target.name, kernelSize));
    this.stride = this.printed(stride ?? kernelSize);
    this.padding = this.printed(padding);
    this.ceilMode = ceilMode;
    this.countIncludePad = countIncludePad;
    this.divisorOverride = divisorOverride;
  }

  protected abstract dimensions(): number;

  /** A size as it is kept and printed. */
  protected printed(size: Size): Size {
    return size;
  }

  override forward(x: Tensor): Tensor {
    const name = `avg_pool${this.dimensions()}d`;
    return wrap(averagePool(name, requireTensor(name, x), this.dimensions(), this.kernelSize, this));
  }
  override extraRepr(): string {
    const { kernelSize, stride, padding } = this;
    return `kernel_size=${pythonText(kernelSize)}, stride=${pythonText(stride)}, padding=${pythonText(padding)}`;
  }
}

/** Mean over windows of x [N, C, L] or [C, L]. (PyTorch: `torch.nn.AvgPool1d`) */
export class AvgPool1d extends AveragePool {
  protected override dimensions(): number {
    return 1;
  }
  protected override printed(size: Size): Size {
    return typeof size === 'number' ? [size] : size;
  }
}
/**
 * Mean over windows of x [N, C, H, W] or [C, H, W]; the stride is the kernel size unless given.
 * (PyTorch: `torch.nn.AvgPool2d`)
 */
export class AvgPool2d extends AveragePool {
  protected override dimensions(): number {
    return 2;
  }
}
/** Mean over windows of x [N, C, D, H, W] or [C, D, H, W]. (PyTorch: `torch.nn.AvgPool3d`) */
export class AvgPool3d extends AveragePool {
  protected override dimensions(): number {
    return 3;
  }
}
