import { noGrad } from '../../autograd/mode.ts';
import { ChimeraError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import type { Value } from '../../graph/value.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import type { Block } from '../block.ts';
import { deepcopy } from '../copy.ts';
import type { BatchNorm } from '../layers/batch-norm.ts';
import { Parameter } from '../parameter.ts';

type Optional = Tensor | null;

/** A layer whose outputs batch normalisation can be folded into. */
type Foldable = Block & { weight: Parameter; bias: Parameter | null };

function fused(
  weight: Tensor,
  bias: Optional,
  mean: Tensor,
  variance: Tensor,
  eps: number,
  scale: Optional,
  shift: Optional,
  shape: readonly number[],
): [Parameter, Parameter] {
  const [made, added] = noGrad(() => {
    const { node } = variance;
    const root = b.div(b.like(node, 1), b.sqrt(b.add(node, b.like(node, eps))));
    const factor = scale === null ? root : b.mul(scale.node, root);
    const centred: Value = bias === null ? b.neg(mean.node) : b.sub(b.cast(bias.node, mean.dtype), mean.node);
    const moved = b.mul(centred, factor);
    const wide = b.reshape(factor, shape);
    return [
      wrap(b.cast(b.mul(b.cast(weight.node, wide.dtype), wide), weight.dtype)),
      wrap(b.cast(shift === null ? moved : b.add(moved, shift.node), bias?.dtype ?? weight.dtype)),
    ] as const;
  });
  return [
    new Parameter(made, { requiresGrad: weight.requiresGrad }),
    new Parameter(added, { requiresGrad: bias?.requiresGrad ?? false }),
  ];
}

/** Throws unless both layers are in evaluation mode and there are statistics to fold. */
function requireEval(layer: Block, norm: BatchNorm): { mean: Tensor; variance: Tensor } {
  if (layer.training || norm.training) throw new ChimeraError('Fusion only for eval!');
  const { running_mean: mean, running_var: variance } = norm;
  if (mean === null || variance === null) throw new ChimeraError('bn.running_mean and bn.running_var must not be None');
  return { mean, variance };
}

function withWeights<B extends Foldable>(layer: B, [weight, bias]: [Parameter, Parameter]): B {
  const copy = deepcopy(layer);
  copy.weight = weight;
  copy.bias = bias;
  return copy;
}

/**
 * Weight and bias of a convolution that does what convolution and batch normalisation do: W' = W s, b' = (b - mean) s + shift
 * with s = scale / sqrt(variance + eps). (PyTorch: `nn.utils.fuse_conv_bn_weights`)
 */
export function fuseConvBnWeights(
  convW: Tensor,
  convB: Optional,
  bnRm: Tensor,
  bnRv: Tensor,
  bnEps: number,
  bnW: Optional,
  bnB: Optional,
  ...options: Trailing<{ transpose?: boolean }, ['transpose']>
): [weight: Parameter, bias: Parameter] {
  const { transpose = false } = readTrailing<{ transpose?: boolean }>('fuseConvBnWeights', options, ['transpose']);
  const shape = convW.shape.map((_, i) => (i === (transpose ? 1 : 0) ? bnRm.numel() : 1));
  return fused(convW, convB, bnRm, bnRv, bnEps, bnW, bnB, shape);
}

/** A convolution that does what a convolution and the batch normalisation after it do in evaluation. (PyTorch: `nn.utils.fuse_conv_bn_eval`) */
export function fuseConvBnEval<B extends Foldable>(
  conv: B,
  bn: BatchNorm,
  ...options: Trailing<{ transpose?: boolean }, ['transpose']>
): B {
  const { mean, variance } = requireEval(conv, bn);
  return withWeights(
    conv,
    fuseConvBnWeights(conv.weight, conv.bias, mean, variance, bn.eps, bn.weight, bn.bias, ...options),
  );
}

/** As `fuseConvBnWeights`, for a linear layer. (PyTorch: `nn.utils.fuse_linear_bn_weights`) */
export function fuseLinearBnWeights(
  linearW: Tensor,
  linearB: Optional,
  bnRm: Tensor,
  bnRv: Tensor,
  bnEps: number,
  bnW: Optional,
  bnB: Optional,
): [weight: Parameter, bias: Parameter] {
  return fused(linearW, linearB, bnRm, bnRv, bnEps, bnW, bnB, [bnRm.numel(), 1]);
}

/** As `fuseConvBnEval`, for a linear layer. (PyTorch: `nn.utils.fuse_linear_bn_eval`) */
export function fuseLinearBnEval<B extends Foldable & { readonly outFeatures: number }>(linear: B, bn: BatchNorm): B {
  const { mean, variance } = requireEval(linear, bn);
  if (linear.outFeatures !== bn.numFeatures && bn.numFeatures !== 1)
    throw new ChimeraError(
      `To fuse, linear.out_features == bn.num_features or bn.num_features == 1, got linear.out_features=${linear.outFeatures} and bn.num_features=${bn.numFeatures}`,
    );
  return withWeights(
    linear,
    fuseLinearBnWeights(linear.weight, linear.bias, mean, variance, bn.eps, bn.weight, bn.bias),
  );
}
