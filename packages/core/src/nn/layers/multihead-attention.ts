import { ChimeraError, ShapeError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import { sameShape } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { zeros } from '../../tensor/creation.ts';
import { declareOrder } from '../../tensor/memory-order.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { Block } from '../block.ts';
import { attend, requireMask } from '../functional/attention-weights.ts';
import { torchSize } from '../functional/reduction.ts';
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

const order = ['dropout', 'bias', 'addBiasKv', 'addZeroAttn', 'kdim', 'vdim', 'batchFirst'] as const;
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
    embedDim: number,
    numHeads: number,
    ...args: Trailing<
      MultiheadAttentionOptions,
      ['dropout', 'bias', 'addBiasKv', 'addZeroAttn', 'kdim', 'vdim', 'batchFirst']
    >
  ) {
    super();
    const {
      dropout = 0,
      bias = true,
      addBiasKv = false,
      addZeroAttn = false,
      kdim = null,
      vdim = null,
      batchFirst = false,
      dtype,
      device,
    } = readTrailing<MultiheadAttentionOptions>('MultiheadAttention', args, order, ['dtype', 'device']);
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
    const isBatched = checkRanks(q, k, v, keyPaddingMask, attnMask);
    if (isCausal && attnMask === null)
      throw new ChimeraError(
        'Need attn_mask if specifying the is_causal hint. You may use the Transformer module method `generate_square_subsequent_mask` to create this mask.',
      );
    const { embedDim: size, numHeads: heads, headDim, batchFirst } = this;
    // Positions and batch of [L, N, E], [N, L, E] or [L, E].
    const places = (x: Node): [length: number, batch: number] =>
      isBatched ? (batchFirst ? [x.shape[1]!, x.shape[0]!] : [x.shape[0]!, x.shape[1]!]) : [x.shape[0]!, 1];
    const [length, batch] = places(q);
    const [keys] = places(k);
    if (q.shape.at(-1) !== size)
      throw new ShapeError(`was expecting embedding dimension of ${size}, but got ${q.shape.at(-1)}`);
    if (this.in_proj_weight === null) {
      if (!sameShape(k.shape.slice(0, 2), v.shape.slice(0, 2)))
        throw new ShapeError(
          `key's sequence and batch dims ${torchSize(k.shape.slice(0, 2))} do not match value's ${torchSize(v.shape.slice(0, 2))}`,
        );
    } else if (!sameShape(k.shape, v.shape))
      throw new ShapeError(`key shape ${torchSize(k.shape)} does not match value shape ${torchSize(v.shape)}`);

    // [N, heads, positions, headDim]
    const apart = (x: Value, positions: number): Value =>
      isBatched && !batchFirst
        ? b.permute(b.reshape(x, [positions, batch, heads, headDim]), [1, 2, 0, 3])
        : b.permute(b.reshape(x, [batch, positions, heads, headDim]), [0, 2, 1, 3]);
    const [projectedQ, projectedK, projectedV] = project(this, q, k, v);
    const headsOfQ = apart(projectedQ, length);
    let headsOfK = apart(projectedK, keys);
    let headsOfV = apart(projectedV, keys);
    let added = 0;
    const extend = (x: Value, row: Value): Value => b.concat([x, b.broadcastTo(row, [batch, heads, 1, headDim])], 2);
    if (this.bias_k !== null && this.bias_v !== null) {
      headsOfK = extend(headsOfK, b.reshape(this.bias_k.node, [1, heads, 1, headDim]));
      headsOfV = extend(headsOfV, b.reshape(this.bias_v.node, [1, heads, 1, headDim]));
      added++;
    }
    if (this.addZeroAttn) {
      headsOfK = b.pad(headsOfK, [0, 0, 0, 0], [0, 0, 1, 0]);
      headsOfV = b.pad(headsOfV, [0, 0, 0, 0], [0, 0, 1, 0]);
      added++;
    }
    const masks = masksOf(attnMask, keyPaddingMask, { batch, heads, length, keys, added, isBatched });
    const { output, weights } = attend(headsOfQ, headsOfK, headsOfV, {
      scale: 1 / Math.sqrt(headDim),
      masks,
      dropout: this.training ? this.dropout : 0,
      isSafe: !needWeights,
    });
    const isSecond = isBatched && !batchFirst;
    const joined = b.reshape(b.permute(output, isSecond ? [2, 0, 1, 3] : [0, 2, 1, 3]), [batch * length, size]);
    const product = b.matmul(joined, this.out_proj.weight.node, { transposeB: true });
    const result = b.reshape(this.out_proj.bias === null ? product : b.add(product, this.out_proj.bias.node), q.shape);
    // PyTorch computes [L, N, E] and gives a transposed view of it.
    if (isBatched && batchFirst) declareOrder(result, [1, 0, 2]);
    if (!needWeights) return [wrap(result), null];
    const seen = averageAttnWeights ? b.reduceMean(weights, [1]) : weights;
    return [wrap(result), wrap(isBatched ? seen : b.reshape(seen, seen.shape.slice(1)))];
  }
}

/** Flat projections [positions, E] of the inputs, in as few products as there are different inputs. */
function project(layer: MultiheadAttention, q: Node, k: Node, v: Node): [Value, Value, Value] {
  const size = layer.embedDim;
  const flat = (x: Node): Value =>
    b.reshape(x, [x.shape.slice(0, -1).reduce((rows, extent) => rows * extent, 1), x.shape.at(-1)!]);
  const bias = layer.in_proj_bias?.node ?? null;
  const together = (x: Node, weight: Value, from: number, count: number): Value[] => {
    const part = (value: Value): Value => b.narrow(value, 0, from * size, count * size);
    const product = b.matmul(flat(x), weight.shape[0] === 3 * size ? part(weight) : weight, { transposeB: true });
    const sum = bias === null ? product : b.add(product, part(bias));
    return Array.from({ length: count }, (_, i) => b.narrow(sum, 1, i * size, size));
  };
  const weight = layer.in_proj_weight?.node;
  if (weight === undefined)
    return [
      together(q, layer.q_proj_weight!.node, 0, 1)[0]!,
      together(k, layer.k_proj_weight!.node, 1, 1)[0]!,
      together(v, layer.v_proj_weight!.node, 2, 1)[0]!,
    ];
  if (q === k && k === v) return together(q, weight, 0, 3) as [Value, Value, Value];
  if (k === v) return [together(q, weight, 0, 1)[0]!, ...(together(k, weight, 1, 2) as [Value, Value])];
  return [together(q, weight, 0, 1)[0]!, together(k, weight, 1, 1)[0]!, together(v, weight, 2, 1)[0]!];
}

/** Whether there is a batch; throws PyTorch's texts for ranks that do not fit. */
function checkRanks(q: Node, k: Node, v: Node, keyPaddingMask: Tensor | null, attnMask: Tensor | null): boolean {
  const rank = q.shape.length;
  if (rank !== 2 && rank !== 3)
    throw new ShapeError(`query should be unbatched 2D or batched 3D tensor but received ${rank}-D query tensor`);
  const kind = rank === 3 ? 'batched (3-D)' : 'unbatched (2-D)';
  if (k.shape.length !== rank || v.shape.length !== rank)
    throw new ShapeError(
      `For ${kind} \`query\`, expected \`key\` and \`value\` to be ${rank}-D but found ${k.shape.length}-D and ${v.shape.length}-D tensors respectively`,
    );
  if (keyPaddingMask !== null && keyPaddingMask.ndim !== rank - 1)
    throw new ShapeError(
      `For ${kind} \`query\`, expected \`key_padding_mask\` to be \`None\` or ${rank - 1}-D but found ${keyPaddingMask.ndim}-D tensor instead`,
    );
  if (attnMask !== null && attnMask.ndim !== 2 && attnMask.ndim !== 3)
    throw new ShapeError(
      `For ${kind} \`query\`, expected \`attn_mask\` to be \`None\`, 2-D or 3-D but found ${attnMask.ndim}-D tensor instead`,
    );
  return rank === 3;
}

interface Extents {
  readonly batch: number;
  readonly heads: number;
  readonly length: number;
  readonly keys: number;
  readonly added: number;
  readonly isBatched: boolean;
}

/** Both masks, shaped to broadcast to [N, heads, L, S]; keys that were added are never masked. */
function masksOf(
  attnMask: Tensor | null,
  keyPaddingMask: Tensor | null,
  { batch, heads, length, keys, added, isBatched }: Extents,
): Value[] {
  const masks: Value[] = [];
  const widened = (mask: Value): Value => {
    if (added === 0) return mask;
    const last = mask.shape.length - 1;
    // Boolean values are not padded by every engine.
    const numbers = mask.dtype === 'bool' ? b.cast(mask, 'float32') : mask;
    const padded = b.pad(
      numbers,
      mask.shape.map(() => 0),
      mask.shape.map((_, i) => (i === last ? added : 0)),
    );
    return mask.dtype === 'bool' ? b.cast(padded, 'bool') : padded;
  };
  if (attnMask !== null) {
    const mask = requireMask('attn_mask', attnMask);
    const expected = mask.shape.length === 2 ? [length, keys] : [batch * heads, length, keys];
    if (!sameShape(mask.shape, expected))
      throw new ShapeError(
        `The shape of the ${mask.shape.length}D attn_mask is ${torchSize(mask.shape)}, but should be (${expected.join(', ')}).`,
      );
    masks.push(widened(mask.shape.length === 2 ? mask : b.reshape(mask, [batch, heads, length, keys])));
  }
  if (keyPaddingMask !== null) {
    const mask = requireMask('key_padding_mask', keyPaddingMask);
    if (isBatched && mask.shape[0] !== batch)
      throw new ShapeError(`Expected key_padded_mask.shape[0] to be ${batch}, but got ${mask.shape[0]}`);
    if (mask.shape.at(-1) !== keys)
      throw new ShapeError(`Expected key_padded_mask.shape[1] to be ${keys}, but got ${mask.shape.at(-1)}`);
    masks.push(widened(b.reshape(mask, [batch, 1, 1, keys])));
  }
  if (masks.length === 2 && masks[0]!.dtype === 'bool' && masks[1]!.dtype === 'bool')
    return [b.or(masks[0]!, masks[1]!)];
  return masks;
}
