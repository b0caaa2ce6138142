import type { Tensor } from '../../tensor/tensor.ts';
import { readArguments } from '../arguments.ts';
import { Block } from '../block.ts';
import { channelShuffle, pixelShuffle, pixelUnshuffle } from '../functional/pixel.ts';

/** [..., C r², H, W] as [..., C, H r, W r]. (PyTorch: `torch.nn.PixelShuffle`) */
export class PixelShuffle extends Block {
  readonly upscaleFactor: number;

  constructor(upscaleFactor: number | { upscaleFactor: number }) {
    super();
    this.upscaleFactor = readArguments<{ upscaleFactor: number }, object>(
      'PixelShuffle',
      [upscaleFactor],
      ['upscaleFactor'],
    ).upscaleFactor;
  }
  override forward(x: Tensor): Tensor {
    return pixelShuffle(x, this.upscaleFactor);
  }
  override extraRepr(): string {
    return `upscale_factor=${this.upscaleFactor}`;
  }
}

/** [..., C, H r, W r] as [..., C r², H, W]. (PyTorch: `torch.nn.PixelUnshuffle`) */
export class PixelUnshuffle extends Block {
  readonly downscaleFactor: number;

  constructor(downscaleFactor: number | { downscaleFactor: number }) {
    super();
    this.downscaleFactor = readArguments<{ downscaleFactor: number }, object>(
      'PixelUnshuffle',
      [downscaleFactor],
      ['downscaleFactor'],
    ).downscaleFactor;
  }
  override forward(x: Tensor): Tensor {
    return pixelUnshuffle(x, this.downscaleFactor);
  }
  override extraRepr(): string {
    return `downscale_factor=${this.downscaleFactor}`;
  }
}

/** Channels of x [N, C, ...] dealt out to groups. (PyTorch: `torch.nn.ChannelShuffle`) */
export class ChannelShuffle extends Block {
  readonly groups: number;

  constructor(groups: number | { groups: number }) {
    super();
    this.groups = readArguments<{ groups: number }, object>('ChannelShuffle', [groups], ['groups']).groups;
  }
  override forward(x: Tensor): Tensor {
    return channelShuffle(x, this.groups);
  }
  override extraRepr(): string {
    return `groups=${this.groups}`;
  }
}
