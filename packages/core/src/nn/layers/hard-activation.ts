import { ChimeraError } from '../../errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { Block } from '../block.ts';
import type { InplaceOptions } from '../functional/activation-options.ts';
import type { HardtanhOptions, LambdaOptions } from '../functional/activation.ts';
import * as F from '../functional/activation.ts';
import { pythonText } from '../python-text.ts';
import { InplaceActivation, shown, withInplace } from './activation-base.ts';

/** x clipped to [minVal, maxVal], any shape. (PyTorch: `torch.nn.Hardtanh`) */
export class Hardtanh extends Block {
  readonly minVal: number;
  readonly maxVal: number;
  readonly inplace: boolean;
  protected readonly text: string;

  constructor(...args: Trailing<HardtanhOptions, ['minVal', 'maxVal', 'inplace']>) {
    super();
    const {
      minVal,
      maxVal,
      inplace = false,
    } = readTrailing<HardtanhOptions>('Hardtanh', args, ['minVal', 'maxVal', 'inplace']);
    this.minVal = minVal ?? -1;
    this.maxVal = maxVal ?? 1;
    this.inplace = inplace;
    this.text = `min_val=${shown(minVal, -1)}, max_val=${shown(maxVal, 1)}`;
    if (!(this.maxVal > this.minVal))
      throw new ChimeraError(`Hardtanh: max_val must be larger than min_val, got ${this.maxVal} and ${this.minVal}`);
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

/** x where x > threshold, value elsewhere, any shape. (PyTorch: `torch.nn.Threshold`) */
export class Threshold extends Block {
  readonly threshold: number;
  readonly value: number;
  readonly inplace: boolean;

  constructor(threshold: number, value: number, ...args: Trailing<InplaceOptions, ['inplace']>) {
    super();
    if (typeof threshold !== 'number' || typeof value !== 'number')
      throw new TypeError("Threshold: expected the numbers 'threshold' and 'value'");
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
