import type { Tensor } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { Block } from '../block.ts';
import type { AlphaInplaceOptions, GeluOptions, LeakyReluOptions, SoftplusOptions } from '../functional/activation.ts';
import * as F from '../functional/activation.ts';
import { pythonText } from '../python-text.ts';
import { InplaceActivation, shown, withInplace } from './activation-base.ts';

/** max(x, 0), any shape. (PyTorch: `torch.nn.ReLU`) */
export class ReLU extends InplaceActivation {
  override forward(x: Tensor): Tensor {
    return F.relu(x, this.inplace);
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
    const { negativeSlope = 0.01, inplace = false } = readTrailing<LeakyReluOptions>('LeakyReLU', args, [
      'negativeSlope',
      'inplace',
    ]);
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
