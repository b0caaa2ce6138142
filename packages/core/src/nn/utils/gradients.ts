import { noGrad } from '../../autograd/mode.ts';
import { GraphError } from '../../errors.ts';
import type { Node } from '../../graph/node.ts';
import { recorder as b } from '../../graph/node.ts';
import { sizeOf } from '../../graph/shape.ts';
import type { Value } from '../../graph/value.ts';
import { Tensor, wrap } from '../../tensor/tensor.ts';
import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { pythonFloat } from '../python-text.ts';

/** Parameters as `block.parameters()` gives them, or one. */
export type ParameterSource = Tensor | Iterable<Tensor>;

export interface NormOptions {
  /** Which norm: the p of |x|_p; may be Infinity, also as 'inf'. Default 2. */
  normType?: number | 'inf';
  /** Read the norm, and throw a GraphError if it is NaN or infinite; the result is then a promise. Default false. */
  errorIfNonfinite?: boolean;
  /** How PyTorch is to compute it; the numbers do not depend on it. */
  foreach?: boolean | null;
}

type NormOrder = ['normType', 'errorIfNonfinite', 'foreach'];
type Strict = NormOptions & { errorIfNonfinite: true };

function readNorm(name: string, options: readonly unknown[]): { normType: number; errorIfNonfinite: boolean } {
  const { normType = 2, errorIfNonfinite = false } = readTrailing<NormOptions>(name, options, [
    'normType',
    'errorIfNonfinite',
    'foreach',
  ]);
  const p = normType === 'inf' ? Number.POSITIVE_INFINITY : normType;
  if (typeof p !== 'number' || Number.isNaN(p)) throw new TypeError(`norm_type must be a number, got ${String(p)}`);
  return { normType: p, errorIfNonfinite };
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

/** The norm, read first if it must be finite. */
function checked(norm: Tensor, normType: number): Promise<Tensor> {
  return norm.item().then((value) => {
    if (!Number.isFinite(value))
      throw new GraphError(
        `The total norm of order ${pythonFloat(normType)} for gradients from \`parameters\` is non-finite, so it cannot be clipped. To disable this error and scale the gradients by the non-finite norm anyway, set \`error_if_nonfinite=False\``,
      );
    return norm;
  });
}

/** The norm of tensors as if they were one vector. (PyTorch: `nn.utils.get_total_norm`) */
export function getTotalNorm(tensors: ParameterSource, options: Strict): Promise<Tensor>;
export function getTotalNorm(tensors: ParameterSource, ...options: Trailing<NormOptions, NormOrder>): Tensor;
export function getTotalNorm(
  tensors: ParameterSource,
  ...options: Trailing<NormOptions, NormOrder>
): Tensor | Promise<Tensor> {
  const { normType, errorIfNonfinite } = readNorm('getTotalNorm', options);
  const nodes = listOf('getTotalNorm', tensors).map((tensor) => tensor.node);
  const norm = wrap(totalNorm(nodes, normType));
  return errorIfNonfinite ? checked(norm, normType) : norm;
}

/**
 * Scales the gradients of `parameters` so that their norm, as one vector, is at most `maxNorm`, and gives the norm
 * that they had. (PyTorch: `nn.utils.clip_grad_norm_`)
 */
export function clipGradNorm_(parameters: ParameterSource, maxNorm: number, options: Strict): Promise<Tensor>;
export function clipGradNorm_(
  parameters: ParameterSource,
  maxNorm: number,
  ...options: Trailing<NormOptions, NormOrder>
): Tensor;
export function clipGradNorm_(
  parameters: ParameterSource,
  maxNorm: number,
  ...options: Trailing<NormOptions, NormOrder>
): Tensor | Promise<Tensor> {
  if (typeof maxNorm !== 'number')
    throw new TypeError(`clipGradNorm_: expected max_norm to be a number, got ${typeof maxNorm}`);
  const { normType, errorIfNonfinite } = readNorm('clipGradNorm_', options);
  const list = listOf('clipGradNorm_', parameters);
  const norm = noGrad(() =>
    wrap(
      totalNorm(
        gradientsOf('clipGradNorm_', list).map((gradient) => gradient.node),
        normType,
      ),
    ),
  );
  const clip = (): Tensor => {
    clipGradsWithNorm_(list, maxNorm, norm);
    return norm;
  };
  return errorIfNonfinite ? checked(norm, normType).then(clip) : clip();
}

/** Scales the gradients of `parameters` by min(1, maxNorm / (totalNorm + 1e-6)). (PyTorch: `nn.utils.clip_grads_with_norm_`) */
export function clipGradsWithNorm_(
  parameters: ParameterSource,
  maxNorm: number,
  totalNorm: Tensor,
  ...options: Trailing<{ foreach?: boolean | null }, ['foreach']>
): void {
  readTrailing<{ foreach?: boolean | null }>('clipGradsWithNorm_', options, ['foreach']);
  noGrad(() => {
    const norm = totalNorm.node;
    const scale = b.div(b.like(norm, maxNorm), b.add(norm, b.like(norm, 1e-6)));
    const factor = b.minimum(scale, b.like(scale, 1));
    for (const gradient of gradientsOf('clipGradsWithNorm_', parameters))
      gradient.assignValue(b.mul(gradient.node, b.cast(factor, gradient.dtype)) as Node);
  });
}

/** Limits every element of the gradients of `parameters` to ±clipValue. (PyTorch: `nn.utils.clip_grad_value_`) */
export function clipGradValue_(
  parameters: ParameterSource,
  clipValue: number,
  ...options: Trailing<{ foreach?: boolean | null }, ['foreach']>
): void {
  readTrailing<{ foreach?: boolean | null }>('clipGradValue_', options, ['foreach']);
  if (typeof clipValue !== 'number')
    throw new TypeError(`clipGradValue_: expected clip_value to be a number, got ${typeof clipValue}`);
  noGrad(() => {
    for (const gradient of gradientsOf('clipGradValue_', parameters)) {
      const node = gradient.node;
      gradient.assignValue(b.minimum(b.maximum(node, b.like(node, -clipValue)), b.like(node, clipValue)) as Node);
    }
  });
}
