import { ChimeraError, ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';
import { torchSize } from '../nn/functional/reduction.ts';
import type { Trailing } from '../tensor/arguments.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { ParameterGroup, ParametersArgument, ParameterState } from './optimizer.ts';
import { Optimizer } from './optimizer.ts';
import { readOptions } from './options.ts';

export interface MuonOptions {
  /** Learning rate. Default 1e-3. */
  lr?: number;
  /** The parameter shrinks by lr times this. Default 0.1. */
  weightDecay?: number;
  /** Share of the former average that is kept. Default 0.95. */
  momentum?: number;
  /** Look ahead along the momentum. Default true. */
  nesterov?: boolean;
  /** Coefficients of x, x³ and x⁵ in the iteration. Default [3.4445, -4.775, 2.0315]. */
  nsCoefficients?: readonly [number, number, number];
  /** Bound of the gradient's norm from below. Default 1e-7. */
  eps?: number;
  /** Steps of the iteration, fewer than 100. Default 5. */
  nsSteps?: number;
  /** Rate times sqrt(max(1, rows / columns)) ('original', the default), or times 0.2 sqrt(max(rows, columns)). */
  adjustLrFn?: 'original' | 'match_rms_adamw' | null;
}

/**
 * Momentum whose direction is made nearly orthogonal by Newton-Schulz iterations: for the matrices of hidden layers
 * only. B <- momentum B + (1 - momentum) g; p <- p (1 - lr weightDecay) - lr' NS(g + momentum (B - g)). The iterations
 * run in bfloat16 precision. (PyTorch: `torch.optim.Muon`)
 *
 * @throws ShapeError for a parameter that is not a matrix.
 */
export class Muon extends Optimizer<Required<MuonOptions>> {
  constructor(
    params: ParametersArgument<Required<MuonOptions>>,
    ...options: Trailing<
      MuonOptions,
      ['lr', 'weightDecay', 'momentum', 'nesterov', 'nsCoefficients', 'eps', 'nsSteps', 'adjustLrFn']
    >
  ) {
    const all = readOptions<MuonOptions>(
      'Muon',
      options,
      {
        lr: 1e-3,
        weightDecay: 0.1,
        momentum: 0.95,
        nesterov: true,
        nsCoefficients: [3.4445, -4.775, 2.0315],
        eps: 1e-7,
        nsSteps: 5,
        adjustLrFn: null,
      },
      ['lr', 'weightDecay', 'momentum', 'nesterov', 'nsCoefficients', 'eps', 'nsSteps', 'adjustLrFn'],
    );
    if (!(all.lr >= 0)) throw new ChimeraError(`Learning rate should be >= 0 but is: ${all.lr}`);
    if (!(all.momentum >= 0)) throw new ChimeraError(`momentum should be >= 0 but is: ${all.momentum}`);
    if (!(all.weightDecay >= 0)) throw new ChimeraError(`weight decay should be >= 0 but is: ${all.weightDecay}`);
    if (![null, 'original', 'match_rms_adamw'].includes(all.adjustLrFn))
      throw new ChimeraError(`Adjust learning rate function ${String(all.adjustLrFn)} is not supported`);
    super(params, all);
  }

  override addParamGroup(...[group]: Parameters<Optimizer<Required<MuonOptions>>['addParamGroup']>): void {
    super.addParamGroup(group);
    const { params, nsSteps, nsCoefficients } = this.paramGroups.at(-1)!;
    const other = params.find((parameter: Tensor) => parameter.shape.length !== 2);
    if (other !== undefined)
      throw new ShapeError(
        `Muon only supports 2D parameters whereas we found a parameter with size: ${torchSize(other.shape)}`,
      );
    if (nsSteps >= 100) throw new ChimeraError('Number of steps must be less than 100 for computational efficiency');
    if (nsCoefficients.length !== 3) throw new ChimeraError('Coefficients must be a tuple of exactly 3 values');
  }

  protected override update(
    parameter: Value,
    gradient: Value,
    state: ParameterState,
    group: ParameterGroup<Required<MuonOptions>>,
  ): Value {
    const { lr, weightDecay, momentum, nesterov, adjustLrFn } = group;
    const average = this.average(state, 'momentum_buffer', gradient, momentum);
    const direction = nesterov
      ? b.add(gradient, b.mul(b.sub(average, gradient), this.number(momentum, gradient)))
      : average;
    const [rows, columns] = parameter.shape as [number, number];
    const ratio =
      adjustLrFn === 'match_rms_adamw'
        ? 0.2 * Math.sqrt(Math.max(rows, columns))
        : Math.sqrt(Math.max(1, rows / columns));
    const shrunk = b.mul(parameter, this.number(1 - lr * weightDecay, parameter));
    const step = b.cast(orthogonalized(direction, group), parameter.dtype);
    return b.sub(shrunk, b.mul(step, this.number(lr * ratio, parameter)));
  }
}

/** Singular values of a matrix moved towards 1: X <- a X + (b G + c G²) X with G = X X^T, on its shorter side. */
function orthogonalized(gradient: Value, { nsCoefficients, nsSteps, eps }: Required<MuonOptions>): Value {
  const [first, third, fifth] = nsCoefficients;
  const wide = b.cast(gradient, 'float32');
  const isTall = gradient.shape[0]! > gradient.shape[1]!;
  let x = bfloat16(isTall ? b.transpose(wide) : wide);
  const norm = bfloat16(b.sqrt(b.reduceSum(b.mul(x, x), [0, 1])));
  x = bfloat16(b.div(x, b.maximum(norm, b.like(x, eps))));
  for (let step = 0; step < nsSteps; step++) {
    const gram = bfloat16(b.matmul(x, x, { transposeB: true }));
    const update = bfloat16(b.add(b.mul(b.matmul(gram, gram), b.like(x, fifth)), b.mul(gram, b.like(x, third))));
    x = bfloat16(b.add(b.matmul(update, x), b.mul(x, b.like(x, first))));
  }
  return isTall ? b.transpose(x) : x;
}

/** float32 values rounded to the 8 significant bits of bfloat16, by a product that pushes the others out. */
function bfloat16(x: Value): Value {
  const shifted = b.mul(x, b.like(x, 65537));
  return b.sub(shifted, b.sub(shifted, x));
}
