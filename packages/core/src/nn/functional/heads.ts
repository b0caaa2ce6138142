import { ChimeraError, ShapeError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import { sameShape } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { declareOrder } from '../../tensor/memory-order.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import { attend, causalMask, requireMask } from './attention-weights.ts';
import { torchSize } from './reduction.ts';

/** What attention by heads is computed with. */
export interface Heads {
  readonly embedDim: number;
  readonly numHeads: number;
  /** Inputs are [N, L, E] instead of [L, N, E]. */
  readonly batchFirst: boolean;
  /** The projections of query, key and value, one below the other; otherwise `weights`. */
  readonly weight: Node | null;
  readonly weights: readonly [Node, Node, Node] | null;
  readonly bias: Node | null;
  /** A further key and value. */
  readonly biasK: Node | null;
  readonly biasV: Node | null;
  readonly addZeroAttn: boolean;
  readonly dropout: number;
  readonly outWeight: Node;
  readonly outBias: Node | null;
  /** Keys and values [N heads, S, headDim] in place of the projected ones. */
  readonly staticK?: Node | null;
  readonly staticV?: Node | null;
  readonly keyPaddingMask: Tensor | null;
  readonly needWeights: boolean;
  readonly attnMask: Tensor | null;
  readonly averageAttnWeights: boolean;
  readonly isCausal: boolean;
}

/** Attention by heads, with its projections: output and weights. */
export function attendByHeads(q: Node, k: Node, v: Node, setup: Heads): [output: Tensor, weights: Tensor | null] {
  const { embedDim: size, numHeads: heads, batchFirst, biasK, biasV } = setup;
  const { keyPaddingMask, needWeights, attnMask, averageAttnWeights, isCausal } = setup;
  const isBatched = checkRanks(q, k, v, keyPaddingMask, attnMask);
  if (isCausal && attnMask === null)
    throw new ChimeraError(
      'Need attn_mask if specifying the is_causal hint. You may use the Transformer module method `generate_square_subsequent_mask` to create this mask.',
    );
  // Positions and batch of [L, N, E], [N, L, E] or [L, E].
  const places = (x: Node): [length: number, batch: number] =>
    isBatched ? (batchFirst ? [x.shape[1]!, x.shape[0]!] : [x.shape[0]!, x.shape[1]!]) : [x.shape[0]!, 1];
  const [length, batch] = places(q);
  const [keys] = places(k);
  checkSizes(q, k, v, setup);
  const headDim = size / heads;

  // [N, heads, positions, headDim]
  const apart = (x: Value, positions: number): Value =>
    isBatched && !batchFirst
      ? b.permute(b.reshape(x, [positions, batch, heads, headDim]), [1, 2, 0, 3])
      : b.permute(b.reshape(x, [batch, positions, heads, headDim]), [0, 2, 1, 3]);
  const [projectedQ, projectedK, projectedV] = project(q, k, v, setup);
  const headsOfQ = apart(projectedQ, length);
  let headsOfK = fixedHeads('static_k', setup.staticK, batch, heads, headDim) ?? apart(projectedK, keys);
  let headsOfV = fixedHeads('static_v', setup.staticV, batch, heads, headDim) ?? apart(projectedV, keys);
  const present = headsOfK.shape[2]!;
  let added = 0;
  const extend = (x: Value, row: Value): Value =>
    b.concat([x, b.broadcastTo(b.reshape(row, [1, heads, 1, headDim]), [batch, heads, 1, headDim])], 2);
  if (biasK !== null && biasV !== null) {
    headsOfK = extend(headsOfK, biasK);
    headsOfV = extend(headsOfV, biasV);
    added++;
  }
  if (setup.addZeroAttn) {
    headsOfK = b.pad(headsOfK, [0, 0, 0, 0], [0, 0, 1, 0]);
    headsOfV = b.pad(headsOfV, [0, 0, 0, 0], [0, 0, 1, 0]);
    added++;
  }
  // As PyTorch, which then takes the hint for the mask.
  const masks =
    isCausal && keyPaddingMask === null && !needWeights
      ? [causalMask(length, present + added)]
      : masksOf(attnMask, keyPaddingMask, { batch, heads, length, keys, present, added, isBatched });
  const { output, weights } = attend(headsOfQ, headsOfK, headsOfV, {
    scale: 1 / Math.sqrt(headDim),
    masks,
    dropout: setup.dropout,
    isSafe: !needWeights,
  });
  const isSecond = isBatched && !batchFirst;
  const joined = b.reshape(b.permute(output, isSecond ? [2, 0, 1, 3] : [0, 2, 1, 3]), [batch * length, size]);
  const product = b.matmul(joined, setup.outWeight, { transposeB: true });
  const result = b.reshape(setup.outBias === null ? product : b.add(product, setup.outBias), [
    ...q.shape.slice(0, -1),
    setup.outWeight.shape[0]!,
  ]);
  // PyTorch computes [L, N, E] and gives a transposed view of it.
  if (isBatched && batchFirst) declareOrder(result, [1, 0, 2]);
  if (!needWeights) return [wrap(result), null];
  const seen = averageAttnWeights ? b.reduceMean(weights, [1]) : weights;
  return [wrap(result), wrap(isBatched ? seen : b.reshape(seen, seen.shape.slice(1)))];
}

/** Keys or values that are given as heads, as [N, heads, S, headDim]. */
function fixedHeads(
  name: string,
  x: Node | null | undefined,
  batch: number,
  heads: number,
  headDim: number,
): Value | null {
  if (x === null || x === undefined) return null;
  if (x.shape.length !== 3)
    throw new ShapeError(`${name} must be [N * num_heads, S, head_dim], got ${torchSize(x.shape)}`);
  for (const [axis, extent] of [
    [0, batch * heads],
    [2, headDim],
  ] as const)
    if (x.shape[axis] !== extent)
      throw new ShapeError(`expecting ${name}.size(${axis}) of ${extent}, but got ${x.shape[axis]}`);
  return b.reshape(x, [batch, heads, x.shape[1]!, headDim]);
}

/** Throws PyTorch's texts for sizes that do not fit. */
function checkSizes(
  q: Node,
  k: Node,
  v: Node,
  { embedDim, numHeads, weights, biasK, biasV, staticK = null, staticV = null }: Heads,
): void {
  const found = q.shape.at(-1)!;
  if (found !== embedDim) throw new ShapeError(`was expecting embedding dimension of ${embedDim}, but got ${found}`);
  if (embedDim % numHeads !== 0) throw new ShapeError(`embed_dim ${embedDim} not divisible by num_heads ${numHeads}`);
  if (weights !== null) {
    if (!sameShape(k.shape.slice(0, 2), v.shape.slice(0, 2)))
      throw new ShapeError(
        `key's sequence and batch dims ${torchSize(k.shape.slice(0, 2))} do not match value's ${torchSize(v.shape.slice(0, 2))}`,
      );
  } else if (!sameShape(k.shape, v.shape))
    throw new ShapeError(`key shape ${torchSize(k.shape)} does not match value shape ${torchSize(v.shape)}`);
  if (biasK !== null && biasV === null) throw new ChimeraError('bias_k is set but bias_v is None');
  if (biasV !== null && biasK === null) throw new ChimeraError('bias_v is set but bias_k is None');
  if (biasK !== null && staticK !== null) throw new ChimeraError('bias cannot be added to static key.');
  if (biasV !== null && staticV !== null) throw new ChimeraError('bias cannot be added to static value.');
}

/** Flat projections [positions, E] of the inputs, in as few products as there are different inputs. */
function project(q: Node, k: Node, v: Node, { embedDim: size, weight, weights, bias }: Heads): [Value, Value, Value] {
  const flat = (x: Node): Value =>
    b.reshape(x, [x.shape.slice(0, -1).reduce((rows, extent) => rows * extent, 1), x.shape.at(-1)!]);
  const together = (x: Node, matrix: Value, from: number, count: number): Value[] => {
    const part = (value: Value): Value => b.narrow(value, 0, from * size, count * size);
    const product = b.matmul(flat(x), matrix.shape[0] === 3 * size ? part(matrix) : matrix, { transposeB: true });
    const sum = bias === null ? product : b.add(product, part(bias));
    return Array.from({ length: count }, (_, i) => b.narrow(sum, 1, i * size, size));
  };
  if (weights !== null)
    return [together(q, weights[0], 0, 1)[0]!, together(k, weights[1], 1, 1)[0]!, together(v, weights[2], 2, 1)[0]!];
  if (q === k && k === v) return together(q, weight!, 0, 3) as [Value, Value, Value];
  if (k === v) return [together(q, weight!, 0, 1)[0]!, ...(together(k, weight!, 1, 2) as [Value, Value])];
  return [together(q, weight!, 0, 1)[0]!, together(k, weight!, 1, 1)[0]!, together(v, weight!, 2, 1)[0]!];
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
  /** Keys that there are before any is added. */
  readonly present: number;
  readonly added: number;
  readonly isBatched: boolean;
}

/** Both masks, shaped to broadcast to [N, heads, L, S]; keys that were added are never masked. */
function masksOf(
  attnMask: Tensor | null,
  keyPaddingMask: Tensor | null,
  { batch, heads, length, keys, present, added, isBatched }: Extents,
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
        !isBatched && mask.shape.length === 3
          ? `Expected \`attn_mask\` shape to be (${expected.join(', ')}) but got ${torchSize(mask.shape)}`
          : `The shape of the ${mask.shape.length}D attn_mask is ${torchSize(mask.shape)}, but should be (${expected.join(', ')}).`,
      );
    masks.push(widened(mask.shape.length === 2 ? mask : b.reshape(mask, [batch, heads, length, keys])));
  }
  if (keyPaddingMask !== null) {
    const mask = requireMask('key_padding_mask', keyPaddingMask);
    if (isBatched && mask.shape[0] !== batch)
      throw new ShapeError(`Expected key_padded_mask.shape[0] to be ${batch}, but got ${mask.shape[0]}`);
    if (mask.shape.at(-1) !== present)
      throw new ShapeError(`Expected key_padded_mask.shape[1] to be ${present}, but got ${mask.shape.at(-1)}`);
    masks.push(widened(b.reshape(mask, [batch, 1, 1, present])));
  }
  if (masks.length === 2 && masks[0]!.dtype === 'bool' && masks[1]!.dtype === 'bool')
    return [b.or(masks[0]!, masks[1]!)];
  return masks;
}
