import { ChimeraError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { NeedingTwo } from '../arguments.ts';
import { readArguments, readTrailing } from '../arguments.ts';
import { Block } from '../block.ts';
import { gelu, relu } from '../functional/activation.ts';
import type { CallArguments } from './call-arguments.ts';
import { Dropout } from './dropout.ts';
import type { FactoryOptions } from './linear.ts';
import { Linear } from './linear.ts';
import { MultiheadAttention } from './multihead-attention.ts';
import { LayerNorm } from './normalization.ts';

/** A function or a block that is applied to each element. */
export type TransformerActivation = 'relu' | 'gelu' | ((x: Tensor) => Tensor);

export interface TransformerLayerOptions extends FactoryOptions {
  /** Width between the two linear layers. Default 2048. (PyTorch: `dim_feedforward`) */
  dimFeedforward?: number;
  /** Default 0.1. */
  dropout?: number;
  /** `'relu'`, `'gelu'`, a function or a block. Default `'relu'`. */
  activation?: TransformerActivation;
  /** Default 1e-5. (PyTorch: `layer_norm_eps`) */
  layerNormEps?: number;
  /** Inputs are [N, L, E] instead of [L, N, E]. Default false. (PyTorch: `batch_first`) */
  batchFirst?: boolean;
  /** Normalise what goes into attention and feedforward instead of what comes out. Default false. (PyTorch: `norm_first`) */
  normFirst?: boolean;
  /** Learn biases. Default true. */
  bias?: boolean;
}

/** The order of the trailing arguments of transformer layers. */
export type TransformerLayerOrder = [
  'dimFeedforward',
  'dropout',
  'activation',
  'layerNormEps',
  'batchFirst',
  'normFirst',
  'bias',
];
interface LayerSizes {
  dModel: number;
  nhead: number;
}
const order = ['dimFeedforward', 'dropout', 'activation', 'layerNormEps', 'batchFirst', 'normFirst', 'bias'] as const;

const activations = { relu: (x: Tensor) => relu(x), gelu: (x: Tensor) => gelu(x) } as const;

function activationOf(activation: TransformerActivation): (x: Tensor) => Tensor {
  if (typeof activation === 'function') return activation;
  const found = activations[activation];
  if (found === undefined) throw new ChimeraError(`activation should be relu/gelu, not ${activation}`);
  return found;
}

function plus(x: Tensor, y: Tensor): Tensor {
  return wrap(b.add(x.node, y.node));
}

export interface EncoderLayerCall {
  /** As `attnMask` of MultiheadAttention. (PyTorch: `src_mask`) */
  srcMask?: Tensor | null;
  /** As `keyPaddingMask` of MultiheadAttention. (PyTorch: `src_key_padding_mask`) */
  srcKeyPaddingMask?: Tensor | null;
  /** A hint that `srcMask` is causal. Default false. (PyTorch: `is_causal`) */
  isCausal?: boolean;
}

/**
 * Self attention and a feedforward network, each added to its input and normalised; src [L, N, dModel].
 * (PyTorch: `torch.nn.TransformerEncoderLayer`)
 */
export class TransformerEncoderLayer extends Block {
  readonly normFirst: boolean;
  readonly batchFirst: boolean;
  declare self_attn: MultiheadAttention;
  declare linear1: Linear;
  declare dropout: Dropout;
  declare linear2: Linear;
  declare norm1: LayerNorm;
  declare norm2: LayerNorm;
  declare dropout1: Dropout;
  declare dropout2: Dropout;
  declare activation: (x: Tensor) => Tensor;

  constructor(...args: NeedingTwo<'dModel', number, 'nhead', number, TransformerLayerOptions, TransformerLayerOrder>) {
    super();
    const {
      dModel,
      nhead,
      dimFeedforward = 2048,
      dropout = 0.1,
      activation = 'relu',
      layerNormEps: eps = 1e-5,
      batchFirst = false,
      normFirst = false,
      bias = true,
      dtype,
      device,
    } = readArguments<LayerSizes, TransformerLayerOptions>(
      'TransformerEncoderLayer',
      args,
      ['dModel', 'nhead'],
      order,
      ['dtype', 'device'],
    );
    this.normFirst = normFirst;
    this.batchFirst = batchFirst;
    this.self_attn = new MultiheadAttention(dModel, nhead, { dropout, bias, batchFirst, dtype, device });
    this.linear1 = new Linear(dModel, dimFeedforward, { bias, dtype, device });
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel, { bias, dtype, device });
    this.norm1 = new LayerNorm(dModel, { eps, bias, dtype, device });
    this.norm2 = new LayerNorm(dModel, { eps, bias, dtype, device });
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.activation = activationOf(activation);
  }

  override forward(src: Tensor, ...args: CallArguments<EncoderLayerCall>): Tensor {
    const {
      srcMask: attnMask = null,
      srcKeyPaddingMask: keyPaddingMask = null,
      isCausal = false,
    } = readTrailing<EncoderLayerCall>('TransformerEncoderLayer', args, ['srcMask', 'srcKeyPaddingMask', 'isCausal']);
    const attend = (x: Tensor): Tensor =>
      this.dropout1(this.self_attn(x, x, x, { attnMask, keyPaddingMask, needWeights: false, isCausal })[0]);
    const feed = (x: Tensor): Tensor => this.dropout2(this.linear2(this.dropout(this.activation(this.linear1(x)))));
    if (this.normFirst) {
      const x = plus(src, attend(this.norm1(src)));
      return plus(x, feed(this.norm2(x)));
    }
    const x = this.norm1(plus(src, attend(src)));
    return this.norm2(plus(x, feed(x)));
  }
}

export interface DecoderLayerCall {
  /** Mask of the self attention. (PyTorch: `tgt_mask`) */
  tgtMask?: Tensor | null;
  /** Mask of the attention to the memory. (PyTorch: `memory_mask`) */
  memoryMask?: Tensor | null;
  /** (PyTorch: `tgt_key_padding_mask`) */
  tgtKeyPaddingMask?: Tensor | null;
  /** (PyTorch: `memory_key_padding_mask`) */
  memoryKeyPaddingMask?: Tensor | null;
  /** A hint that `tgtMask` is causal. Default false. (PyTorch: `tgt_is_causal`) */
  tgtIsCausal?: boolean;
  /** A hint that `memoryMask` is causal. Default false. (PyTorch: `memory_is_causal`) */
  memoryIsCausal?: boolean;
}

const callOrder = [
  'tgtMask',
  'memoryMask',
  'tgtKeyPaddingMask',
  'memoryKeyPaddingMask',
  'tgtIsCausal',
  'memoryIsCausal',
] as const;

/**
 * Self attention, attention to the encoder's output and a feedforward network, each added to its input and normalised;
 * tgt [T, N, dModel], memory [S, N, dModel]. (PyTorch: `torch.nn.TransformerDecoderLayer`)
 */
export class TransformerDecoderLayer extends Block {
  readonly normFirst: boolean;
  readonly batchFirst: boolean;
  declare self_attn: MultiheadAttention;
  declare multihead_attn: MultiheadAttention;
  declare linear1: Linear;
  declare dropout: Dropout;
  declare linear2: Linear;
  declare norm1: LayerNorm;
  declare norm2: LayerNorm;
  declare norm3: LayerNorm;
  declare dropout1: Dropout;
  declare dropout2: Dropout;
  declare dropout3: Dropout;
  declare activation: (x: Tensor) => Tensor;

  constructor(...args: NeedingTwo<'dModel', number, 'nhead', number, TransformerLayerOptions, TransformerLayerOrder>) {
    super();
    const {
      dModel,
      nhead,
      dimFeedforward = 2048,
      dropout = 0.1,
      activation = 'relu',
      layerNormEps: eps = 1e-5,
      batchFirst = false,
      normFirst = false,
      bias = true,
      dtype,
      device,
    } = readArguments<LayerSizes, TransformerLayerOptions>(
      'TransformerDecoderLayer',
      args,
      ['dModel', 'nhead'],
      order,
      ['dtype', 'device'],
    );
    this.normFirst = normFirst;
    this.batchFirst = batchFirst;
    this.self_attn = new MultiheadAttention(dModel, nhead, { dropout, bias, batchFirst, dtype, device });
    this.multihead_attn = new MultiheadAttention(dModel, nhead, { dropout, bias, batchFirst, dtype, device });
    this.linear1 = new Linear(dModel, dimFeedforward, { bias, dtype, device });
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel, { bias, dtype, device });
    this.norm1 = new LayerNorm(dModel, { eps, bias, dtype, device });
    this.norm2 = new LayerNorm(dModel, { eps, bias, dtype, device });
    this.norm3 = new LayerNorm(dModel, { eps, bias, dtype, device });
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.dropout3 = new Dropout(dropout);
    this.activation = activationOf(activation);
  }

  override forward(tgt: Tensor, memory: Tensor, ...args: CallArguments<DecoderLayerCall>): Tensor {
    const call = readTrailing<DecoderLayerCall>('TransformerDecoderLayer', args, callOrder);
    const {
      tgtMask = null,
      memoryMask = null,
      tgtKeyPaddingMask = null,
      memoryKeyPaddingMask = null,
      tgtIsCausal = false,
      memoryIsCausal = false,
    } = call;
    const attend = (x: Tensor): Tensor =>
      this.dropout1(
        this.self_attn(x, x, x, {
          attnMask: tgtMask,
          keyPaddingMask: tgtKeyPaddingMask,
          needWeights: false,
          isCausal: tgtIsCausal,
        })[0],
      );
    const look = (x: Tensor): Tensor =>
      this.dropout2(
        this.multihead_attn(x, memory, memory, {
          attnMask: memoryMask,
          keyPaddingMask: memoryKeyPaddingMask,
          needWeights: false,
          isCausal: memoryIsCausal,
        })[0],
      );
    const feed = (x: Tensor): Tensor => this.dropout3(this.linear2(this.dropout(this.activation(this.linear1(x)))));
    if (this.normFirst) {
      const x = plus(tgt, attend(this.norm1(tgt)));
      const y = plus(x, look(this.norm2(x)));
      return plus(y, feed(this.norm3(y)));
    }
    const x = this.norm1(plus(tgt, attend(tgt)));
    const y = this.norm2(plus(x, look(x)));
    return this.norm3(plus(y, feed(y)));
  }
}
