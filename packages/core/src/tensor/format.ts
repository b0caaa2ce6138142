import type { DType } from '../graph/dtype.ts';
import { hostToNumbers, isFloating } from '../graph/dtype.ts';
import type { Shape } from '../graph/shape.ts';
import { sizeOf, stridesOf } from '../graph/shape.ts';
import { getDefaultDtype } from './default-dtype.ts';
import { fixed, scientific } from './number-format.ts';
import { requireTensor } from './operand.ts';
import type { PrintOptions, PrintOptionsChange } from './print-options.ts';
import { printOptionsWith } from './print-options.ts';
import type { Tensor } from './tensor.ts';

/**
 * The values as PyTorch prints them, computing them first: `tensor([[1., 2.]], requires_grad=True)`. Options change
 * the printing for this call. (PyTorch: `repr(t)`, but asynchronous and without the name of a non-leaf's operation)
 */
export async function format(x: Tensor, options: PrintOptionsChange = {}): Promise<string> {
  requireTensor('format', x);
  const chosen = printOptionsWith(options);
  const { dtype, shape, requiresGrad, isLeaf } = x;
  const numbers = hostToNumbers(await x.hostData(), dtype);
  const prefix = 'tensor(';
  const suffixes: string[] = [];
  let body = '[]';
  if (numbers.length === 0) {
    if (shape.length !== 1) suffixes.push(`size=(${shape.join(', ')})`);
    if (dtype !== getDefaultDtype()) suffixes.push(`dtype=${torchNames[dtype]}`);
  } else {
    if (isFloating(dtype) && dtype !== getDefaultDtype()) suffixes.push(`dtype=${torchNames[dtype]}`);
    body = new Printer(numbers, shape, dtype, chosen).print(prefix.length);
  }
  if (requiresGrad && isLeaf) suffixes.push('requires_grad=True');
  const text = withSuffixes(prefix + body, suffixes, prefix.length, chosen.linewidth);
  return x[Symbol.toStringTag] === 'Parameter' ? `Parameter containing:\n${text}` : text;
}

// Integers are PyTorch's default integers, whose dtype goes without saying.
const torchNames: Record<DType, string> = {
  float16: 'torch.float16',
  float32: 'torch.float32',
  float64: 'torch.float64',
  int32: 'torch.int64',
  bool: 'torch.bool',
};

/** Appends suffixes, on lines of their own where they would be too long. */
function withSuffixes(start: string, suffixes: readonly string[], indent: number, linewidth: number): string {
  let text = start;
  // As PyTorch counts it: one more than the length of the last line, two more if it is the only one.
  let length = start.length - start.lastIndexOf('\n') + 1;
  for (const suffix of suffixes) {
    if (length + suffix.length + 2 > linewidth) {
      text += `,\n${' '.repeat(indent)}${suffix}`;
      length = indent + suffix.length;
    } else {
      text += `, ${suffix}`;
      length += suffix.length + 2;
    }
  }
  return `${text})`;
}

/** Writes one tensor: all numbers in one width, abbreviated if there are many. */
class Printer {
  readonly #numbers: ArrayLike<number>;
  readonly #shape: Shape;
  readonly #strides: readonly number[];
  readonly #options: PrintOptions;
  readonly #isAbbreviated: boolean;
  readonly #write: (value: number) => string;
  readonly #width: number;

  constructor(numbers: ArrayLike<number>, shape: Shape, dtype: DType, options: PrintOptions) {
    this.#numbers = numbers;
    this.#shape = shape;
    this.#strides = stridesOf(shape);
    this.#options = options;
    this.#isAbbreviated = sizeOf(shape) > options.threshold;
    const shown = this.#shown(0, 0);
    this.#write = writerFor(shown, dtype, options);
    this.#width = widthOf(shown, dtype, this.#write);
  }

  print(indent: number): string {
    return this.#shape.length === 0 ? this.#element(0) : this.#block(0, 0, indent);
  }

  /** The indices along an axis that are shown, `null` standing for those that are left out. */
  #indices(axis: number): (number | null)[] {
    const extent = this.#shape[axis]!;
    const { edgeitems } = this.#options;
    if (!this.#isAbbreviated || extent <= 2 * edgeitems) return Array.from({ length: extent }, (_, i) => i);
    const first = Array.from({ length: edgeitems }, (_, i) => i);
    return [...first, null, ...first.map((i) => extent - edgeitems + i)];
  }

  #shown(axis: number, start: number): number[] {
    if (axis === this.#shape.length) return [this.#numbers[start]!];
    return this.#indices(axis).flatMap((i) =>
      i === null ? [] : this.#shown(axis + 1, start + i * this.#strides[axis]!),
    );
  }

  #element(position: number): string {
    return this.#write(this.#numbers[position]!).padStart(this.#width);
  }

  #block(axis: number, start: number, indent: number): string {
    const rank = this.#shape.length;
    const position = (i: number): number => start + i * this.#strides[axis]!;
    if (axis === rank - 1) {
      const items = this.#indices(axis).map((i) => (i === null ? ' ...' : this.#element(position(i))));
      const perLine = Math.max(1, Math.floor((this.#options.linewidth - indent) / (this.#width + 2)));
      const lines: string[] = [];
      for (let i = 0; i < items.length; i += perLine) lines.push(items.slice(i, i + perLine).join(', '));
      return `[${lines.join(`,\n${' '.repeat(indent + 1)}`)}]`;
    }
    const blocks = this.#indices(axis).map((i) =>
      i === null ? '...' : this.#block(axis + 1, position(i), indent + 1),
    );
    return `[${blocks.join(`,${'\n'.repeat(rank - axis - 1)}${' '.repeat(indent + 1)}`)}]`;
  }
}

/** How the numbers of a tensor are written: as integers, with a point, or with exponents. */
function writerFor(shown: readonly number[], dtype: DType, options: PrintOptions): (value: number) => string {
  if (dtype === 'bool') return (value) => (value === 0 ? 'False' : 'True');
  if (!isFloating(dtype)) return String;
  const magnitudes = shown.filter((value) => Number.isFinite(value) && value !== 0).map(Math.abs);
  const [least, most] = magnitudes.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, 0],
  );
  const isWhole = magnitudes.every(Number.isInteger);
  const needsExponents =
    magnitudes.length > 0 && (options.sciMode ?? (most / least > 1000 || most > 1e8 || least < 1e-4));
  if (needsExponents) return (value) => scientific(value, options.precision);
  if (isWhole) return (value) => (Number.isFinite(value) ? `${fixed(value, 0)}.` : fixed(value, 0));
  return (value) => fixed(value, options.precision);
}

/** As in PyTorch, zeros and numbers that are not finite do not count in floating tensors. */
function widthOf(shown: readonly number[], dtype: DType, write: (value: number) => string): number {
  const counted = isFloating(dtype) ? shown.filter((value) => Number.isFinite(value) && value !== 0) : shown;
  return counted.reduce((width, value) => Math.max(width, write(value).length), 1);
}
