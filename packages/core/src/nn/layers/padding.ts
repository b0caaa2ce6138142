import type { PadMode } from '../../tensor/padding.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Size } from '../arguments.ts';
import { readArguments } from '../arguments.ts';
import { Block } from '../block.ts';
import { pad } from '../functional/pad.ts';
import { pythonText, pythonTuple } from '../python-text.ts';

/** [left, right] of the last dimension, then of the one before it; one number stands for all. */
function sidesOf(name: string, padding: Size, dimensions: number): number[] {
  const sides = typeof padding === 'number' ? new Array<number>(2 * dimensions).fill(padding) : padding;
  if (!Array.isArray(sides) || sides.length !== 2 * dimensions || sides.some((side) => !Number.isInteger(side)))
    throw new TypeError(
      `${name}: expected padding to be an integer or an array of ${2 * dimensions} integers, got ${JSON.stringify(padding)}`,
    );
  return [...(sides as number[])];
}

/** What padding layers share. Use `ZeroPad2d`, `ReflectionPad1d` and the like. */
export abstract class PaddingLayer extends Block {
  readonly padding: readonly number[];

  constructor(padding: Size | { padding: Size }) {
    super();
    this.padding = sidesOf(
      new.target.name,
      readArguments<{ padding: Size }, object>(new.target.name, [padding], ['padding']).padding,
      this.dimensions(),
    );
  }

  protected abstract dimensions(): number;
  protected abstract mode(): PadMode;

  override forward(x: Tensor): Tensor {
    return pad(x, this.padding, this.mode());
  }
  override extraRepr(): string {
    return pythonTuple(this.padding);
  }
}

/** What constant padding of all dimensions shares. Use `ConstantPad2d` and the like. */
export abstract class ConstantPad extends Block {
  readonly padding: readonly number[];
  readonly value: number;

  constructor(
    ...args:
      | readonly [padding: Size, value: number]
      | readonly [padding: Size, options: { value: number }]
      | readonly [options: { padding: Size; value: number }]
  ) {
    super();
    const { padding, value } = readArguments<{ padding: Size; value: number }, object>(new.target.name, args, [
      'padding',
      'value',
    ]);
    this.padding = sidesOf(new.target.name, padding, this.dimensions());
    this.value = value;
    if (typeof this.value !== 'number')
      throw new TypeError(`${new.target.name}: expected value to be a number, got ${typeof this.value}`);
  }

  protected abstract dimensions(): number;

  override forward(x: Tensor): Tensor {
    return pad(x, this.padding, 'constant', this.value);
  }
  override extraRepr(): string {
    return `padding=${pythonTuple(this.padding)}, value=${pythonText(this.value)}`;
  }
}

/** Zeros at the ends of [N, C, L] or [C, L]; `padding` lists the last dimension first. (PyTorch: `torch.nn.ZeroPad1d`) */
export class ZeroPad1d extends PaddingLayer {
  protected override dimensions(): number {
    return 1;
  }
  protected override mode(): PadMode {
    return 'constant';
  }
}

/** Zeros at the ends of [N, C, H, W] or [C, H, W]; `padding` lists the last dimension first. (PyTorch: `torch.nn.ZeroPad2d`) */
export class ZeroPad2d extends PaddingLayer {
  protected override dimensions(): number {
    return 2;
  }
  protected override mode(): PadMode {
    return 'constant';
  }
}

/** Zeros at the ends of [N, C, D, H, W] or [C, D, H, W]; `padding` lists the last dimension first. (PyTorch: `torch.nn.ZeroPad3d`) */
export class ZeroPad3d extends PaddingLayer {
  protected override dimensions(): number {
    return 3;
  }
  protected override mode(): PadMode {
    return 'constant';
  }
}

/** [N, C, L] or [C, L] mirrored at its ends, without repeating the edge. (PyTorch: `torch.nn.ReflectionPad1d`) */
export class ReflectionPad1d extends PaddingLayer {
  protected override dimensions(): number {
    return 1;
  }
  protected override mode(): PadMode {
    return 'reflect';
  }
}

/** [N, C, H, W] or [C, H, W] mirrored at its ends, without repeating the edge. (PyTorch: `torch.nn.ReflectionPad2d`) */
export class ReflectionPad2d extends PaddingLayer {
  protected override dimensions(): number {
    return 2;
  }
  protected override mode(): PadMode {
    return 'reflect';
  }
}

/** [N, C, D, H, W] or [C, D, H, W] mirrored at its ends, without repeating the edge. (PyTorch: `torch.nn.ReflectionPad3d`) */
export class ReflectionPad3d extends PaddingLayer {
  protected override dimensions(): number {
    return 3;
  }
  protected override mode(): PadMode {
    return 'reflect';
  }
}

/** [N, C, L] or [C, L] with its edge repeated. (PyTorch: `torch.nn.ReplicationPad1d`) */
export class ReplicationPad1d extends PaddingLayer {
  protected override dimensions(): number {
    return 1;
  }
  protected override mode(): PadMode {
    return 'replicate';
  }
}

/** [N, C, H, W] or [C, H, W] with its edge repeated. (PyTorch: `torch.nn.ReplicationPad2d`) */
export class ReplicationPad2d extends PaddingLayer {
  protected override dimensions(): number {
    return 2;
  }
  protected override mode(): PadMode {
    return 'replicate';
  }
}

/** [N, C, D, H, W] or [C, D, H, W] with its edge repeated. (PyTorch: `torch.nn.ReplicationPad3d`) */
export class ReplicationPad3d extends PaddingLayer {
  protected override dimensions(): number {
    return 3;
  }
  protected override mode(): PadMode {
    return 'replicate';
  }
}

/** [N, C, L] or [C, L] continued by its other end. (PyTorch: `torch.nn.CircularPad1d`) */
export class CircularPad1d extends PaddingLayer {
  protected override dimensions(): number {
    return 1;
  }
  protected override mode(): PadMode {
    return 'circular';
  }
}

/** [N, C, H, W] or [C, H, W] continued by its other end. (PyTorch: `torch.nn.CircularPad2d`) */
export class CircularPad2d extends PaddingLayer {
  protected override dimensions(): number {
    return 2;
  }
  protected override mode(): PadMode {
    return 'circular';
  }
}

/** [N, C, D, H, W] or [C, D, H, W] continued by its other end. (PyTorch: `torch.nn.CircularPad3d`) */
export class CircularPad3d extends PaddingLayer {
  protected override dimensions(): number {
    return 3;
  }
  protected override mode(): PadMode {
    return 'circular';
  }
}

/** A number at the ends of [N, C, L] or [C, L]; `padding` lists the last dimension first. (PyTorch: `torch.nn.ConstantPad1d`) */
export class ConstantPad1d extends ConstantPad {
  protected override dimensions(): number {
    return 1;
  }
}

/** A number at the ends of [N, C, H, W] or [C, H, W]; `padding` lists the last dimension first. (PyTorch: `torch.nn.ConstantPad2d`) */
export class ConstantPad2d extends ConstantPad {
  protected override dimensions(): number {
    return 2;
  }
}

/** A number at the ends of [N, C, D, H, W] or [C, D, H, W]; `padding` lists the last dimension first. (PyTorch: `torch.nn.ConstantPad3d`) */
export class ConstantPad3d extends ConstantPad {
  protected override dimensions(): number {
    return 3;
  }
}
