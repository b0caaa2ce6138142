import { DTypeError, ShapeError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import type { Shape } from '../graph/shape.ts';
import { broadcastShapes, sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { fillBernoulli } from '../random/bernoulli.ts';
import { fillExponential } from '../random/continuous.ts';
import { defaultGenerator } from '../random/default-generator.ts';
import type { Generator } from '../random/generator.ts';
import { multinomial as drawMultinomial } from '../random/multinomial.ts';
import { fillNormal } from '../random/normal.ts';
import { fillPoisson } from '../random/poisson.ts';
import type { RandomOptions } from './creation-options.ts';
import { filledHost, finish, requireShape } from './creation-options.ts';
import type { SizeOptions } from './creation.ts';
import { getDefaultDtype } from './default-dtype.ts';
import { hostNumbers, numberTable } from './host-values.ts';
import { bernoulliNode, noise } from './noise.ts';
import { requireOptions, requireTensor } from './operand.ts';
import { Tensor, wrap } from './tensor.ts';

export interface GeneratorOptions {
  /** Default: the generator that `manualSeed` seeds. */
  generator?: Generator;
}

/**
 * 1 with the probability that x (or `p`, one for all) has, otherwise 0, in the dtype of x. Probabilities outside [0, 1]
 * count as 0 or 1 unless they are known when this is called. (PyTorch: `torch.bernoulli`)
 */
export function bernoulli(x: Tensor, p?: number | GeneratorOptions, options: GeneratorOptions = {}): Tensor {
  const node = requireTensor('bernoulli', x);
  const chosen = typeof p === 'object' ? p : options;
  requireOptions('bernoulli', chosen, ['generator']);
  const generator = chosen.generator ?? defaultGenerator();
  if (typeof p === 'number')
    return finish(fillBernoulli(generator, new Float32Array(sizeOf(node.shape)), p), node.shape, node.dtype, {
      device: x.device,
    });
  return wrap(bernoulliNode(node, generator));
}

export interface MultinomialOptions extends GeneratorOptions {
  /** Whether a category can be drawn more than once. Default false. */
  replacement?: boolean;
}

/**
 * Indices of categories, drawn with weights x of shape [categories] or [rows, categories], which need not sum to 1.
 * int32 of shape [samples] or [rows, samples]. Weights that cannot be drawn from are refused if they are known when
 * this is called. (PyTorch: `torch.multinomial`)
 */
export function multinomial(
  x: Tensor,
  samples: number,
  replacement: boolean | MultinomialOptions = {},
  options: MultinomialOptions = {},
): Tensor {
  const chosen = typeof replacement === 'boolean' ? { ...options, replacement } : replacement;
  requireOptions('multinomial', chosen, ['replacement', 'generator']);
  const weights = requireTensor('multinomial', x);
  const rank = weights.shape.length;
  if (rank !== 1 && rank !== 2) throw new ShapeError('prob_dist must be 1 or 2 dim');
  if (!isFloating(weights.dtype))
    throw new DTypeError(`multinomial only supports floating-point dtypes for input, got: ${weights.dtype}`);
  const categories = weights.shape.at(-1)!;
  if (!Number.isInteger(samples) || samples <= 0) throw new RangeError('cannot sample n_sample <= 0 samples');
  const again = chosen.replacement ?? false;
  if (!again && samples > categories)
    throw new RangeError('cannot sample n_sample > prob_dist.size(-1) samples without replacement');
  const generator = chosen.generator ?? defaultGenerator();
  const shape = [...weights.shape.slice(0, -1), samples];
  const known = hostNumbers(weights);
  if (known !== null) {
    const numbers = known instanceof Float64Array ? known : Float32Array.from(known);
    return finish(drawMultinomial(generator, numbers, samples, { categories, replacement: again }), shape, 'int32', {
      device: x.device,
    });
  }
  return wrap(
    again && samples > 1
      ? withReplacement(weights, samples, generator)
      : withoutReplacement(weights, samples, generator),
  );
}

/** The largest of w / e, with e exponentially distributed. */
function withoutReplacement(weights: Node, samples: number, generator: Generator): Value {
  const axis = weights.shape.length - 1;
  const keys = b.div(
    weights,
    noise(weights.dtype, weights.shape, (out, precision) => fillExponential(generator, out, 1, precision)),
  );
  if (samples === 1) return b.restoreAxes(b.argMax(keys, axis), weights.shape, [axis]);
  return b.narrow(b.emit('argSort', [keys], { axis, descending: true }), axis, 0, samples);
}

/** Inverts the cumulative distribution: the number of categories that end below a uniform number. */
function withReplacement(weights: Node, samples: number, generator: Generator): Value {
  const axis = weights.shape.length - 1;
  const total = b.cumsum(weights, axis);
  const last = weights.shape[axis]! - 1;
  const ends = b.narrow(b.div(total, b.narrow(total, axis, last, 1)), axis, 0, last);
  const shape = [...weights.shape.slice(0, -1), samples];
  const uniform = numberTable(
    Float64Array.from({ length: sizeOf(shape) }, () => generator.uniform53()),
    [...shape, 1],
    weights.dtype,
  );
  const row = [...weights.shape.slice(0, -1), 1, last];
  return b.reduceSum(b.cast(b.lt(b.reshape(ends, row), uniform), 'int32'), [axis + 1]);
}

/** Poisson samples of the rates in x, which must be known when this is called. (PyTorch: `torch.poisson`) */
export function poisson(x: Tensor, options: GeneratorOptions = {}): Tensor {
  requireOptions('poisson', options, ['generator']);
  const rates = hostNumbers(requireTensor('poisson', x));
  if (rates === null)
    throw new DTypeError(
      'poisson: how many random numbers it takes depends on the rates: make the tensor from numbers, for example tensor(await rates.tolist())',
    );
  return finish(
    fillPoisson(options.generator ?? defaultGenerator(), new Float64Array(rates.length), rates),
    x.shape,
    x.dtype,
    { device: x.device },
  );
}

export interface NormalOptions extends RandomOptions {
  /** Default 1. */
  std?: number | Tensor;
  /** The shape, of two numbers. */
  size?: Shape;
}

/**
 * Normal numbers of `mean` and `std`: two numbers and a shape, or a tensor for one of them or for both, which
 * broadcast. (PyTorch: `torch.normal`)
 */
export function normal(
  mean: number | Tensor,
  spread: number | Tensor | NormalOptions = 1,
  shape?: Shape | SizeOptions | RandomOptions,
  options: RandomOptions = {},
): Tensor {
  const isNamed = typeof spread === 'object' && !(spread instanceof Tensor);
  if (isNamed) {
    const { std: named = 1, ...others } = spread;
    return normal(mean, named, others);
  }
  const std = spread;
  const chosen = {
    ...(Array.isArray(shape) ? { size: shape as Shape } : (shape as SizeOptions | undefined)),
    ...options,
  };
  requireOptions('normal', chosen, ['size', 'dtype', 'device', 'requiresGrad', 'generator']);
  const generator = chosen.generator ?? defaultGenerator();
  if (typeof std === 'number' && std < 0) throw new RangeError(`normal expects std >= 0.0, but found std ${std}`);
  if (typeof mean === 'number' && typeof std === 'number') {
    const sizes = requireShape('normal', chosen.size as Shape);
    const dtype = chosen.dtype ?? getDefaultDtype();
    return finish(
      filledHost(dtype, sizeOf(sizes), (out, precision) => fillNormal(generator, out, mean, std, precision)),
      sizes,
      dtype,
      chosen,
    );
  }
  const given = [mean, std].filter((operand) => operand instanceof Tensor);
  for (const operand of [mean, std]) if (typeof operand !== 'number') requireTensor('normal', operand);
  const dtype = given[0]!.dtype;
  const extent = given.reduce<Shape>((known, operand) => broadcastShapes(known, operand.shape, 'normal'), []);
  const standard = noise(dtype, extent, (out, precision) => fillNormal(generator, out, 0, 1, precision));
  const node = (operand: number | Tensor): Value =>
    typeof operand === 'number' ? b.scalar(operand, dtype) : operand.node;
  return wrap(b.emit('stopGradient', [b.add(b.mul(standard, node(std)), node(mean))], {}));
}
