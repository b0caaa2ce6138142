import * as activation from './activation.ts';
import { isreal } from './aliases.ts';
import * as arithmetic from './arithmetic.ts';
import * as arrange from './arrange.ts';
import * as assignment from './assignment.ts';
import { backward } from './backward.ts';
import * as bits from './bits.ts';
import * as comparison from './comparison.ts';
import { angle } from './complex.ts';
import * as conversion from './conversion.ts';
import * as cumulative from './cumulative.ts';
import * as determinant from './determinant.ts';
import * as extremum from './extremum.ts';
import * as factory from './factory.ts';
import * as floatingParts from './floating-parts.ts';
import * as format from './format.ts';
import { histogram } from './histogram.ts';
import * as indexing from './indexing.ts';
import * as inplace from './inplace.ts';
import * as inspection from './inspection.ts';
import * as linear from './linear.ts';
import * as matrices from './matrices.ts';
import type { Operand } from './operand.ts';
import * as productInplace from './product-inplace.ts';
import * as randomize from './randomize.ts';
import * as reduction from './reduction.ts';
import { bernoulli, multinomial, poisson } from './sampling.ts';
import * as scatter from './scatter.ts';
import * as selection from './selection.ts';
import { stft } from './short-time-fourier.ts';
import * as sorting from './sorting.ts';
import * as special from './special.ts';
import * as split from './split.ts';
import * as statistics from './statistics.ts';
import * as strides from './strides.ts';
import { Tensor } from './tensor.ts';
import { transposes } from './transposes.ts';
import * as triangle from './triangle.ts';
import * as unary from './unary.ts';
import * as unique from './unique.ts';
import * as view from './view.ts';
import * as window from './window.ts';

/** The tensor comes second in the function, but is the receiver of the method. */
function whereMethod(x: Tensor, condition: Tensor, other: Operand): Tensor {
  return selection.where(condition, x, other);
}

// The one place where functions become methods; `TensorMethods` has their types.
for (const family of [
  arithmetic,
  unary,
  special,
  comparison,
  bits,
  activation,
  { ...selection, where: whereMethod },
  reduction,
  statistics,
  cumulative,
  floatingParts,
  extremum,
  inplace,
  inspection,
  randomize,
  { bernoulli, multinomial, poisson },
  factory,
  format,
  view,
  arrange,
  split,
  triangle,
  indexing,
  scatter,
  assignment,
  unique,
  window,
  productInplace,
  determinant,
  matrices,
  strides,
  sorting,
  linear,
  conversion,
  { angle, isreal, histogram, stft },
  { backward },
])
  for (const [name, operation] of Object.entries(family))
    Object.defineProperty(Tensor.prototype, name, {
      configurable: true,
      writable: true,
      value(this: Tensor, ...rest: unknown[]) {
        return (operation as (...all: unknown[]) => unknown)(this, ...rest);
      },
    });

for (const [name, transpose] of Object.entries(transposes))
  Object.defineProperty(Tensor.prototype, name, {
    configurable: true,
    get(this: Tensor) {
      return transpose(this);
    },
  });

Object.defineProperty(Tensor.prototype, Symbol.iterator, {
  configurable: true,
  writable: true,
  value(this: Tensor) {
    if (this.shape.length === 0) throw new TypeError('iteration over a 0-d tensor');
    return split.unbind(this, 0).values();
  },
});
