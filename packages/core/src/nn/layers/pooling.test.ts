import { describe, expect, expectTypeOf, it } from 'vitest';
import { zeros } from '../../tensor/creation.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { AdaptiveMaxPool2d } from './adaptive-pooling.ts';
import { Conv2d } from './convolution.ts';
import { LazyConv2d } from './lazy-convolution.ts';
import { AvgPool1d, MaxPool2d } from './pooling.ts';

const image = () => zeros([1, 2, 6, 6], { device: null });

describe('pooling layers', () => {
  it('give positions beside the maxima when they are asked for, by type as well', () => {
    const plain = new MaxPool2d(2)(image());
    expectTypeOf(plain).toEqualTypeOf<Tensor>();
    expect(plain.shape).toEqual([1, 2, 3, 3]);
    const [maxima, places] = new MaxPool2d(2, { returnIndices: true })(image());
    expectTypeOf(places).toEqualTypeOf<Tensor>();
    expect([maxima.shape, places.shape, places.dtype]).toEqual([[1, 2, 3, 3], [1, 2, 3, 3], 'int32']);
    const [adapted] = new AdaptiveMaxPool2d(4, { returnIndices: true })(image());
    expect(adapted.shape).toEqual([1, 2, 4, 4]);
  });

  it("take PyTorch's positional order, and print like PyTorch", () => {
    expect(String(new MaxPool2d(3, 2, 1))).toBe(
      'MaxPool2d(kernel_size=3, stride=2, padding=1, dilation=1, ceil_mode=False)',
    );
    expect(String(new MaxPool2d([3, 2], { stride: [2, 1] }))).toBe(
      'MaxPool2d(kernel_size=(3, 2), stride=(2, 1), padding=0, dilation=1, ceil_mode=False)',
    );
    expect(String(new AvgPool1d(3))).toBe('AvgPool1d(kernel_size=(3,), stride=(3,), padding=(0,))');
  });

  it('refuse what is no size', () => {
    expect(() => new MaxPool2d('2' as unknown as number)).toThrow(
      'expected kernel_size to be a number or an array of numbers, got string',
    );
    expect(() => new MaxPool2d(2, { strides: 2 } as object)).toThrow("got an unexpected keyword argument 'strides'");
  });
});

describe('layers made by name', () => {
  it('take required arguments from the options, from any place on', () => {
    expect(String(new MaxPool2d({ kernelSize: 2, stride: 1 }))).toBe(
      'MaxPool2d(kernel_size=2, stride=1, padding=0, dilation=1, ceil_mode=False)',
    );
    const [, places] = new MaxPool2d({ kernelSize: 2, returnIndices: true })(image());
    expectTypeOf(places).toEqualTypeOf<Tensor>();
    expect(String(new Conv2d(1, 6, { kernelSize: 5, padding: 2 }))).toBe(
      'Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2))',
    );
    expect(String(new Conv2d({ inChannels: 1, outChannels: 6, kernelSize: 5 }))).toBe(
      'Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1))',
    );
    expect(String(new LazyConv2d(6, { kernelSize: 5 }))).toBe('LazyConv2d(0, 6, kernel_size=(5, 5), stride=(1, 1))');
  });

  it('say which one is missing', () => {
    // @ts-expect-error: no kernel size
    expect(() => new Conv2d(1, 6)).toThrow("Conv2d() missing a required argument: 'kernelSize'");
    // @ts-expect-error: no kernel size
    expect(() => new Conv2d(1, 6, { padding: 2 })).toThrow("Conv2d() missing a required argument: 'kernelSize'");
    // @ts-expect-error: no kernel size
    expect(() => new MaxPool2d()).toThrow("MaxPool2d() missing a required argument: 'kernelSize'");
  });
});
