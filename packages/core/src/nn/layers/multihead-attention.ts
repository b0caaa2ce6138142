import { ChimeraError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { zeros } from '../../tensor/creation.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { NeedingTwo } from '../arguments.ts';
import { readArguments, readTrailing } from '../arguments.ts';
import { Block } from '../block.ts';
import { attendByHeads } from '../functional/heads.ts';
import { xavierNormal_, xavierUniform_, zeros_ } from '../init.ts';
import { Parameter } from '../parameter.ts';
import type { CallArguments } from './call-arguments.ts';
import type { FactoryOptions } from './linear.ts';
import { Linear } from './linear.ts';

export interface MultiheadAttentionOptions extends FactoryOptions {
  /** Probability that a weight is dropped in training. Default 0. */
  dropout?: number;
  /** Learn biases. Default true. */
  bias?: boolean;
  /** Add a learned key and value. Default false. (PyTorch: `add_bias_kv`) */
  addBiasKv?: boolean;
  /** Add a key and a value of zeros. Default false. (PyTorch: `add_zero_attn`) */
  addZeroAttn?: boolean;
  /** Size of keys. Default embedDim. */
  kdim?: number | null;
  /** Size of values. Default embedDim. */
  vdim?: number | null;
  /** Inputs are [N, L, E] instead of [L, N, E]. Default false. (PyTorch: `batch_first`) */
  batchFirst?: boolean;
}

export interface MultiheadAttentionCall {
  /** [N, S]: true where a key is padding, or numbers that are added. Default: none. (PyTorch: `key_padding_mask`) */
  keyPaddingMask?: Tensor | null;
  /** Also give the attention weights. Default true. (PyTorch: `need_weights`) */
  needWeights?: boolean;
  /** [L, S] or [N heads, L, S]: true where a query may not attend, or numbers that are added. Default: none. (PyTorch: `attn_mask`) */
  attnMask?: Tensor | null;
  /** Give the mean of the weights over the heads. Default true. (PyTorch: `average_attn_weights`) */
  averageAttnWeights?: boolean;
  /** A hint that `attnMask` is causal; the mask is needed all the same. Default false. (PyTorch: `is_causal`) */
  isCausal?: boolean;
}

const order = ['dropout', 'bias', 'addBiasKv', 'addZeroAttn', 'kdim', 'vdim', 'batchFirst', 'device', 'dtype'] as const;
const callOrder = ['keyPaddingMask', 'needWeights', 'attnMask', 'averageAttnWeights', 'isCausal'] as const;

/** The projection of the heads' outputs, under the name that PyTorch prints. */
class NonDynamicallyQuantizableLinear extends Linear {}

/**
 * softmax(Q_h K_h^T / sqrt(E / heads) + mask) V_h per head h, of projections of query [L, N, E], key [S, N, kdim] and value
 * [S, N, vdim]; the heads are joined and projected. Gives `[output, weights]`: output [L, N, E], weights [N, L, S], or
 * [N, heads, L, S], or `null`. Without a batch, N is left out. (PyTorch: `torch.nn.MultiheadAttention`)
 */
export class MultiheadAttention extends Block {
  readonly embedDim: number;
  readonly numHeads: number;
  readonly headDim: number;
  readonly kdim: number;
  readonly vdim: number;
  readonly dropout: number;
  readonly batchFirst: boolean;
  readonly addZeroAttn: boolean;
  declare in_proj_weight: Parameter | null;
  declare q_proj_weight: Parameter | null;
  declare k_proj_weight: Parameter | null;
  declare v_proj_weight: Parameter | null;
  declare in_proj_bias: Parameter | null;
  declare bias_k: Parameter | null;
  declare bias_v: Parameter | null;
  declare out_proj: Linear;

  constructor(
    ...args: NeedingTwo<
      'embedDim',
      number,
      'numHeads',
      number,
      MultiheadAttentionOptions,
      ['dropout', 'bias', 'addBiasKv', 'addZeroAttn', 'kdim', 'vdim', 'batchFirst', 'device', 'dtype']
    >
  ) {
    super();
    const {
      embedDim,
      numHeads,
      dropout = 0,
      bias = true,
      addBiasKv = false,
      addZeroAttn = false,
      kdim = null,
      vdim = null,
      batchFirst = false,
      dtype,
      device,
    } = readArguments<{ embedDim: number; numHeads: number }, MultiheadAttentionOptions>(
      'MultiheadAttention',
      args,
      ['embedDim', 'numHeads'],
      order,
    );
    if (!(embedDim > 0) || !(numHeads > 0))
      throw new ChimeraError(
        `embed_dim and num_heads must be greater than 0, got embed_dim=${embedDim} and num_heads=${numHeads} instead`,
      );
    if (embedDim % numHeads !== 0) throw new ChimeraError('embed_dim must be divisible by num_heads');
    this.embedDim = embedDim;
    this.numHeads = numHeads;
    this.headDim = embedDim / numHeads;
    this.kdim = kdim ?? embedDim;
    this.vdim = vdim ?? embedDim;
    this.dropout = dropout;
    this.batchFirst = batchFirst;
    this.addZeroAttn = addZeroAttn;
    const parameter = (shape: number[]): Parameter => new Parameter(zeros(shape, { dtype, device }));
    const isOne = this.kdim === embedDim && this.vdim === embedDim;
    this.registerParameter('in_proj_weight', isOne ? parameter([3 * embedDim, embedDim]) : null);
    this.registerParameter('q_proj_weight', isOne ? null : parameter([embedDim, embedDim]));
    this.registerParameter('k_proj_weight', isOne ? null : parameter([embedDim, this.kdim]));
    this.registerParameter('v_proj_weight', isOne ? null : parameter([embedDim, this.vdim]));
    this.registerParameter('in_proj_bias', bias ? parameter([3 * embedDim]) : null);
    this.out_proj = new NonDynamicallyQuantizableLinear(embedDim, embedDim, { bias, dtype, device });
    this.registerParameter('bias_k', addBiasKv ? parameter([1, 1, embedDim]) : null);
    this.registerParameter('bias_v', addBiasKv ? parameter([1, 1, embedDim]) : null);
    this.resetParameters();
  }

  /** Draws the projections of the inputs; biases become 0. (PyTorch: `_reset_parameters`) */
  resetParameters(): void {
    for (const weight of [this.in_proj_weight, this.q_proj_weight, this.k_proj_weight, this.v_proj_weight])
      if (weight !== null) xavierUniform_(weight);
    if (this.in_proj_bias !== null) {
      zeros_(this.in_proj_bias);
      zeros_(this.out_proj.bias!);
    }
    for (const bias of [this.bias_k, this.bias_v]) if (bias !== null) xavierNormal_(bias);
  }

  get inProjWeight(): Parameter | null {
    return this.in_proj_weight;
  }
  get inProjBias(): Parameter | null {
    return this.in_proj_bias;
  }
  get outProj(): Linear {
    return this.out_proj;
  }

  override forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    ...args: CallArguments<MultiheadAttentionCall>
  ): [output: Tensor, weights: Tensor | null] {
    const call = readTrailing<MultiheadAttentionCall>('MultiheadAttention', args, callOrder);
    const {
      keyPaddingMask = null,
      needWeights = true,
      attnMask = null,
      averageAttnWeights = true,
      isCausal = false,
    } = call;
    const [q, k, v] = [query, key, value].map((x) => requireTensor('MultiheadAttention', x)) as [Node, Node, Node];
    return attendByHeads(q, k, v, {
      embedDim: this.embedDim,
      numHeads: this.numHeads,
      batchFirst: this.batchFirst,
      weight: this.in_proj_weight?.node ?? null,
      weights:
        this.in_proj_weight === null
          ? [this.q_proj_weight!.node, this.k_proj_weight!.node, this.v_proj_weight!.node]
          : null,
      bias: this.in_proj_bias?.node ?? null,
      biasK: this.bias_k?.node ?? null,
      biasV: this.bias_v?.node ?? null,
      addZeroAttn: this.addZeroAttn,
      dropout: this.training ? this.dropout : 0,
      outWeight: this.out_proj.weight.node,
      outBias: this.out_proj.bias?.node ?? null,
      keyPaddingMask,
      needWeights,
      attnMask,
      averageAttnWeights,
      isCausal,
    });
  }
}
