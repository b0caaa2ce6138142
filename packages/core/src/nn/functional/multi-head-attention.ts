import { ChimeraError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { attendByHeads } from './heads.ts';

export interface MultiHeadAttentionForwardOptions {
  /** Whether weights are dropped. Default true. */
  training?: boolean;
  /** [N, S]: true where a key is padding, or numbers that are added. Default: none. (PyTorch: `key_padding_mask`) */
  keyPaddingMask?: Tensor | null;
  /** Also give the attention weights. Default true. (PyTorch: `need_weights`) */
  needWeights?: boolean;
  /** [L, S] or [N heads, L, S]: true where a query may not attend, or numbers that are added. Default: none. (PyTorch: `attn_mask`) */
  attnMask?: Tensor | null;
  /** Take `qProjWeight`, `kProjWeight` and `vProjWeight` in place of `inProjWeight`. Default false. */
  useSeparateProjWeight?: boolean;
  /** [E, E]. */
  qProjWeight?: Tensor | null;
  /** [E, size of keys]. */
  kProjWeight?: Tensor | null;
  /** [E, size of values]. */
  vProjWeight?: Tensor | null;
  /** [N heads, S, E / heads]: keys in place of the projected ones. */
  staticK?: Tensor | null;
  /** [N heads, S, E / heads]: values in place of the projected ones. */
  staticV?: Tensor | null;
  /** Give the mean of the weights over the heads. Default true. */
  averageAttnWeights?: boolean;
  /** A hint that `attnMask` is causal. Default false. */
  isCausal?: boolean;
}

const order = [
  'training',
  'keyPaddingMask',
  'needWeights',
  'attnMask',
  'useSeparateProjWeight',
  'qProjWeight',
  'kProjWeight',
  'vProjWeight',
  'staticK',
  'staticV',
  'averageAttnWeights',
  'isCausal',
] as const;

const name = 'multi_head_attention_forward';

function optional(tensor: Tensor | null | undefined): Node | null {
  return tensor === null || tensor === undefined ? null : requireTensor(name, tensor);
}

/**
 * What `nn.MultiheadAttention` computes, with all of its weights as arguments: query [L, N, E], key and value [S, N, ...], or
 * without N. Gives `[output, weights]`: output [L, N, E], weights [N, L, S], or [N, heads, L, S], or `null`.
 * (PyTorch: `F.multi_head_attention_forward`)
 */
export function multiHeadAttentionForward(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  embedDimToCheck: number,
  numHeads: number,
  inProjWeight: Tensor | null,
  inProjBias: Tensor | null,
  biasK: Tensor | null,
  biasV: Tensor | null,
  addZeroAttn: boolean,
  dropoutP: number,
  outProjWeight: Tensor,
  outProjBias: Tensor | null,
  ...options: Trailing<MultiHeadAttentionForwardOptions, typeof order>
): [output: Tensor, weights: Tensor | null] {
  const {
    training = true,
    keyPaddingMask = null,
    needWeights = true,
    attnMask = null,
    useSeparateProjWeight = false,
    averageAttnWeights = true,
    isCausal = false,
    ...others
  } = readTrailing<MultiHeadAttentionForwardOptions>(name, options, order);
  const weight = useSeparateProjWeight ? null : optional(inProjWeight);
  if (!useSeparateProjWeight && weight === null)
    throw new ChimeraError('use_separate_proj_weight is False but in_proj_weight is None');
  const separate = (['qProjWeight', 'kProjWeight', 'vProjWeight'] as const).map((key) => {
    const found = optional(others[key]);
    if (useSeparateProjWeight && found === null)
      throw new ChimeraError(`use_separate_proj_weight is True but ${key[0]}_proj_weight is None`);
    return found;
  });
  return attendByHeads(requireTensor(name, query), requireTensor(name, key), requireTensor(name, value), {
    embedDim: embedDimToCheck,
    numHeads,
    batchFirst: false,
    weight,
    weights: useSeparateProjWeight ? (separate as [Node, Node, Node]) : null,
    bias: optional(inProjBias),
    biasK: optional(biasK),
    biasV: optional(biasV),
    addZeroAttn,
    dropout: training ? dropoutP : 0,
    outWeight: requireTensor(name, outProjWeight),
    outBias: optional(outProjBias),
    staticK: optional(others.staticK),
    staticV: optional(others.staticV),
    keyPaddingMask,
    needWeights,
    attnMask,
    averageAttnWeights,
    isCausal,
  });
}
