import type { Tensor } from '../../tensor/tensor.ts';
import type { Size, Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { Block } from '../block.ts';
import type { InterpolateMode } from '../functional/interpolate.ts';
import { interpolate } from '../functional/interpolate.ts';
import { pythonFloat, pythonText } from '../python-text.ts';

export interface UpsampleOptions {
  /** Spatial size of the result. Either this or `scaleFactor`. */
  size?: Size | null;
  /** Size of the result over that of the input. */
  scaleFactor?: Size | null;
  /** How values between elements are made. Default `'nearest'`. */
  mode?: InterpolateMode;
  /** Whether the corner elements' centres stay the corners; for linear and cubic modes. */
  alignCorners?: boolean | null;
  /** Whether the factor is computed anew from the sizes. */
  recomputeScaleFactor?: boolean | null;
}
const order = ['size', 'scaleFactor', 'mode', 'alignCorners', 'recomputeScaleFactor'] as const;

/** Images x [N, C, ...] in another size. (PyTorch: `torch.nn.Upsample`) */
export class Upsample extends Block {
  readonly size: Size | null;
  readonly scaleFactor: Size | null;
  readonly mode: InterpolateMode;
  readonly alignCorners: boolean | null;
  readonly recomputeScaleFactor: boolean | null;

  constructor(...options: Trailing<UpsampleOptions, typeof order>) {
    super();
    const {
      size = null,
      scaleFactor = null,
      mode = 'nearest',
      alignCorners = null,
      recomputeScaleFactor = null,
    } = readTrailing<UpsampleOptions>('Upsample', options, order);
    this.size = size;
    this.scaleFactor = scaleFactor;
    this.mode = mode;
    this.alignCorners = alignCorners;
    this.recomputeScaleFactor = recomputeScaleFactor;
  }

  override forward(x: Tensor): Tensor {
    const { size, scaleFactor, mode, alignCorners, recomputeScaleFactor } = this;
    return interpolate(x, { size, scaleFactor, mode, alignCorners, recomputeScaleFactor });
  }
  override extraRepr(): string {
    // PyTorch keeps factors as floats.
    const factor =
      typeof this.scaleFactor === 'number'
        ? pythonFloat(this.scaleFactor)
        : this.scaleFactor === null
          ? null
          : `(${this.scaleFactor.map(pythonFloat).join(', ')}${this.scaleFactor.length === 1 ? ',' : ''})`;
    return `${factor === null ? `size=${pythonText(this.size)}` : `scale_factor=${factor}`}, mode=${pythonText(this.mode)}`;
  }
}

export type UpsamplingOptions = Pick<UpsampleOptions, 'size' | 'scaleFactor'>;
type UpsamplingArguments = Trailing<UpsamplingOptions, ['size', 'scaleFactor']>;

/** Images x [N, C, H, W] in another size, each value from the nearest. (PyTorch: `torch.nn.UpsamplingNearest2d`) */
export class UpsamplingNearest2d extends Upsample {
  constructor(...options: UpsamplingArguments) {
    super({
      ...readTrailing<UpsamplingOptions>('UpsamplingNearest2d', options, ['size', 'scaleFactor']),
      mode: 'nearest',
    });
  }
}

/** Images x [N, C, H, W] in another size, bilinear with fixed corners. (PyTorch: `torch.nn.UpsamplingBilinear2d`) */
export class UpsamplingBilinear2d extends Upsample {
  constructor(...options: UpsamplingArguments) {
    super({
      ...readTrailing<UpsamplingOptions>('UpsamplingBilinear2d', options, ['size', 'scaleFactor']),
      mode: 'bilinear',
      alignCorners: true,
    });
  }
}
