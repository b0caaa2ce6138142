import { ChimeraError, DTypeError, ShapeError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import type { Value } from '../../graph/value.ts';
import { requireTensor } from '../../tensor/operand.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { attend, causalMask } from './attention-weights.ts';

export interface AttentionOptions {
  /** Of a shape that broadcasts to [..., L, S]: true where a query may attend, or numbers that are added. Default: none. (PyTorch: `attn_mask`) */
  attnMask?: Tensor | null;
  /** Probability that a weight is dropped. Default 0. (PyTorch: `dropout_p`) */
  dropoutP?: number;
  /** Query i attends to the keys 0 to i only. Default false. (PyTorch: `is_causal`) */
  isCausal?: boolean;
  /** Multiplies the products. Default 1 / sqrt(E). */
  scale?: number | null;
  /** Query heads share key heads in groups; heads are dimension -3. Default false. (PyTorch: `enable_gqa`) */
  enableGqa?: boolean;
}

/**
 * softmax(scale Q K^T + mask) V: query [..., L, E], key [..., S, E], value [..., S, Ev] -> [..., L, Ev]. A query that may attend
 * to nothing gives zeros. (PyTorch: `F.scaled_dot_product_attention`)
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  ...args: Trailing<AttentionOptions, ['attnMask', 'dropoutP', 'isCausal', 'scale', 'enableGqa']>
): Tensor {
  const {
    attnMask = null,
    dropoutP = 0,
    isCausal = false,
    scale = null,
    enableGqa = false,
  } = readTrailing<AttentionOptions>('scaled_dot_product_attention', args, [
    'attnMask',
    'dropoutP',
    'isCausal',
    'scale',
    'enableGqa',
  ]);
  const q = requireTensor('scaled_dot_product_attention', query);
  let k: Value = requireTensor('scaled_dot_product_attention', key);
  let v: Value = requireTensor('scaled_dot_product_attention', value);
  if (q.dtype !== k.dtype || q.dtype !== v.dtype)
    throw new DTypeError(
      `Expected query, key, and value to have the same dtype, but got query.dtype: ${q.dtype} key.dtype: ${k.dtype} and value.dtype: ${v.dtype} instead.`,
    );
  const ranks = [q.shape.length, k.shape.length, v.shape.length];
  if (ranks.some((rank) => rank < 2))
    throw new ShapeError(
      `Expected query, key, and value to all be  at least 2 dimensional, but got query.dim: ${ranks[0]} key.dim: ${ranks[1]} and value.dim: ${ranks[2]} instead.`,
    );
  if (isCausal && attnMask !== null)
    throw new ChimeraError('_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True');
  const size = q.shape.at(-1)!;
  if (k.shape.at(-1) !== size)
    throw new ShapeError(
      `scaled_dot_product_attention: query [${q.shape.join(', ')}] and key [${k.shape.join(', ')}] must have the same last dimension`,
    );
  if (v.shape.at(-2) !== k.shape.at(-2))
    throw new ShapeError(
      `scaled_dot_product_attention: key [${k.shape.join(', ')}] and value [${v.shape.join(', ')}] must have the same number of positions`,
    );
  if (enableGqa) [k, v] = [repeatHeads(q, k), repeatHeads(q, v)];
  let mask: Node | null = null;
  if (attnMask !== null) {
    mask = requireTensor('attn_mask', attnMask);
    if (mask.dtype !== 'bool' && mask.dtype !== q.dtype)
      throw new DTypeError(
        `Expected attn_mask dtype to be bool or float or to match query dtype, but got attn_mask.dtype: ${mask.dtype} and  query.dtype: ${q.dtype} instead.`,
      );
  }
  const masks = isCausal
    ? [causalMask(q.shape.at(-2)!, k.shape.at(-2)!)]
    : mask === null
      ? []
      : [mask.dtype === 'bool' ? b.not(mask) : mask];
  const { output } = attend(q, k, v, {
    scale: scale ?? 1 / Math.sqrt(size),
    masks,
    dropout: dropoutP,
    isSafe: !isCausal,
  });
  return wrap(output);
}

/** Each head as often as there are query heads for it. */
function repeatHeads(q: Value, x: Value): Value {
  const [wanted, heads] = [q.shape.at(-3), x.shape.at(-3)];
  if (wanted === undefined || heads === undefined || wanted === heads) return x;
  if (wanted % heads !== 0)
    throw new ShapeError(
      `Number of heads in key and value must divide the number of heads in query, got ${heads} and ${wanted}`,
    );
  const leading = x.shape.slice(0, -3);
  const last = x.shape.slice(-2);
  const wide = b.broadcastTo(b.reshape(x, [...leading, heads, 1, ...last]), [
    ...leading,
    heads,
    wanted / heads,
    ...last,
  ]);
  return b.reshape(wide, [...leading, wanted, ...last]);
}
