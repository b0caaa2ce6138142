import type * as activation from './activation.ts';
import type * as arithmetic from './arithmetic.ts';
import type * as arrange from './arrange.ts';
import type * as assignment from './assignment.ts';
import type * as differentiation from './backward.ts';
import type * as bits from './bits.ts';
import type * as comparison from './comparison.ts';
import type * as conversion from './conversion.ts';
import type * as cumulative from './cumulative.ts';
import type * as determinant from './determinant.ts';
import type * as extremum from './extremum.ts';
import type * as factory from './factory.ts';
import type * as floatingParts from './floating-parts.ts';
import type * as format from './format.ts';
import type * as histograms from './histogram.ts';
import type * as indexing from './indexing.ts';
import type { NonzeroOptions } from './indexing.ts';
import type * as inplace from './inplace.ts';
import type * as inspection from './inspection.ts';
import type * as linear from './linear.ts';
import type * as matrices from './matrices.ts';
import type { Operand } from './operand.ts';
import type * as productInplace from './product-inplace.ts';
import type * as randomize from './randomize.ts';
import type { DimOptions, KeepdimOptions } from './reduction-options.ts';
import type * as reduction from './reduction.ts';
import type * as sampling from './sampling.ts';
import type * as scatter from './scatter.ts';
import type * as selection from './selection.ts';
import type * as shortTime from './short-time-fourier.ts';
import type * as sorting from './sorting.ts';
import type * as special from './special.ts';
import type * as split from './split.ts';
import type * as statistics from './statistics.ts';
import type * as strides from './strides.ts';
import type { Tensor } from './tensor.ts';
import type * as triangle from './triangle.ts';
import type * as unary from './unary.ts';
import type * as unique from './unique.ts';
import type { UniqueOptions } from './unique.ts';
import type { ValuesAndIndices } from './values-and-indices.ts';
import type * as view from './view.ts';
import type * as window from './window.ts';

/** A function of a tensor as a method of it. */
type Method<F> = F extends (self: infer _Self, ...rest: infer Rest extends readonly unknown[]) => infer Result
  ? (...rest: Rest) => Result
  : never;
type Methods<Module> = { [Name in keyof Module]: Method<Module[Name]> };

/** Methods whose result depends on their arguments: a mapped type would keep the last signature only. */
interface IndexingMethods extends Methods<Omit<typeof indexing, 'nonzero'>> {
  nonzero(options: { asTuple: true }): Promise<Tensor[]>;
  nonzero(options?: NonzeroOptions): Promise<Tensor>;
}

interface UniqueMethods extends Methods<Omit<typeof unique, 'unique' | 'uniqueConsecutive'>> {
  unique(options: UniqueOptions & ({ returnInverse: true } | { returnCounts: true })): Promise<Tensor[]>;
  unique(options?: UniqueOptions): Promise<Tensor>;
  unique(
    sorted: boolean,
    returnInverse?: boolean,
    returnCounts?: boolean,
    dim?: number | null,
  ): Promise<Tensor | Tensor[]>;
  uniqueConsecutive(options: UniqueOptions & ({ returnInverse: true } | { returnCounts: true })): Promise<Tensor[]>;
  uniqueConsecutive(options?: UniqueOptions): Promise<Tensor>;
}

/** A real tensor's angle; complex values are no tensors. */
interface ComplexMethods {
  angle(): Tensor;
  isreal(): Tensor;
}

type Extremes = Omit<typeof extremum, 'max' | 'min' | 'median' | 'nanmedian'>;

interface ExtremeMethods extends Methods<Extremes> {
  max(): Tensor;
  max(other: Tensor): Tensor;
  max(dim: number | (DimOptions & { dim: number }), options?: boolean | KeepdimOptions): ValuesAndIndices;
  min(): Tensor;
  min(other: Tensor): Tensor;
  min(dim: number | (DimOptions & { dim: number }), options?: boolean | KeepdimOptions): ValuesAndIndices;
  median(): Tensor;
  median(dim: number | (DimOptions & { dim: number }), options?: boolean | KeepdimOptions): ValuesAndIndices;
  nanmedian(): Tensor;
  nanmedian(dim: number | (DimOptions & { dim: number }), options?: boolean | KeepdimOptions): ValuesAndIndices;
}

interface SelectionMethods extends Methods<Omit<typeof selection, 'where'>> {
  /** The elements of this tensor where `condition` is true, of `other` elsewhere. (PyTorch: `Tensor.where`) */
  where(condition: Tensor, other: Operand): Tensor;
}

interface InspectionMethods extends Methods<Omit<typeof inspection, 'stride'>> {
  stride(): readonly number[];
  stride(dim: number): number;
}

/** Transposes that are read as properties, and iteration. */
export interface TransposeProperties {
  /** The tensors along the first dimension: `for (const row of x)`. (PyTorch: iteration over a tensor) */
  [Symbol.iterator](): IterableIterator<Tensor>;
  /** All dimensions in the opposite order. (PyTorch: `x.T`) */
  readonly T: Tensor;
  /** The last two dimensions swapped. (PyTorch: `x.mT`) */
  readonly mT: Tensor;
  /** A matrix transposed. (PyTorch: `x.H`, of real tensors) */
  readonly H: Tensor;
  /** The last two dimensions swapped. (PyTorch: `x.mH`, of real tensors) */
  readonly mH: Tensor;
}

/** Every operation as a method: `add(x, y)` is `x.add(y)`. */
export interface TensorMethods
  extends
    Methods<typeof arithmetic>,
    Methods<typeof unary>,
    Methods<typeof special>,
    Methods<typeof comparison>,
    Methods<typeof bits>,
    Methods<typeof activation>,
    SelectionMethods,
    Methods<typeof reduction>,
    Methods<typeof statistics>,
    Methods<typeof cumulative>,
    ComplexMethods,
    Methods<typeof floatingParts>,
    Methods<Pick<typeof histograms, 'histogram'>>,
    ExtremeMethods,
    Methods<typeof inplace>,
    InspectionMethods,
    Methods<typeof randomize>,
    Methods<Omit<typeof sampling, 'normal'>>,
    Methods<typeof factory>,
    Methods<typeof format>,
    Methods<typeof view>,
    Methods<typeof arrange>,
    Methods<typeof split>,
    Methods<typeof triangle>,
    IndexingMethods,
    Methods<typeof scatter>,
    Methods<typeof assignment>,
    UniqueMethods,
    Methods<typeof window>,
    Methods<typeof productInplace>,
    Methods<typeof determinant>,
    Methods<typeof matrices>,
    Methods<typeof strides>,
    Methods<typeof sorting>,
    Methods<Pick<typeof shortTime, 'stft'>>,
    Methods<typeof linear>,
    Methods<typeof conversion>,
    Methods<Pick<typeof differentiation, 'backward'>>,
    TransposeProperties {}
