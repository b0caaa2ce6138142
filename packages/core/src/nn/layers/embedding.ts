import { ChimeraError, ShapeError } from '../../errors.ts';
import { zeros } from '../../tensor/creation.ts';
import { hostNumbers } from '../../tensor/host-values.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { NeedingTwo, Trailing } from '../arguments.ts';
import { readArguments, readTrailing } from '../arguments.ts';
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

interface GivenWeight {
  /** The table [V, D], in place of one that is drawn. Default: none. */
  _weight?: Tensor | null;
}

export interface EmbeddingOptions extends EmbeddingFunctionOptions, FactoryOptions, GivenWeight {
  /** Do not train the vectors. Default false. */
  _freeze?: boolean;
}

export interface PretrainedOptions extends EmbeddingFunctionOptions {
  /** Do not train the vectors. Default true. */
  freeze?: boolean;
}

interface TableSizes {
  numEmbeddings: number;
  embeddingDim: number;
}
const order = ['paddingIdx', 'maxNorm', 'normType', 'scaleGradByFreq', 'sparse'] as const;
type AllOrder = [...typeof order, '_weight', '_freeze', 'device', 'dtype'];

/** A padding index from 0; throws PyTorch's text if there is no such row. */
function paddingOf(index: number | null, rows: number): number | null {
  if (index === null) return null;
  if (index >= rows || index < -rows) throw new ChimeraError('Padding_idx must be within num_embeddings');
  return index < 0 ? index + rows : index;
}

/** The table that was given. Throws PyTorch's text for one of another shape. */
function givenTable(weight: Tensor, rows: number, size: number, trains: boolean): Parameter {
  if (weight.ndim !== 2 || weight.shape[0] !== rows || weight.shape[1] !== size)
    throw new ShapeError('Shape of weight does not match num_embeddings and embedding_dim');
  return new Parameter(weight, { requiresGrad: trains });
}

/** Draws all rows from N(0, 1); the padding row becomes 0. */
function drawRows(weight: Parameter, padding: number | null): void {
  normal_(weight);
  if (padding === null) return;
  const [, size] = weight.shape as [number, number];
  const known = hostNumbers(weight.node);
  if (known === null) return;
  const values = Float64Array.from(known);
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

  constructor(...args: NeedingTwo<'numEmbeddings', number, 'embeddingDim', number, EmbeddingOptions, AllOrder>) {
    super();
    const {
      numEmbeddings,
      embeddingDim,
      paddingIdx = null,
      maxNorm = null,
      normType = 2,
      scaleGradByFreq = false,
      sparse = false,
      _weight: given = null,
      _freeze: isFrozen = false,
      dtype,
      device,
    } = readArguments<TableSizes, EmbeddingOptions>(
      'Embedding',
      args,
      ['numEmbeddings', 'embeddingDim'],
      [...order, '_weight', '_freeze', 'device', 'dtype'],
    );
    refuseSparse('Embedding', sparse);
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = paddingOf(paddingIdx, numEmbeddings);
    this.maxNorm = maxNorm;
    this.normType = normType;
    this.scaleGradByFreq = scaleGradByFreq;
    if (given !== null) {
      this.weight = givenTable(given, numEmbeddings, embeddingDim, !isFrozen);
      return;
    }
    this.weight = new Parameter(zeros([numEmbeddings, embeddingDim], { dtype, device }), { requiresGrad: !isFrozen });
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
  static fromPretrained(
    embeddings: Tensor,
    ...args: Trailing<PretrainedOptions, ['freeze', ...typeof order]>
  ): Embedding {
    const { freeze = true, ...options } = readTrailing<PretrainedOptions>('Embedding.from_pretrained', args, [
      'freeze',
      ...order,
    ]);
    if (embeddings.ndim !== 2) throw new ShapeError('Embeddings parameter is expected to be 2-dimensional');
    const [rows, size] = embeddings.shape as [number, number];
    return new Embedding(rows, size, { ...options, _weight: embeddings, _freeze: freeze });
  }
}

export interface EmbeddingBagOptions extends EmbeddingFunctionOptions, FactoryOptions, GivenWeight {
  /** Default `'mean'`. */
  mode?: BagMode;
  /** The last offset is the end of the last bag. Default false. (PyTorch: `include_last_offset`) */
  includeLastOffset?: boolean;
}

export interface PretrainedBagOptions extends Omit<EmbeddingBagOptions, keyof FactoryOptions | '_weight'> {
  /** Do not train the vectors. Default true. */
  freeze?: boolean;
}

type AllBagOrder = [...typeof bagOrder, '_weight', 'includeLastOffset', 'paddingIdx', 'device', 'dtype'];
const bagOrder = ['maxNorm', 'normType', 'scaleGradByFreq', 'mode', 'sparse'] as const;

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

  constructor(...args: NeedingTwo<'numEmbeddings', number, 'embeddingDim', number, EmbeddingBagOptions, AllBagOrder>) {
    super();
    const {
      numEmbeddings,
      embeddingDim,
      maxNorm = null,
      normType = 2,
      scaleGradByFreq = false,
      mode = 'mean',
      sparse = false,
      includeLastOffset = false,
      paddingIdx = null,
      _weight: given = null,
      dtype,
      device,
    } = readArguments<TableSizes, EmbeddingBagOptions>(
      'EmbeddingBag',
      args,
      ['numEmbeddings', 'embeddingDim'],
      [...bagOrder, '_weight', 'includeLastOffset', 'paddingIdx', 'device', 'dtype'],
    );
    refuseSparse('EmbeddingBag', sparse);
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = paddingOf(paddingIdx, numEmbeddings);
    this.maxNorm = maxNorm;
    this.normType = normType;
    this.scaleGradByFreq = scaleGradByFreq;
    this.mode = mode;
    this.includeLastOffset = includeLastOffset;
    if (given !== null) {
      this.weight = givenTable(given, numEmbeddings, embeddingDim, true);
      return;
    }
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
    ...args: Trailing<PretrainedBagOptions, ['freeze', ...typeof bagOrder, 'includeLastOffset', 'paddingIdx']>
  ): EmbeddingBag {
    const { freeze = true, ...options } = readTrailing<PretrainedBagOptions>('EmbeddingBag.from_pretrained', args, [
      'freeze',
      ...bagOrder,
      'includeLastOffset',
      'paddingIdx',
    ]);
    if (embeddings.ndim !== 2) throw new ShapeError('Embeddings parameter is expected to be 2-dimensional');
    const [rows, size] = embeddings.shape as [number, number];
    const layer = new EmbeddingBag(rows, size, { ...options, _weight: embeddings });
    layer.weight.requiresGrad_(!freeze);
    return layer;
  }
}
