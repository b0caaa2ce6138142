import type { Shape } from '../../graph/shape.ts';
import { ones, zeros } from '../../tensor/creation.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readArguments } from '../arguments.ts';
import { Block } from '../block.ts';
import { groupNorm } from '../functional/group-norm.ts';
import { layerNorm, rmsNorm } from '../functional/layer-norm.ts';
import type { LocalResponseNormFunctionOptions } from '../functional/local-response-norm.ts';
import { localResponseNorm, normalizeAcrossMaps } from '../functional/local-response-norm.ts';
import { ones_, zeros_ } from '../init.ts';
import { Parameter } from '../parameter.ts';
import { pythonFloat, pythonText, pythonTuple } from '../python-text.ts';
import type { FactoryOptions } from './linear.ts';

export interface LayerNormOptions extends FactoryOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Learn a weight, starting at 1, and a bias, starting at 0. Default true. */
  elementwiseAffine?: boolean;
  /** Learn the bias as well. Default true. */
  bias?: boolean;
}

interface Normalized {
  /** The last dimensions of the input. */
  normalizedShape: number | Shape;
}
interface Grouped {
  numGroups: number;
  numChannels: number;
}

function shapeOf(name: string, shape: number | Shape): readonly number[] {
  const sizes = typeof shape === 'number' ? [shape] : shape;
  if (!Array.isArray(sizes) || sizes.some((size) => !Number.isInteger(size) || size < 0))
    throw new TypeError(`${name}: expected normalized_shape to be an integer or an array of integers`);
  return [...(sizes as number[])];
}

/**
 * (x - mean) / sqrt(variance + eps) weight + bias over the last dimensions of x, which have `normalizedShape`.
 * (PyTorch: `torch.nn.LayerNorm`)
 */
export class LayerNorm extends Block {
  readonly normalizedShape: readonly number[];
  readonly eps: number;
  readonly elementwiseAffine: boolean;
  declare weight: Parameter | null;
  declare bias: Parameter | null;

  constructor(
    ...args:
      | readonly [
          normalizedShape: number | Shape,
          ...options: Trailing<LayerNormOptions, ['eps', 'elementwiseAffine', 'bias', 'device', 'dtype']>,
        ]
      | readonly [options: LayerNormOptions & Normalized]
  ) {
    super();
    const read = readArguments<Normalized, LayerNormOptions>(
      'LayerNorm',
      args,
      ['normalizedShape'],
      ['eps', 'elementwiseAffine', 'bias', 'device', 'dtype'],
    );
    const { normalizedShape, eps = 1e-5, elementwiseAffine = true, bias = true, dtype, device } = read;
    this.normalizedShape = shapeOf('LayerNorm', normalizedShape);
    this.eps = eps;
    this.elementwiseAffine = elementwiseAffine;
    this.registerParameter(
      'weight',
      elementwiseAffine ? new Parameter(ones(this.normalizedShape, { dtype, device })) : null,
    );
    this.registerParameter(
      'bias',
      elementwiseAffine && bias ? new Parameter(zeros(this.normalizedShape, { dtype, device })) : null,
    );
  }

  /** Weight 1 and bias 0. (PyTorch: `reset_parameters`) */
  resetParameters(): void {
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }
  override forward(x: Tensor): Tensor {
    return layerNorm(x, this.normalizedShape, this.weight, this.bias, this.eps);
  }
  override extraRepr(): string {
    return `${pythonTuple(this.normalizedShape)}, eps=${pythonText(this.eps)}, elementwise_affine=${pythonText(this.elementwiseAffine)}, bias=${pythonText(this.bias !== null)}`;
  }
}

export interface RMSNormOptions extends FactoryOptions {
  /** Added to the mean of squares. Default: the dtype's epsilon. */
  eps?: number | null;
  /** Learn a weight, starting at 1. Default true. */
  elementwiseAffine?: boolean;
}

/** x / sqrt(mean x² + eps) weight over the last dimensions of x, which have `normalizedShape`. (PyTorch: `torch.nn.RMSNorm`) */
export class RMSNorm extends Block {
  readonly normalizedShape: readonly number[];
  readonly eps: number | null;
  readonly elementwiseAffine: boolean;
  declare weight: Parameter | null;

  constructor(
    ...args:
      | readonly [
          normalizedShape: number | Shape,
          ...options: Trailing<RMSNormOptions, ['eps', 'elementwiseAffine', 'device', 'dtype']>,
        ]
      | readonly [options: RMSNormOptions & Normalized]
  ) {
    super();
    const read = readArguments<Normalized, RMSNormOptions>(
      'RMSNorm',
      args,
      ['normalizedShape'],
      ['eps', 'elementwiseAffine', 'device', 'dtype'],
    );
    const { normalizedShape, eps = null, elementwiseAffine = true, dtype, device } = read;
    this.normalizedShape = shapeOf('RMSNorm', normalizedShape);
    this.eps = eps;
    this.elementwiseAffine = elementwiseAffine;
    this.registerParameter(
      'weight',
      elementwiseAffine ? new Parameter(ones(this.normalizedShape, { dtype, device })) : null,
    );
  }

  /** Weight 1. (PyTorch: `reset_parameters`) */
  resetParameters(): void {
    if (this.weight !== null) ones_(this.weight);
  }
  override forward(x: Tensor): Tensor {
    return rmsNorm(x, this.normalizedShape, this.weight, this.eps);
  }
  override extraRepr(): string {
    return `${pythonTuple(this.normalizedShape)}, eps=${pythonText(this.eps)}, elementwise_affine=${pythonText(this.elementwiseAffine)}`;
  }
}

export interface GroupNormOptions extends FactoryOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Learn a weight and a bias per channel. Default true. */
  affine?: boolean;
  /** Learn the bias as well. Default true. */
  bias?: boolean;
}

/** Normalises groups of channels of x [N, C, ...]; weight and bias per channel. (PyTorch: `torch.nn.GroupNorm`) */
export class GroupNorm extends Block {
  readonly numGroups: number;
  readonly numChannels: number;
  readonly eps: number;
  readonly affine: boolean;
  declare weight: Parameter | null;
  declare bias: Parameter | null;

  constructor(
    ...args:
      | readonly [
          numGroups: number,
          numChannels: number,
          ...options: Trailing<GroupNormOptions, ['eps', 'affine', 'device', 'dtype']>,
        ]
      | readonly [numGroups: number, options: GroupNormOptions & Pick<Grouped, 'numChannels'>]
      | readonly [options: GroupNormOptions & Grouped]
  ) {
    super();
    const read = readArguments<Grouped, GroupNormOptions>(
      'GroupNorm',
      args,
      ['numGroups', 'numChannels'],
      ['eps', 'affine', 'device', 'dtype'],
      ['bias'],
    );
    const { numGroups, numChannels, eps = 1e-5, affine = true, bias = true, dtype, device } = read;
    if (!Number.isInteger(numGroups) || numGroups <= 0)
      throw new TypeError(`GroupNorm: expected num_groups to be a positive integer, got ${String(numGroups)}`);
    if (numChannels % numGroups !== 0)
      throw new RangeError(`num_channels (${numChannels}) must be divisible by num_groups (${numGroups})`);
    this.numGroups = numGroups;
    this.numChannels = numChannels;
    this.eps = eps;
    this.affine = affine;
    this.registerParameter('weight', affine ? new Parameter(ones([numChannels], { dtype, device })) : null);
    this.registerParameter('bias', affine && bias ? new Parameter(zeros([numChannels], { dtype, device })) : null);
  }

  /** Weight 1 and bias 0. (PyTorch: `reset_parameters`) */
  resetParameters(): void {
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }
  override forward(x: Tensor): Tensor {
    return groupNorm(x, this.numGroups, this.weight, this.bias, this.eps);
  }
  override extraRepr(): string {
    return `${this.numGroups}, ${this.numChannels}, eps=${pythonText(this.eps)}, affine=${pythonText(this.affine)}, bias=${pythonText(this.bias !== null)}`;
  }
}

type ResponseArguments =
  | readonly [size: number, ...options: Trailing<LocalResponseNormFunctionOptions, ['alpha', 'beta', 'k']>]
  | readonly [options: LocalResponseNormFunctionOptions & { size: number }];

/** x / (k + alpha mean of x² over `size` neighbouring channels)^beta, x [N, C, ...]. (PyTorch: `torch.nn.LocalResponseNorm`) */
export class LocalResponseNorm extends Block {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;
  private readonly printedK: string;

  constructor(...args: ResponseArguments) {
    super();
    const {
      size,
      alpha = 1e-4,
      beta = 0.75,
      k,
    } = readArguments<{ size: number }, LocalResponseNormFunctionOptions>(
      'LocalResponseNorm',
      args,
      ['size'],
      ['alpha', 'beta', 'k'],
    );
    this.size = size;
    this.alpha = alpha;
    this.beta = beta;
    this.k = k ?? 1;
    // PyTorch's default is the float 1.0.
    this.printedK = k === undefined ? pythonFloat(1) : pythonText(k);
  }

  override forward(x: Tensor): Tensor {
    return localResponseNorm(x, this.size, this.alpha, this.beta, this.k);
  }
  override extraRepr(): string {
    return `${this.size}, alpha=${pythonText(this.alpha)}, beta=${pythonText(this.beta)}, k=${this.printedK}`;
  }
}

/** x / (k + alpha / size sum of x² over neighbouring channels)^beta, x [N, C, H, W]. (PyTorch: `torch.nn.CrossMapLRN2d`) */
export class CrossMapLRN2d extends Block {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;

  constructor(...args: ResponseArguments) {
    super();
    const {
      size,
      alpha = 1e-4,
      beta = 0.75,
      k = 1,
    } = readArguments<{ size: number }, LocalResponseNormFunctionOptions>(
      'CrossMapLRN2d',
      args,
      ['size'],
      ['alpha', 'beta', 'k'],
    );
    this.size = size;
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
  }

  override forward(x: Tensor): Tensor {
    const input = requireTensor('CrossMapLRN2d', x);
    if (input.shape.length !== 4)
      throw new TypeError(`CrossMapLRN2d: Expected input to be 4D, got ${input.shape.length}D instead.`);
    return wrap(normalizeAcrossMaps(input, this.size, this.alpha, this.beta, this.k));
  }
  override extraRepr(): string {
    return `${this.size}, alpha=${pythonText(this.alpha)}, beta=${pythonText(this.beta)}, k=${pythonText(this.k)}`;
  }
}
