import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DType, NestedArray, PrintOptionsChange } from '../index.ts';
import { getPrintoptions, nn, ones, print, setPrintoptions, tensor, zeros } from '../index.ts';

interface Golden {
  values: (number | boolean | string)[];
  shape: number[];
  dtype: DType;
  requiresGrad?: boolean;
  parameter?: boolean;
  options?: PrintOptionsChange;
  text: string;
}

// Made by tooling/goldens/printing.py. Tensors of host data are printed without a device.
const goldens = JSON.parse(readFileSync(new URL('./goldens/printing.json', import.meta.url), 'utf8')) as Golden[];
const named: Record<string, number> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  '-0': -0,
};

function make({ values, shape, dtype, requiresGrad = false, parameter = false }: Golden) {
  const numbers = values.map((value) => (typeof value === 'string' ? named[value]! : Number(value)));
  const nest = (axis: number, start: number, size: number): NestedArray =>
    axis === shape.length
      ? numbers[start]!
      : Array.from({ length: shape[axis]! }, (_, i) =>
          nest(axis + 1, start + (i * size) / shape[axis]!, size / shape[axis]!),
        );
  const made = numbers.length === 0 ? zeros(shape, { dtype }) : tensor(nest(0, 0, numbers.length), { dtype });
  return parameter ? new nn.Parameter(made, { requiresGrad }) : made.requiresGrad_(requiresGrad);
}

afterEach(() => {
  setPrintoptions({ profile: 'default' });
  vi.restoreAllMocks();
});

describe("tensors are printed in PyTorch's words", () => {
  it.each(
    goldens.map(
      (golden, i) =>
        [`${i}: ${golden.dtype} [${golden.shape.join(', ')}] ${golden.text.slice(0, 40)}`, golden] as const,
    ),
  )('%s', async (_, golden) => {
    setPrintoptions(golden.options ?? {});
    expect(await make(golden).format()).toBe(golden.text);
    setPrintoptions({ profile: 'default' });
    expect(await make(golden).format(golden.options)).toBe(golden.text);
  });
});

describe('options of printing', () => {
  it('are kept until they are changed, but for sciMode', () => {
    setPrintoptions({ precision: 2, sciMode: true });
    expect(getPrintoptions()).toEqual({ precision: 2, threshold: 1000, edgeitems: 3, linewidth: 80, sciMode: true });
    setPrintoptions({ linewidth: 100 });
    expect(getPrintoptions()).toEqual({ precision: 2, threshold: 1000, edgeitems: 3, linewidth: 100, sciMode: null });
  });

  it('are refused when they do not exist', () => {
    expect(() => setPrintoptions({ width: 3 } as PrintOptionsChange)).toThrow("unexpected keyword argument 'width'");
    expect(() => setPrintoptions({ precision: -1 })).toThrow(TypeError);
    expect(() => setPrintoptions({ profile: 'long' as 'full' })).toThrow("'long'");
  });
});

it('print writes tensors and other values', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await print('x =', ones(2), 3, zeros([1, 1]));
  expect(log).toHaveBeenCalledExactlyOnceWith('x = tensor([1., 1.]) 3 tensor([[0.]])');
});
