import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import { readArguments } from '../arguments.ts';
import { Block } from '../block.ts';
import type { AdaptiveMaxPoolOptions, AdaptiveSize } from '../functional/adaptive-pooling.ts';
import { adaptiveAverage, adaptiveMaximum } from '../functional/adaptive-pooling.ts';
import { pythonText } from '../python-text.ts';

function requireAdaptiveSize(name: string, size: AdaptiveSize): AdaptiveSize {
  if (size !== null && typeof size !== 'number' && !Array.isArray(size))
    throw new TypeError(`${name}: expected output_size to be a number, null or an array of them, got ${typeof size}`);
  return size;
}

/** What adaptive average pooling of all dimensions shares. Use `AdaptiveAvgPool2d` and the like. */
export abstract class AdaptiveAveragePool extends Block {
  readonly outputSize: AdaptiveSize;

  constructor(outputSize: AdaptiveSize | { outputSize: AdaptiveSize }) {
    super();
    this.outputSize = requireAdaptiveSize(
      new.target.name,
      readArguments<{ outputSize: AdaptiveSize }, object>(new.target.name, [outputSize], ['outputSize']).outputSize,
    );
  }

  protected abstract dimensions(): number;

  override forward(x: Tensor): Tensor {
    const name = `adaptive_avg_pool${this.dimensions()}d`;
    return wrap(adaptiveAverage(name, requireTensor(name, x), this.dimensions(), this.outputSize));
  }
  override extraRepr(): string {
    return `output_size=${pythonText(this.outputSize)}`;
  }
}

/** Means over x [N, C, L] or [C, L] cut into `outputSize` parts as even as possible. (PyTorch: `torch.nn.AdaptiveAvgPool1d`) */
export class AdaptiveAvgPool1d extends AdaptiveAveragePool {
  protected override dimensions(): number {
    return 1;
  }
}
/** Means over x [N, C, H, W] or [C, H, W] cut into `outputSize` parts; `null` keeps a size. (PyTorch: `torch.nn.AdaptiveAvgPool2d`) */
export class AdaptiveAvgPool2d extends AdaptiveAveragePool {
  protected override dimensions(): number {
    return 2;
  }
}
/** Means over x [N, C, D, H, W] or [C, D, H, W] cut into `outputSize` parts. (PyTorch: `torch.nn.AdaptiveAvgPool3d`) */
export class AdaptiveAvgPool3d extends AdaptiveAveragePool {
  protected override dimensions(): number {
    return 3;
  }
}

/** What adaptive max pooling of all dimensions shares. Use `AdaptiveMaxPool2d` and the like. */
export abstract class AdaptiveMaxPool<Indices extends boolean = false> extends Block {
  readonly outputSize: AdaptiveSize;
  readonly returnIndices: boolean;

  constructor(outputSize: AdaptiveSize, options: Indices | { returnIndices: Indices });
  constructor(options: { outputSize: AdaptiveSize; returnIndices: Indices });
  constructor(outputSize: AdaptiveSize, options?: boolean | AdaptiveMaxPoolOptions);
  constructor(options: AdaptiveMaxPoolOptions & { outputSize: AdaptiveSize });
  constructor(...args: readonly unknown[]) {
    super();
    const { outputSize, returnIndices = false } = readArguments<{ outputSize: AdaptiveSize }, AdaptiveMaxPoolOptions>(
      new.target.name,
      args,
      ['outputSize'],
      ['returnIndices'],
    );
    this.outputSize = requireAdaptiveSize(new.target.name, outputSize);
    this.returnIndices = returnIndices;
  }

  protected abstract dimensions(): number;

  override forward(x: Tensor): Indices extends true ? [Tensor, Tensor] : Tensor {
    const name = `adaptive_max_pool${this.dimensions()}d`;
    return adaptiveMaximum(
      name,
      requireTensor(name, x),
      this.dimensions(),
      this.outputSize,
      this.returnIndices,
    ) as Indices extends true ? [Tensor, Tensor] : Tensor;
  }
  override extraRepr(): string {
    return `output_size=${pythonText(this.outputSize)}`;
  }
}

/** Maxima over x [N, C, L] or [C, L] cut into `outputSize` parts as even as possible. (PyTorch: `torch.nn.AdaptiveMaxPool1d`) */
export class AdaptiveMaxPool1d<Indices extends boolean = false> extends AdaptiveMaxPool<Indices> {
  protected override dimensions(): number {
    return 1;
  }
}
/** Maxima over x [N, C, H, W] or [C, H, W] cut into `outputSize` parts; `null` keeps a size. (PyTorch: `torch.nn.AdaptiveMaxPool2d`) */
export class AdaptiveMaxPool2d<Indices extends boolean = false> extends AdaptiveMaxPool<Indices> {
  protected override dimensions(): number {
    return 2;
  }
}
/** Maxima over x [N, C, D, H, W] or [C, D, H, W] cut into `outputSize` parts. (PyTorch: `torch.nn.AdaptiveMaxPool3d`) */
export class AdaptiveMaxPool3d<Indices extends boolean = false> extends AdaptiveMaxPool<Indices> {
  protected override dimensions(): number {
    return 3;
  }
}
