import { ChimeraError, ShapeError } from '../../errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { Block } from '../block.ts';
import type {
  AlphaInplaceOptions,
  GeluOptions,
  HardtanhOptions,
  LambdaOptions,
  LeakyReluOptions,
  SoftplusOptions,
} from '../functional/activation.ts';
import * as F from '../functional/activation.ts';
import type { InplaceOptions } from '../functional/activation-options.ts';
import { pythonFloat, pythonText } from '../python-text.ts';

/** A number as PyTorch prints it: a default as a float, a given one as it was given. */
function shown(given: number | undefined, standard: number): string {
  return given === undefined ? pythonFloat(standard) : pythonText(given);
}

function withInplace(text: string, inplace: boolean): string {
  return inplace ? (text === '' ? 'inplace=True' : `${text}, inplace=True`) : text;
}

/** What activations have in common that can work in place. */
abstract class InplaceActivation extends Block {
  readonly inplace: boolean;

  constructor(...args: Trailing<InplaceOptions, ['inplace']>) {
    super();
    this.inplace = readTrailing<InplaceOptions>(new.target.name, args, ['inplace']).inplace ?? false;
  }

  override extraRepr(): string {
    return withInplace('', this.inplace);
  }
}

/** max(x, 0), any shape. (PyTorch: `torch.nn.ReLU`) */
export class ReLU extends InplaceActivation {
  override forward(x: Tensor): Tensor {
    return F.relu(x, this.inplace);
  }
}

/** x clipped to [minVal, maxVal], any shape. (PyTorch: `torch.nn.Hardtanh`) */
export class Hardtanh extends Block {
  readonly minVal: number;
  readonly maxVal: number;
  readonly inplace: boolean;
  protected readonly text: string;

  constructor(...args: Trailing<HardtanhOptions, ['minVal', 'maxVal', 'inplace']>) {
    super();
    const { minVal, maxVal, inplace = false } = readTrailing<HardtanhOptions>('Hardtanh', args, ['minVal', 'maxVal', 'inplace']);
    this.minVal = minVal ?? -1;
    this.maxVal = maxVal ?? 1;
    this.inplace = inplace;
    this.text = `min_val=${shown(minVal, -1)}, max_val=${shown(maxVal, 1)}`;
    if (!(this.maxVal > this.minVal)) throw new ChimeraError(`Hardtanh: max_val must be larger than min_val, got ${this.maxVal} and ${this.minVal}`);
  }

  override forward(x: Tensor): Tensor {
    return F.hardtanh(x, this.minVal, this.maxVal, this.inplace);
  }

  override extraRepr(): string {
    return withInplace(this.text, this.inplace);
  }
}

/** min(max(x, 0), 6), any shape. (PyTorch: `torch.nn.ReLU6`) */
export class ReLU6 extends Hardtanh {
  constructor(...args: Trailing<InplaceOptions, ['inplace']>) {
    super(0, 6, readTrailing<InplaceOptions>('ReLU6', args, ['inplace']).inplace ?? false);
  }

  override extraRepr(): string {
    return withInplace('', this.inplace);
  }
}

/** 1 / (1 + e^-x), any shape. (PyTorch: `torch.nn.Sigmoid`) */
export class Sigmoid extends Block {
  override forward(x: Tensor): Tensor {
    return F.sigmoid(x);
  }
}

/** Hyperbolic tangent, any shape. (PyTorch: `torch.nn.Tanh`) */
export class Tanh extends Block {
  override forward(x: Tensor): Tensor {
    return F.tanh(x);
  }
}

/** min(max(x + 3, 0), 6) / 6, any shape. (PyTorch: `torch.nn.Hardsigmoid`) */
export class Hardsigmoid extends InplaceActivation {
  override forward(x: Tensor): Tensor {
    return F.hardsigmoid(x, this.inplace);
  }
  override extraRepr(): string {
    return '';
  }
}

/** x min(max(x + 3, 0), 6) / 6, any shape. (PyTorch: `torch.nn.Hardswish`) */
export class Hardswish extends InplaceActivation {
  override forward(x: Tensor): Tensor {
    return F.hardswish(x, this.inplace);
  }
  override extraRepr(): string {
    return '';
  }
}

/** x sigmoid(x), any shape. (PyTorch: `torch.nn.SiLU`) */
export class SiLU extends InplaceActivation {
  override forward(x: Tensor): Tensor {
    return F.silu(x, this.inplace);
  }
}

/** x tanh(softplus(x)), any shape. (PyTorch: `torch.nn.Mish`) */
export class Mish extends InplaceActivation {
  override forward(x: Tensor): Tensor {
    return F.mish(x, this.inplace);
  }
}

/** scale (max(x, 0) + min(0, alpha (e^x - 1))), any shape. (PyTorch: `torch.nn.SELU`) */
export class SELU extends InplaceActivation {
  override forward(x: Tensor): Tensor {
    return F.selu(x, this.inplace);
  }
}

abstract class AlphaActivation extends Block {
  readonly alpha: number;
  readonly inplace: boolean;
  protected readonly text: string;

  constructor(...args: Trailing<AlphaInplaceOptions, ['alpha', 'inplace']>) {
    super();
    const { alpha, inplace = false } = readTrailing<AlphaInplaceOptions>(new.target.name, args, ['alpha', 'inplace']);
    this.alpha = alpha ?? 1;
    this.inplace = inplace;
    this.text = `alpha=${shown(alpha, 1)}`;
  }

  override extraRepr(): string {
    return withInplace(this.text, this.inplace);
  }
}

/** x where x > 0, alpha (e^x - 1) elsewhere, any shape. (PyTorch: `torch.nn.ELU`) */
export class ELU extends AlphaActivation {
  override forward(x: Tensor): Tensor {
    return F.elu(x, this.alpha, this.inplace);
  }
}

/** max(x, 0) + min(0, alpha (e^(x / alpha) - 1)), any shape. (PyTorch: `torch.nn.CELU`) */
export class CELU extends AlphaActivation {
  override forward(x: Tensor): Tensor {
    return F.celu(x, this.alpha, this.inplace);
  }
}

/** x where x > 0, negativeSlope x elsewhere, any shape. (PyTorch: `torch.nn.LeakyReLU`) */
export class LeakyReLU extends Block {
  readonly negativeSlope: number;
  readonly inplace: boolean;

  constructor(...args: Trailing<LeakyReluOptions, ['negativeSlope', 'inplace']>) {
    super();
    const { negativeSlope = 0.01, inplace = false } = readTrailing<LeakyReluOptions>('LeakyReLU', args, ['negativeSlope', 'inplace']);
    this.negativeSlope = negativeSlope;
    this.inplace = inplace;
  }

  override forward(x: Tensor): Tensor {
    return F.leakyRelu(x, this.negativeSlope, this.inplace);
  }

  override extraRepr(): string {
    return withInplace(`negative_slope=${pythonText(this.negativeSlope)}`, this.inplace);
  }
}

/** x Phi(x), any shape. (PyTorch: `torch.nn.GELU`) */
export class GELU extends Block {
  readonly approximate: 'none' | 'tanh';

  constructor(...args: Trailing<GeluOptions, ['approximate']>) {
    super();
    this.approximate = readTrailing<GeluOptions>('GELU', args, ['approximate']).approximate ?? 'none';
  }

  override forward(x: Tensor): Tensor {
    return F.gelu(x, this.approximate);
  }

  override extraRepr(): string {
    return `approximate=${pythonText(this.approximate)}`;
  }
}

/** ln(1 + e^(beta x)) / beta, and x where beta x > threshold, any shape. (PyTorch: `torch.nn.Softplus`) */
export class Softplus extends Block {
  readonly beta: number;
  readonly threshold: number;
  protected readonly text: string;

  constructor(...args: Trailing<SoftplusOptions, ['beta', 'threshold']>) {
    super();
    const { beta, threshold } = readTrailing<SoftplusOptions>('Softplus', args, ['beta', 'threshold']);
    this.beta = beta ?? 1;
    this.threshold = threshold ?? 20;
    this.text = `beta=${shown(beta, 1)}, threshold=${shown(threshold, 20)}`;
  }

  override forward(x: Tensor): Tensor {
    return F.softplus(x, this.beta, this.threshold);
  }

  override extraRepr(): string {
    return this.text;
  }
}

abstract class Shrink extends Block {
  readonly lambd: number;

  constructor(...args: Trailing<LambdaOptions, ['lambd']>) {
    super();
    this.lambd = readTrailing<LambdaOptions>(new.target.name, args, ['lambd']).lambd ?? 0.5;
  }

  override extraRepr(): string {
    return pythonText(this.lambd);
  }
}

/** x where |x| > lambd, 0 elsewhere, any shape. (PyTorch: `torch.nn.Hardshrink`) */
export class Hardshrink extends Shrink {
  override forward(x: Tensor): Tensor {
    return F.hardshrink(x, this.lambd);
  }
}

/** x moved towards 0 by lambd, any shape. (PyTorch: `torch.nn.Softshrink`) */
export class Softshrink extends Shrink {
  override forward(x: Tensor): Tensor {
    return F.softshrink(x, this.lambd);
  }
}

/** x / (1 + |x|), any shape. (PyTorch: `torch.nn.Softsign`) */
export class Softsign extends Block {
  override forward(x: Tensor): Tensor {
    return F.softsign(x);
  }
}

/** x - tanh(x), any shape. (PyTorch: `torch.nn.Tanhshrink`) */
export class Tanhshrink extends Block {
  override forward(x: Tensor): Tensor {
    return F.tanhshrink(x);
  }
}

/** ln(1 / (1 + e^-x)), any shape. (PyTorch: `torch.nn.LogSigmoid`) */
export class LogSigmoid extends Block {
  override forward(x: Tensor): Tensor {
    return F.logsigmoid(x);
  }
}

/** x where x > threshold, value elsewhere, any shape. (PyTorch: `torch.nn.Threshold`) */
export class Threshold extends Block {
  readonly threshold: number;
  readonly value: number;
  readonly inplace: boolean;

  constructor(threshold: number, value: number, ...args: Trailing<InplaceOptions, ['inplace']>) {
    super();
    if (typeof threshold !== 'number' || typeof value !== 'number') throw new TypeError("Threshold: expected the numbers 'threshold' and 'value'");
    this.threshold = threshold;
    this.value = value;
    this.inplace = readTrailing<InplaceOptions>('Threshold', args, ['inplace']).inplace ?? false;
  }

  override forward(x: Tensor): Tensor {
    return F.threshold(x, this.threshold, this.value, this.inplace);
  }

  override extraRepr(): string {
    return withInplace(`threshold=${pythonText(this.threshold)}, value=${pythonText(this.value)}`, this.inplace);
  }
}

/** a sigmoid(b) of the halves of x along `dim` (default -1). (PyTorch: `torch.nn.GLU`) */
export class GLU extends Block {
  readonly dim: number;

  constructor(...args: Trailing<{ dim?: number }, ['dim']>) {
    super();
    this.dim = readTrailing<{ dim?: number }>('GLU', args, ['dim']).dim ?? -1;
  }

  override forward(x: Tensor): Tensor {
    return F.glu(x, this.dim);
  }

  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}

export interface SoftmaxLayerOptions {
  /** The dimension that sums to 1. Without it PyTorch's old rule: 0 for 0, 1 and 3 dimensions, else 1. */
  dim?: number | null;
}

abstract class DimActivation extends Block {
  readonly dim: number | null;

  constructor(...args: Trailing<SoftmaxLayerOptions, ['dim']>) {
    super();
    this.dim = readTrailing<SoftmaxLayerOptions>(new.target.name, args, ['dim']).dim ?? null;
  }

  override extraRepr(): string {
    return `dim=${pythonText(this.dim)}`;
  }
}

/** e^x / sum of e^x along `dim`. (PyTorch: `torch.nn.Softmax`) */
export class Softmax extends DimActivation {
  override forward(x: Tensor): Tensor {
    return F.softmax(x, this.dim);
  }
}

/** x - ln sum of e^x along `dim`. (PyTorch: `torch.nn.LogSoftmax`) */
export class LogSoftmax extends DimActivation {
  override forward(x: Tensor): Tensor {
    return F.logSoftmax(x, this.dim);
  }
}

/** e^-x / sum of e^-x along `dim`. (PyTorch: `torch.nn.Softmin`) */
export class Softmin extends DimActivation {
  override forward(x: Tensor): Tensor {
    return F.softmin(x, this.dim);
  }
}

/** Softmax over the channels of images [N, C, H, W] or [C, H, W]. (PyTorch: `torch.nn.Softmax2d`) */
export class Softmax2d extends Block {
  override forward(x: Tensor): Tensor {
    if (x.ndim !== 3 && x.ndim !== 4) throw new ShapeError(`Softmax2d: expected input to be 3D or 4D, got ${x.ndim}D instead`);
    return F.softmax(x, -3);
  }
}
