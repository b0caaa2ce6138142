import { ShapeError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import { sizeOf } from '../../graph/shape.ts';
import { requireFloatingNode, requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readArguments } from '../arguments.ts';
import type { AffineOptions } from './per-channel.ts';
import { optional, scaleChannels } from './per-channel.ts';

/** `layerNorm` over groups of channels of x [N, C, ...], then weight and bias per channel. (PyTorch: `F.group_norm`) */
export function groupNorm(
  x: Tensor,
  ...args:
    | readonly [numGroups: number, ...options: Trailing<AffineOptions, ['weight', 'bias', 'eps']>]
    | readonly [options: AffineOptions & { numGroups: number }]
): Tensor {
  const {
    numGroups,
    weight,
    bias,
    eps = 1e-5,
  } = readArguments<{ numGroups: number }, AffineOptions>('groupNorm', args, ['numGroups'], ['weight', 'bias', 'eps']);
  const node = requireFloatingNode('groupNorm', requireTensor('groupNorm', x));
  const { shape } = node;
  if (shape.length < 2)
    throw new ShapeError(`Expected at least 2 dimensions for input tensor but received ${shape.length}`);
  const [n, channels, ...rest] = shape as [number, number, ...number[]];
  if (numGroups < 0) throw new RangeError(`Expected num groups to be greater than 0, got ${numGroups}`);
  const perGroup = Math.floor((n * channels) / numGroups);
  if (perGroup * sizeOf(rest) === 1)
    throw new ShapeError(
      `Expected more than 1 value per channel when training, got input size [${[perGroup, numGroups, ...rest].join(', ')}]`,
    );
  if (channels % numGroups !== 0)
    throw new ShapeError(
      `Expected number of channels in input to be divisible by num_groups, but got input of shape [${shape.join(', ')}] and num_groups=${numGroups}`,
    );
  const w = optional('groupNorm', weight);
  const shift = optional('groupNorm', bias);
  for (const [what, vector] of [
    ['weight', w],
    ['bias', shift],
  ] as const)
    if (vector !== null && (vector.shape.length !== 1 || vector.shape[0] !== channels))
      throw new ShapeError(
        `Expected ${what} to be a vector of size equal to the number of channels in input, but got ${what} of shape [${vector.shape.join(', ')}] and input of shape [${shape.join(', ')}]`,
      );
  const groups = b.reshape(node, [n, numGroups, (channels / numGroups) * sizeOf(rest)]);
  return wrap(scaleChannels(b.reshape(b.emit('layerNorm', [groups], { axis: 2, eps }), shape), w, shift));
}
