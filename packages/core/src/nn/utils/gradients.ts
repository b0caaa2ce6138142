import { noGrad } from '../../autograd/mode.ts';
import { GraphError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import { sizeOf } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { Tensor, wrap } from '../../tensor/tensor.ts';

/** Parameters as `block.parameters()` gives them, or one. */
export type ParameterSource = Tensor | Iterable<Tensor>;

export interface NormOptions {
  /** Which norm: the p of |x|_p; may be Infinity. Default 2. */
  normType?: number;
}

/** Parameters as a list. */
export function listOf(name: string, parameters: ParameterSource): Tensor[] {
  const list = parameters instanceof Tensor ? [parameters] : [...parameters];
  for (const parameter of list)
    if (!(parameter instanceof Tensor))
      throw new TypeError(`${name}: expected tensors, got ${parameter === null ? 'null' : typeof parameter}`);
  return list;
}

function gradientsOf(name: string, parameters: ParameterSource): Tensor[] {
  return listOf(name, parameters)
    .map((parameter) => parameter.peekGrad())
    .filter((gradient) => gradient !== null);
}

function normTypeOf(options: NormOptions | number): number {
  const normType = typeof options === 'number' ? options : (options.normType ?? 2);
  if (typeof normType !== 'number' || Number.isNaN(normType))
    throw new TypeError(`norm_type must be a number, got ${String(normType)}`);
  return normType;
}

const allAxes = (x: Value): number[] => x.shape.map((_, i) => i);

/** The norm of all elements together. */
function totalNorm(nodes: readonly Node[], p: number): Value {
  if (nodes.length === 0) return b.scalar(0);
  const { dtype } = nodes[0]!;
  const combine = (parts: readonly Value[], join: (left: Value, right: Value) => Value): Value =>
    parts.map((part) => b.cast(part, dtype)).reduce(join);
  if (p === Number.POSITIVE_INFINITY)
    return combine(
      nodes.filter((x) => sizeOf(x.shape) > 0).map((x) => b.reduceMax(b.abs(x), allAxes(x))),
      (left, right) => b.maximum(left, right),
    );
  if (p === Number.NEGATIVE_INFINITY)
    return combine(
      nodes.map((x) => b.reduceMin(b.abs(x), allAxes(x))),
      (left, right) => b.minimum(left, right),
    );
  // The norm of tensors' norms is the norm of all their elements, except for p = 0.
  if (p === 2)
    return b.sqrt(
      combine(
        nodes.map((x) => b.reduceSum(b.mul(x, x), allAxes(x))),
        (left, right) => b.add(left, right),
      ),
    );
  if (p === 1)
    return combine(
      nodes.map((x) => b.reduceSum(b.abs(x), allAxes(x))),
      (left, right) => b.add(left, right),
    );
  const isThere = (x: Value): Value => b.mask(b.not(b.eq(x, b.like(x, 0))), dtype);
  if (p === 0)
    return combine(
      nodes.map((x) => isThere(b.reduceSum(isThere(x), allAxes(x)))),
      (left, right) => b.add(left, right),
    );
  const powers = nodes.map((x) => b.reduceSum(b.pow(b.abs(x), b.like(x, p)), allAxes(x)));
  return b.pow(
    combine(powers, (left, right) => b.add(left, right)),
    b.scalar(1 / p, dtype),
  );
}

/** The norm of tensors as if they were one vector. (PyTorch: `nn.utils.get_total_norm`) */
export function getTotalNorm(tensors: ParameterSource, options: NormOptions | number = {}): Tensor {
  return wrap(
    totalNorm(
      listOf('getTotalNorm', tensors).map((tensor) => tensor.node),
      normTypeOf(options),
    ),
  );
}

/**
 * Scales the gradients of `parameters` so that their norm, as one vector, is at most `maxNorm`, and gives the norm
 * that they had. With `errorIfNonfinite`, the norm is read first, and a GraphError is thrown if it is NaN or infinite:
 * then the result is a promise. (PyTorch: `nn.utils.clip_grad_norm_`)
 */
export function clipGradNorm_(
  parameters: ParameterSource,
  maxNorm: number,
  options: NormOptions & { errorIfNonfinite: true },
): Promise<Tensor>;
export function clipGradNorm_(
  parameters: ParameterSource,
  maxNorm: number,
  options?: (NormOptions & { errorIfNonfinite?: false }) | number,
): Tensor;
export function clipGradNorm_(
  parameters: ParameterSource,
  maxNorm: number,
  options: (NormOptions & { errorIfNonfinite?: boolean }) | number = {},
): Tensor | Promise<Tensor> {
  if (typeof maxNorm !== 'number')
    throw new TypeError(`clipGradNorm_: expected max_norm to be a number, got ${typeof maxNorm}`);
  const list = listOf('clipGradNorm_', parameters);
  const normType = normTypeOf(options);
  const norm = noGrad(() => getTotalNorm(gradientsOf('clipGradNorm_', list), normType));
  if (typeof options === 'number' || options.errorIfNonfinite !== true) {
    clipGradsWithNorm_(list, maxNorm, norm);
    return norm;
  }
  return norm.item().then((value) => {
    if (!Number.isFinite(value))
      throw new GraphError(
        `The total norm of order ${normType} for gradients from \`parameters\` is non-finite, so it cannot be clipped. To disable this error and scale the gradients by the non-finite norm anyway, set \`error_if_nonfinite=False\``,
      );
    clipGradsWithNorm_(list, maxNorm, norm);
    return norm;
  });
}

/** Scales the gradients of `parameters` by min(1, maxNorm / (totalNorm + 1e-6)). (PyTorch: `nn.utils.clip_grads_with_norm_`) */
export function clipGradsWithNorm_(parameters: ParameterSource, maxNorm: number, totalNorm: Tensor): void {
  noGrad(() => {
    const norm = totalNorm.node;
    const scale = b.div(b.like(norm, maxNorm), b.add(norm, b.like(norm, 1e-6)));
    const factor = b.minimum(scale, b.like(scale, 1));
    for (const gradient of gradientsOf('clipGradsWithNorm_', parameters))
      gradient.assignValue(b.mul(gradient.node, b.cast(factor, gradient.dtype)) as Node);
  });
}

/** Limits every element of the gradients of `parameters` to ±clipValue. (PyTorch: `nn.utils.clip_grad_value_`) */
export function clipGradValue_(parameters: ParameterSource, clipValue: number): void {
  if (typeof clipValue !== 'number')
    throw new TypeError(`clipGradValue_: expected clip_value to be a number, got ${typeof clipValue}`);
  noGrad(() => {
    for (const gradient of gradientsOf('clipGradValue_', parameters)) {
      const node = gradient.node;
      gradient.assignValue(b.minimum(b.maximum(node, b.like(node, -clipValue)), b.like(node, clipValue)) as Node);
    }
  });
}
