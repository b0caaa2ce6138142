import type { Tensor } from '../../tensor/tensor.ts';
import { flatten } from '../../tensor/view.ts';
import type { Trailing } from '../arguments.ts';
import { readArguments, readTrailing } from '../arguments.ts';
import { Block } from '../block.ts';
import { pythonText } from '../python-text.ts';

export interface FlattenOptions {
  /** First dimension. Default 1: the batch stays. */
  startDim?: number;
  /** Last dimension. Default -1. */
  endDim?: number;
}

/** Dimensions `startDim` to `endDim` as one. (PyTorch: `torch.nn.Flatten`) */
export class Flatten extends Block {
  readonly startDim: number;
  readonly endDim: number;

  constructor(...options: Trailing<FlattenOptions, ['startDim', 'endDim']>) {
    super();
    const { startDim = 1, endDim = -1 } = readTrailing<FlattenOptions>('Flatten', options, ['startDim', 'endDim']);
    this.startDim = startDim;
    this.endDim = endDim;
  }

  override forward(x: Tensor): Tensor {
    return flatten(x, this.startDim, this.endDim);
  }
  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}

/** One dimension as several, of `unflattenedSize`; one of them may be -1. (PyTorch: `torch.nn.Unflatten`) */
export class Unflatten extends Block {
  readonly dim: number;
  readonly unflattenedSize: readonly number[];

  constructor(
    ...args:
      | readonly [dim: number, unflattenedSize: readonly number[]]
      | readonly [dim: number, options: { unflattenedSize: readonly number[] }]
      | readonly [options: { dim: number; unflattenedSize: readonly number[] }]
  ) {
    super();
    const { dim, unflattenedSize } = readArguments<{ dim: number; unflattenedSize: readonly number[] }, object>(
      'Unflatten',
      args,
      ['dim', 'unflattenedSize'],
    );
    if (!Array.isArray(unflattenedSize))
      throw new TypeError(`unflattened_size must be a tuple of ints, but found type ${typeof unflattenedSize}`);
    for (const [i, size] of unflattenedSize.entries())
      if (!Number.isInteger(size))
        throw new TypeError(
          `unflattened_size must be tuple of ints, but found element of type ${typeof size === 'number' ? 'float' : typeof size} at pos ${i}`,
        );
    this.dim = dim;
    this.unflattenedSize = [...(unflattenedSize as number[])];
  }

  override forward(x: Tensor): Tensor {
    return x.unflatten(this.dim, this.unflattenedSize);
  }
  override extraRepr(): string {
    return `dim=${this.dim}, unflattened_size=${pythonText(this.unflattenedSize)}`;
  }
}

/** The input itself, whatever it is constructed with. (PyTorch: `torch.nn.Identity`) */
export class Identity extends Block {
  constructor(..._ignored: readonly unknown[]) {
    super();
  }
  override forward(x: Tensor): Tensor {
    return x;
  }
}
