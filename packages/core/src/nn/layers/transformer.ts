import { ShapeError } from '../../errors.ts';
import type { TensorOptions } from '../../tensor/creation-options.ts';
import { tensor } from '../../tensor/creation.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { Block } from '../block.ts';
import { ModuleList } from '../containers/module-list.ts';
import { deepcopy } from '../copy.ts';
import { xavierUniform_ } from '../init.ts';
import type { CallArguments } from './call-arguments.ts';
import { LayerNorm } from './normalization.ts';
import type { DecoderLayerCall, TransformerLayerOptions } from './transformer-layer.ts';
import { TransformerDecoderLayer, TransformerEncoderLayer } from './transformer-layer.ts';

/** What can follow the last layer. */
type Norm = Block & { forward(x: Tensor): Tensor };

export interface TransformerEncoderOptions {
  /** Applied to the last output. Default: nothing. */
  norm?: Norm | null;
  /** Accepted for familiarity: there are no nested tensors. (PyTorch: `enable_nested_tensor`) */
  enableNestedTensor?: boolean;
  /** Accepted for familiarity. (PyTorch: `mask_check`) */
  maskCheck?: boolean;
}

export interface EncoderCall {
  /** Mask of the self attention. */
  mask?: Tensor | null;
  /** (PyTorch: `src_key_padding_mask`) */
  srcKeyPaddingMask?: Tensor | null;
  /** A hint that `mask` is causal. (PyTorch: `is_causal`) */
  isCausal?: boolean | null;
}

/** Copies of an encoder layer, one after another. (PyTorch: `torch.nn.TransformerEncoder`) */
export class TransformerEncoder extends Block {
  declare layers: ModuleList<TransformerEncoderLayer>;
  declare norm: Norm | null;
  readonly numLayers: number;

  constructor(
    encoderLayer: TransformerEncoderLayer,
    numLayers: number,
    ...args: Trailing<TransformerEncoderOptions, ['norm', 'enableNestedTensor', 'maskCheck']>
  ) {
    super();
    const { norm = null } = readTrailing<TransformerEncoderOptions>('TransformerEncoder', args, [
      'norm',
      'enableNestedTensor',
      'maskCheck',
    ]);
    this.layers = copies(encoderLayer, numLayers);
    this.numLayers = numLayers;
    this.norm = norm;
  }

  override forward(src: Tensor, ...args: CallArguments<EncoderCall>): Tensor {
    const {
      mask = null,
      srcKeyPaddingMask = null,
      isCausal,
    } = readTrailing<EncoderCall>('TransformerEncoder', args, ['mask', 'srcKeyPaddingMask', 'isCausal']);
    let x = src;
    for (const layer of this.layers)
      x = layer(x, { srcMask: mask, srcKeyPaddingMask, isCausal: isCausal === true && mask !== null });
    return this.norm === null ? x : this.norm(x);
  }
}

/** Copies of a decoder layer, one after another. (PyTorch: `torch.nn.TransformerDecoder`) */
export class TransformerDecoder extends Block {
  declare layers: ModuleList<TransformerDecoderLayer>;
  declare norm: Norm | null;
  readonly numLayers: number;

  constructor(
    decoderLayer: TransformerDecoderLayer,
    numLayers: number,
    ...args: Trailing<{ norm?: Norm | null }, ['norm']>
  ) {
    super();
    const { norm = null } = readTrailing<{ norm?: Norm | null }>('TransformerDecoder', args, ['norm']);
    this.layers = copies(decoderLayer, numLayers);
    this.numLayers = numLayers;
    this.norm = norm;
  }

  override forward(tgt: Tensor, memory: Tensor, ...args: CallArguments<DecoderLayerCall>): Tensor {
    const call = readTrailing<DecoderLayerCall>('TransformerDecoder', args, [
      'tgtMask',
      'memoryMask',
      'tgtKeyPaddingMask',
      'memoryKeyPaddingMask',
      'tgtIsCausal',
      'memoryIsCausal',
    ]);
    const options = { ...call, tgtIsCausal: call.tgtIsCausal === true && (call.tgtMask ?? null) !== null };
    let x = tgt;
    for (const layer of this.layers) x = layer(x, memory, options);
    return this.norm === null ? x : this.norm(x);
  }
}

/** Layers with equal values of their own, as PyTorch's deep copies have. */
function copies<Layer extends Block>(layer: Layer, count: number): ModuleList<Layer> {
  return new ModuleList(Array.from({ length: count }, () => deepcopy(layer)));
}

export interface TransformerOptions extends TransformerLayerOptions {
  /** Width of the model. Default 512. (PyTorch: `d_model`) */
  dModel?: number;
  /** Heads. Default 8. */
  nhead?: number;
  /** Default 6. (PyTorch: `num_encoder_layers`) */
  numEncoderLayers?: number;
  /** Default 6. (PyTorch: `num_decoder_layers`) */
  numDecoderLayers?: number;
  /** Used instead of the encoder. (PyTorch: `custom_encoder`) */
  customEncoder?: TransformerEncoder | null;
  /** Used instead of the decoder. (PyTorch: `custom_decoder`) */
  customDecoder?: TransformerDecoder | null;
}

export interface TransformerCall extends Omit<DecoderLayerCall, 'tgtIsCausal'> {
  /** Mask of the encoder. (PyTorch: `src_mask`) */
  srcMask?: Tensor | null;
  /** (PyTorch: `src_key_padding_mask`) */
  srcKeyPaddingMask?: Tensor | null;
  /** A hint that `srcMask` is causal. (PyTorch: `src_is_causal`) */
  srcIsCausal?: boolean | null;
  /** A hint that `tgtMask` is causal. (PyTorch: `tgt_is_causal`) */
  tgtIsCausal?: boolean | null;
}

const order = [
  'dModel',
  'nhead',
  'numEncoderLayers',
  'numDecoderLayers',
  'dimFeedforward',
  'dropout',
  'activation',
  'customEncoder',
  'customDecoder',
  'layerNormEps',
  'batchFirst',
  'normFirst',
  'bias',
] as const;
const callOrder = [
  'srcMask',
  'tgtMask',
  'memoryMask',
  'srcKeyPaddingMask',
  'tgtKeyPaddingMask',
  'memoryKeyPaddingMask',
  'srcIsCausal',
  'tgtIsCausal',
  'memoryIsCausal',
] as const;

/**
 * Encoder and decoder: src [S, N, dModel] and tgt [T, N, dModel] -> [T, N, dModel]; [N, S, dModel] and so on with
 * `batchFirst`. (PyTorch: `torch.nn.Transformer`)
 */
export class Transformer extends Block {
  declare encoder: TransformerEncoder;
  declare decoder: TransformerDecoder;
  readonly dModel: number;
  readonly nhead: number;
  readonly batchFirst: boolean;

  constructor(...args: Trailing<TransformerOptions, typeof order>) {
    super();
    const {
      dModel = 512,
      nhead = 8,
      numEncoderLayers = 6,
      numDecoderLayers = 6,
      customEncoder = null,
      customDecoder = null,
      ...layer
    } = readTrailing<TransformerOptions>('Transformer', args, order, ['dtype', 'device']);
    const { layerNormEps: eps = 1e-5, bias = true, dtype, device } = layer;
    const norm = (): LayerNorm => new LayerNorm(dModel, { eps, bias, dtype, device });
    this.encoder =
      customEncoder ??
      new TransformerEncoder(new TransformerEncoderLayer(dModel, nhead, layer), numEncoderLayers, { norm: norm() });
    this.decoder =
      customDecoder ??
      new TransformerDecoder(new TransformerDecoderLayer(dModel, nhead, layer), numDecoderLayers, { norm: norm() });
    this.dModel = dModel;
    this.nhead = nhead;
    this.batchFirst = layer.batchFirst ?? false;
    this.resetParameters();
  }

  /** Draws all matrices. (PyTorch: `_reset_parameters`) */
  resetParameters(): void {
    for (const parameter of this.parameters()) if (parameter.ndim > 1) xavierUniform_(parameter);
  }

  override forward(src: Tensor, tgt: Tensor, ...args: CallArguments<TransformerCall>): Tensor {
    const {
      srcMask: mask = null,
      srcKeyPaddingMask = null,
      srcIsCausal: isCausal = null,
      tgtIsCausal,
      ...rest
    } = readTrailing<TransformerCall>('Transformer', args, callOrder);
    const axis = this.batchFirst ? 0 : 1;
    if (src.ndim === 3 && src.shape[axis] !== tgt.shape[axis])
      throw new ShapeError('the batch number of src and tgt must be equal');
    if (src.shape.at(-1) !== this.dModel || tgt.shape.at(-1) !== this.dModel)
      throw new ShapeError('the feature number of src and tgt must be equal to d_model');
    const memory = this.encoder(src, { mask, srcKeyPaddingMask, isCausal });
    return this.decoder(tgt, memory, { ...rest, tgtIsCausal: tgtIsCausal === true });
  }

  /** [size, size]: -Infinity where a position comes later, 0 elsewhere. (PyTorch: `generate_square_subsequent_mask`) */
  static generateSquareSubsequentMask(size: number, options: Pick<TensorOptions, 'dtype' | 'device'> = {}): Tensor {
    const rows = Array.from({ length: size }, (_, i) =>
      Array.from({ length: size }, (_unused, j) => (j > i ? Number.NEGATIVE_INFINITY : 0)),
    );
    return tensor(rows, { dtype: 'float32', ...options });
  }

  /** See the static method. (PyTorch: `generate_square_subsequent_mask`) */
  generateSquareSubsequentMask(size: number, options: Pick<TensorOptions, 'dtype' | 'device'> = {}): Tensor {
    return Transformer.generateSquareSubsequentMask(size, options);
  }
}
