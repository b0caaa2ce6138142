import { ShapeError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';

function requireFactor(name: string, what: string, factor: number): void {
  if (!Number.isInteger(factor))
    throw new TypeError(`${name}: expected ${what} to be an integer, got ${String(factor)}`);
  if (factor <= 0) throw new ShapeError(`${name} expects a positive ${what}, but got ${factor}`);
}

/** [..., C r², H, W] as [..., C, H r, W r]. (PyTorch: `F.pixel_shuffle`) */
export function pixelShuffle(x: Tensor, upscaleFactor: number): Tensor {
  const node = requireTensor('pixel_shuffle', x);
  if (node.shape.length < 3)
    throw new ShapeError(
      `pixel_shuffle expects input to have at least 3 dimensions, but got input with ${node.shape.length} dimension(s)`,
    );
  requireFactor('pixel_shuffle', 'upscale_factor', upscaleFactor);
  const r = upscaleFactor;
  const batch = node.shape.slice(0, -3);
  const [channels, h, w] = node.shape.slice(-3) as [number, number, number];
  if (channels % (r * r) !== 0)
    throw new ShapeError(
      `pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but input.size(-3)=${channels} is not divisible by ${r * r}`,
    );
  const c = channels / (r * r);
  const k = batch.length;
  const parts = b.reshape(node, [...batch, c, r, r, h, w]);
  const moved = b.permute(parts, [...batch.keys(), k, k + 3, k + 1, k + 4, k + 2]);
  return wrap(b.reshape(moved, [...batch, c, h * r, w * r]));
}

/** [..., C, H r, W r] as [..., C r², H, W]. (PyTorch: `F.pixel_unshuffle`) */
export function pixelUnshuffle(x: Tensor, downscaleFactor: number): Tensor {
  const node = requireTensor('pixel_unshuffle', x);
  if (node.shape.length < 3)
    throw new ShapeError(
      `pixel_unshuffle expects input to have at least 3 dimensions, but got input with ${node.shape.length} dimension(s)`,
    );
  requireFactor('pixel_unshuffle', 'downscale_factor', downscaleFactor);
  const r = downscaleFactor;
  const batch = node.shape.slice(0, -3);
  const [c, height, width] = node.shape.slice(-3) as [number, number, number];
  if (height % r !== 0)
    throw new ShapeError(
      `pixel_unshuffle expects height to be divisible by downscale_factor, but input.size(-2)=${height} is not divisible by ${r}`,
    );
  if (width % r !== 0)
    throw new ShapeError(
      `pixel_unshuffle expects width to be divisible by downscale_factor, but input.size(-1)=${width} is not divisible by ${r}`,
    );
  const k = batch.length;
  const parts = b.reshape(node, [...batch, c, height / r, r, width / r, r]);
  const moved = b.permute(parts, [...batch.keys(), k, k + 2, k + 4, k + 1, k + 3]);
  return wrap(b.reshape(moved, [...batch, c * r * r, height / r, width / r]));
}

/** Channels of x [N, C, ...] dealt out to groups: [N, g, C/g, ...] with the two swapped. (PyTorch: `F.channel_shuffle`) */
export function channelShuffle(x: Tensor, groups: number): Tensor {
  const node = requireTensor('channel_shuffle', x);
  const { shape } = node;
  if (shape.length < 3)
    throw new ShapeError(`channel_shuffle expects input with > 2 dims, but got input with sizes [${shape.join(', ')}]`);
  requireFactor('channel_shuffle', 'groups', groups);
  const [n, channels, ...rest] = shape as [number, number, ...number[]];
  if (channels % groups !== 0)
    throw new ShapeError(
      `Number of channels must be divisible by groups. Got ${channels} channels and ${groups} groups.`,
    );
  const parts = b.reshape(node, [n, groups, channels / groups, ...rest]);
  return wrap(b.reshape(b.permute(parts, [0, 2, 1, ...rest.map((_, i) => i + 3)]), shape));
}

/** As `channelShuffle`. (PyTorch: `F.native_channel_shuffle`) */
export function nativeChannelShuffle(x: Tensor, groups: number): Tensor {
  return channelShuffle(x, groups);
}
