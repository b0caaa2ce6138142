import { noGrad } from '../../autograd/mode.ts';
import { ShapeError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import { normalizeDim, sizeOf } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { randn } from '../../tensor/creation.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { Block } from '../block.ts';
import { TransposedConvolution } from '../layers/transposed-convolution.ts';
import { registerParametrization } from './parametrize.ts';

export { orthogonal } from './orthogonal.ts';
export type { OrthogonalMap, OrthogonalOptions } from './orthogonal.ts';

/** |x| over all dimensions but `dim`, which may be -1: over all. */
function normExcept(x: Value, dim: number): Value {
  const axes = x.shape.map((_, i) => i).filter((i) => i !== dim);
  return b.sqrt(b.reduceSum(b.mul(x, x), axes, true));
}

class WeightNorm extends Block {
  readonly dim: number;

  constructor(dim: number | null) {
    super();
    this.dim = dim ?? -1;
  }

  override forward(magnitude: Tensor, direction: Tensor): Tensor {
    return wrap(b.mul(direction.node, b.div(magnitude.node, normExcept(direction.node, this.dim))));
  }
  rightInverse(weight: Tensor): readonly Tensor[] {
    const norm = normExcept(weight.node, this.dim);
    return [wrap(this.dim === -1 ? b.reshape(norm, []) : norm), weight];
  }
}
Object.defineProperty(WeightNorm, 'name', { value: '_WeightNorm' });

export interface WeightNormOptions {
  /** The parameter. Default `'weight'`. */
  name?: string;
  /** The dimension whose slices have a magnitude each; `null`: one for all. Default 0. */
  dim?: number | null;
}

/** Trains magnitude and direction of a weight apart: w = g v / |v|. Returns the block. (PyTorch: `nn.utils.parametrizations.weight_norm`) */
export function weightNorm<B extends Block>(block: B, ...options: Trailing<WeightNormOptions, ['name', 'dim']>): B {
  const { name = 'weight', dim = 0 } = readTrailing<WeightNormOptions>('weightNorm', options, ['name', 'dim']);
  return registerParametrization(block, name, new WeightNorm(dim), { unsafe: true });
}

/** x / max(|x|, eps) of a column. */
function unit(x: Value, eps: number): Value {
  const norm = b.sqrt(b.reduceSum(b.mul(x, x), [0], true));
  return b.div(x, b.maximum(norm, b.like(x, eps)));
}

class SpectralNorm extends Block {
  readonly dim: number;
  readonly eps: number;
  readonly nPowerIterations: number;
  declare _u: Tensor;
  declare _v: Tensor;

  constructor(weight: Tensor, nPowerIterations: number, dim: number, eps: number) {
    super();
    if (!(nPowerIterations > 0))
      throw new RangeError(
        `Expected n_power_iterations to be positive, but got n_power_iterations=${nPowerIterations}`,
      );
    this.dim = normalizeDim(dim, weight.shape.length, 'spectralNorm');
    this.eps = eps;
    this.nPowerIterations = nPowerIterations;
    if (weight.shape.length < 2) return;
    const { dtype, device } = weight;
    const matrix = this.matrix(weight.node);
    const [h, w] = matrix.shape as [number, number];
    // Drawn in PyTorch's order.
    const u = randn([h], { dtype, device });
    const v = randn([w], { dtype, device });
    noGrad(() => {
      this.registerBuffer('_u', wrap(unit(u.node, eps)));
      this.registerBuffer('_v', wrap(unit(v.node, eps)));
      this.iterate(matrix, 15);
    });
  }

  /** The weight with `dim` first and the others flattened. */
  private matrix(weight: Value): Value {
    const order = [this.dim, ...weight.shape.map((_, i) => i).filter((i) => i !== this.dim)];
    const moved = b.permute(weight, order);
    return b.reshape(moved, [moved.shape[0]!, sizeOf(moved.shape.slice(1))]);
  }

  private iterate(matrix: Value, times: number): void {
    noGrad(() => {
      const [h, w] = matrix.shape as [number, number];
      let u: Value = this._u.node;
      let v: Value = this._v.node;
      for (let i = 0; i < times; i++) {
        u = unit(b.reshape(b.matmul(matrix, b.reshape(v, [w, 1])), [h]), this.eps);
        v = unit(b.reshape(b.matmul(matrix, b.reshape(u, [h, 1]), { transposeA: true }), [w]), this.eps);
      }
      this._u.assignValue(u as Node);
      this._v.assignValue(v as Node);
    });
  }

  override forward(weight: Tensor): Tensor {
    if (weight.shape.length < 2) return wrap(unit(weight.node, this.eps));
    const matrix = this.matrix(weight.node);
    if (this.training) this.iterate(matrix, this.nPowerIterations);
    const [h, w] = matrix.shape as [number, number];
    const image = b.reshape(b.matmul(matrix, b.reshape(this._v.node, [w, 1])), [h]);
    const sigma = b.reduceSum(b.mul(this._u.node, image), [0]);
    return wrap(b.div(weight.node, sigma));
  }
  rightInverse(weight: Tensor): Tensor {
    return weight;
  }
}
Object.defineProperty(SpectralNorm, 'name', { value: '_SpectralNorm' });

export interface SpectralNormOptions {
  /** The parameter. Default `'weight'`. */
  name?: string;
  /** Steps of the power method per training call. Default 1. */
  nPowerIterations?: number;
  /** Default 1e-12. */
  eps?: number;
  /** The dimension of the outputs. Default 0, 1 for transposed convolutions. */
  dim?: number | null;
}

/** Divides a weight by its largest singular value. Returns the block. (PyTorch: `nn.utils.parametrizations.spectral_norm`) */
export function spectralNorm<B extends Block>(
  block: B,
  ...options: Trailing<SpectralNormOptions, ['name', 'nPowerIterations', 'eps', 'dim']>
): B {
  const {
    name = 'weight',
    nPowerIterations = 1,
    eps = 1e-12,
    dim = null,
  } = readTrailing<SpectralNormOptions>('spectralNorm', options, ['name', 'nPowerIterations', 'eps', 'dim']);
  const weight = (block as unknown as Record<string, Tensor | null | undefined>)[name];
  if (weight === null || weight === undefined)
    throw new ShapeError(`Module '${String(block)}' has no parameter or buffer with name '${name}'`);
  return registerParametrization(
    block,
    name,
    new SpectralNorm(weight, nPowerIterations, dim ?? (block instanceof TransposedConvolution ? 1 : 0), eps),
  );
}
