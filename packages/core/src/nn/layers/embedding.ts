import { ChimeraError, ShapeError } from '../../errors.ts';
import { getRngState, setRngState } from '../../random/default-generator.ts';
import { zeros } from '../../tensor/creation.ts';
import { hostNumbers } from '../../tensor/host-values.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { Block } from '../block.ts';
import type { BagMode } from '../functional/embedding-bag.ts';
import { embeddingBag } from '../functional/embedding-bag.ts';
import { refuseSparse } from '../functional/embedding-rows.ts';
import type { EmbeddingFunctionOptions } from '../functional/embedding.ts';
import { embedding } from '../functional/embedding.ts';
import { fillWith, normal_ } from '../init.ts';
import { Parameter } from '../parameter.ts';
import { pythonText } from '../python-text.ts';
import type { CallArguments } from './call-arguments.ts';
import type { FactoryOptions } from './linear.ts';

export interface EmbeddingOptions extends EmbeddingFunctionOptions, FactoryOptions {}

export interface PretrainedOptions extends EmbeddingFunctionOptions {
  /** Do not train the vectors. Default true. */
  freeze?: boolean;
}

type Order = ['paddingIdx', 'maxNorm', 'normType', 'scaleGradByFreq', 'sparse'];
const order: Readonly<Order> = ['paddingIdx', 'maxNorm', 'normType', 'scaleGradByFreq', 'sparse'];

/** A padding index from 0; throws PyTorch's text if there is no such row. */
function paddingOf(index: number | null, rows: number): number | null {
  if (index === null) return null;
  if (index >= rows || index < -rows) throw new ChimeraError('Padding_idx must be within num_embeddings');
  return index < 0 ? index + rows : index;
}

/** Builds something without moving the random stream on: what would have been drawn is replaced at once. */
function withoutDrawing<T>(build: () => T): T {
  const state = getRngState();
  try {
    return build();
  } finally {
    setRngState(state);
  }
}

/** Draws all rows from N(0, 1); the padding row becomes 0. */
function drawRows(weight: Parameter, padding: number | null): void {
  normal_(weight);
  if (padding === null) return;
  const [, size] = weight.shape as [number, number];
  const values = Float64Array.from(hostNumbers(weight.node)!);
  fillWith(weight, values.fill(0, padding * size, (padding + 1) * size));
}

/** A table of trained vectors: indices of any shape -> [..., embeddingDim]. (PyTorch: `torch.nn.Embedding`) */
export class Embedding extends Block {
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  readonly paddingIdx: number | null;
  readonly maxNorm: number | null;
  readonly normType: number;
  readonly scaleGradByFreq: boolean;
  declare weight: Parameter;

  constructor(numEmbeddings: number, embeddingDim: number, ...args: Trailing<EmbeddingOptions, Order>) {
    super();
    const {
      paddingIdx = null,
      maxNorm = null,
      normType = 2,
      scaleGradByFreq = false,
      sparse = false,
      dtype,
      device,
    } = readTrailing<EmbeddingOptions>('Embedding', args, order, ['dtype', 'device']);
    refuseSparse('Embedding', sparse);
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = paddingOf(paddingIdx, numEmbeddings);
    this.maxNorm = maxNorm;
    this.normType = normType;
    this.scaleGradByFreq = scaleGradByFreq;
    this.weight = new Parameter(zeros([numEmbeddings, embeddingDim], { dtype, device }));
    this.resetParameters();
  }

  /** Draws all vectors from N(0, 1); the padding vector becomes 0. (PyTorch: `reset_parameters`) */
  resetParameters(): void {
    drawRows(this.weight, this.paddingIdx);
  }

  override forward(input: Tensor): Tensor {
    const { paddingIdx, maxNorm, normType, scaleGradByFreq } = this;
    return embedding(input, this.weight, { paddingIdx, maxNorm, normType, scaleGradByFreq });
  }

  override extraRepr(): string {
    let text = `${this.numEmbeddings}, ${this.embeddingDim}`;
    if (this.paddingIdx !== null) text += `, padding_idx=${this.paddingIdx}`;
    if (this.maxNorm !== null) text += `, max_norm=${pythonText(this.maxNorm)}`;
    if (this.normType !== 2) text += `, norm_type=${pythonText(this.normType)}`;
    if (this.scaleGradByFreq) text += ', scale_grad_by_freq=True';
    return text;
  }

  /** A table with given vectors [V, D]. (PyTorch: `Embedding.from_pretrained`) */
  static fromPretrained(embeddings: Tensor, ...args: Trailing<PretrainedOptions, ['freeze', ...Order]>): Embedding {
    const { freeze = true, ...options } = readTrailing<PretrainedOptions>('Embedding.from_pretrained', args, [
      'freeze',
      ...order,
    ]);
    if (embeddings.ndim !== 2) throw new ShapeError('Embeddings parameter is expected to be 2-dimensional');
    const [rows, size] = embeddings.shape as [number, number];
    const layer = withoutDrawing(() => new Embedding(rows, size, options));
    layer.weight = new Parameter(embeddings, { requiresGrad: !freeze });
    return layer;
  }
}

export interface EmbeddingBagOptions extends EmbeddingFunctionOptions, FactoryOptions {
  /** Default `'mean'`. */
  mode?: BagMode;
  /** The last offset is the end of the last bag. Default false. (PyTorch: `include_last_offset`) */
  includeLastOffset?: boolean;
}

export interface PretrainedBagOptions extends Omit<EmbeddingBagOptions, keyof FactoryOptions> {
  /** Do not train the vectors. Default true. */
  freeze?: boolean;
}

type BagOrder = ['maxNorm', 'normType', 'scaleGradByFreq', 'mode', 'sparse'];
const bagOrder: Readonly<BagOrder> = ['maxNorm', 'normType', 'scaleGradByFreq', 'mode', 'sparse'];

export interface EmbeddingBagCall {
  /** Where each bag starts in an input of one dimension. */
  offsets?: Tensor | null;
  /** A factor for each row, for sums. (PyTorch: `per_sample_weights`) */
  perSampleWeights?: Tensor | null;
}

/** Sums, means or maxima of bags of vectors: [B, N], or [total] with offsets [B] -> [B, embeddingDim]. (PyTorch: `torch.nn.EmbeddingBag`) */
export class EmbeddingBag extends Block {
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  readonly paddingIdx: number | null;
  readonly maxNorm: number | null;
  readonly normType: number;
  readonly scaleGradByFreq: boolean;
  readonly mode: BagMode;
  readonly includeLastOffset: boolean;
  declare weight: Parameter;

  constructor(numEmbeddings: number, embeddingDim: number, ...args: Trailing<EmbeddingBagOptions, BagOrder>) {
    super();
    const {
      maxNorm = null,
      normType = 2,
      scaleGradByFreq = false,
      mode = 'mean',
      sparse = false,
      includeLastOffset = false,
      paddingIdx = null,
      dtype,
      device,
    } = readTrailing<EmbeddingBagOptions>('EmbeddingBag', args, bagOrder, [
      'includeLastOffset',
      'paddingIdx',
      'dtype',
      'device',
    ]);
    refuseSparse('EmbeddingBag', sparse);
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = paddingOf(paddingIdx, numEmbeddings);
    this.maxNorm = maxNorm;
    this.normType = normType;
    this.scaleGradByFreq = scaleGradByFreq;
    this.mode = mode;
    this.includeLastOffset = includeLastOffset;
    this.weight = new Parameter(zeros([numEmbeddings, embeddingDim], { dtype, device }));
    this.resetParameters();
  }

  /** Draws all vectors from N(0, 1); the padding vector becomes 0. (PyTorch: `reset_parameters`) */
  resetParameters(): void {
    drawRows(this.weight, this.paddingIdx);
  }

  override forward(input: Tensor, ...args: CallArguments<EmbeddingBagCall>): Tensor {
    const call = readTrailing<EmbeddingBagCall>('EmbeddingBag', args, ['offsets', 'perSampleWeights']);
    const { maxNorm, normType, scaleGradByFreq, mode, includeLastOffset, paddingIdx } = this;
    return embeddingBag(input, this.weight, {
      ...call,
      maxNorm,
      normType,
      scaleGradByFreq,
      mode,
      includeLastOffset,
      paddingIdx,
    });
  }

  override extraRepr(): string {
    let text = `${this.numEmbeddings}, ${this.embeddingDim}`;
    if (this.maxNorm !== null) text += `, max_norm=${pythonText(this.maxNorm)}`;
    if (this.normType !== 2) text += `, norm_type=${pythonText(this.normType)}`;
    if (this.scaleGradByFreq) text += ', scale_grad_by_freq=True';
    text += `, mode='${this.mode}'`;
    if (this.paddingIdx !== null) text += `, padding_idx=${this.paddingIdx}`;
    return text;
  }

  /** Bags of given vectors [V, D]. (PyTorch: `EmbeddingBag.from_pretrained`) */
  static fromPretrained(
    embeddings: Tensor,
    ...args: Trailing<PretrainedBagOptions, ['freeze', ...BagOrder]>
  ): EmbeddingBag {
    const { freeze = true, ...options } = readTrailing<PretrainedBagOptions>(
      'EmbeddingBag.from_pretrained',
      args,
      ['freeze', ...bagOrder],
      ['includeLastOffset', 'paddingIdx'],
    );
    if (embeddings.ndim !== 2) throw new ShapeError('Embeddings parameter is expected to be 2-dimensional');
    const [rows, size] = embeddings.shape as [number, number];
    const layer = withoutDrawing(() => new EmbeddingBag(rows, size, options));
    layer.weight = new Parameter(embeddings, { requiresGrad: !freeze });
    return layer;
  }
}
