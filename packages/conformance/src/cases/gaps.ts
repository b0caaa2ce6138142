import type { KnownGap } from '../runner/gaps.ts';

function gaps(device: string, reason: string, cases: readonly string[]): KnownGap[] {
  return cases.map((name) => ({ device, case: `cases/${name}`, reason }));
}

/** Golden cases that a device is known to fail. They are still run: one that passes must leave this list. */
export const caseGaps: readonly KnownGap[] = [
  ...gaps(
    '*onnxruntime-web:webgpu',
    'shader compilers may assume that numbers are finite: NaN and infinities are not kept',
    [
      'elementwise/exp/edges',
      'elementwise/exp2/edges',
      'elementwise/log/edges',
      'elementwise/log2/edges',
      'elementwise/log10/edges',
      'elementwise/acosh/edges',
      'elementwise/sigmoid/edges',
      'elementwise/erf/edges',
      'elementwise/erfc/edges',
      'elementwise/relu/edges',
      'elementwise/pow/edges',
      'elementwise/xlogy/edges',
      'layers-activation/ReLU/edges',
      'layers-activation/ELU/edges',
      'layers-activation/CELU/edges',
      'layers-activation/SELU/edges',
      'layers-activation/Sigmoid/edges',
      'layers-activation/Softmin/infinite',
      'layers-attention/MultiheadAttention/lost-rows-weights',
      'layers-attention/MultiheadAttention/lost-batch-weights',
      'layers-attention/MultiheadAttention/lost-rows-heads',
      'layers-attention/MultiheadAttention/lost-batch-heads',
      'layers-pooling/MaxPool2d/nan',
      'reduction/max/nan',
      'reduction/min/nan',
      'reduction/median/nan',
      'reduction/nanmedian/nan-dim',
      'reduction/argmax/nan',
      'reduction/argmin/nan',
      'non-finite/unary/exp2/special',
      'non-finite/unary/log2/special',
      'non-finite/binary/pow/zeroint-special',
      'non-finite/binary/ldexp/si-special',
      'second-derivatives/pow/1.5',
      'second-derivatives/pow/0.001',
      'second-derivatives/pow/0.001-negative',
      'integration/nanquantile/linear',
      'integration/nanquantile/lower',
      'integration/nanquantile/midpoint',
      'integration/nanquantile/nearest',
      'integration/nanquantile/levels',
      'integration/nanquantile/positional',
      'integration/quantile/nan',
      'sorting/sort/nan',
      'sorting/sort/nan-descending',
    ],
  ),
  ...gaps('*onnxruntime-web:webgpu', 'sines and cosines of large numbers are coarse in shaders', [
    'elementwise/sinc/edges',
  ]),
];

/** What TensorFlow's graphs do otherwise than its single operations; `tfjsNode` runs graphs from a program's eleventh run on. */
export const compiledGraphGaps: readonly KnownGap[] = gaps(
  'tfjs-node:cpu',
  "TensorFlow's graph optimizer replaces kernels by ones that lose NaN",
  ['layers-activation/Softmin/infinite', 'layers-pooling/MaxPool2d/nan'],
);
