import { noGrad } from '../../autograd/mode.ts';
import { ChimeraError, DTypeError, ShapeError } from '../../errors.ts';
import { sameShape } from '../../graph/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { Block } from '../block.ts';
import { ModuleList } from '../containers/module-list.ts';
import { Parameter } from '../parameter.ts';
import { registered, typeName } from '../registration.ts';

/** A block that computes a tensor from what is trained instead of it. */
export interface Parametrization extends Block {
  /**
   * What the block would compute `value` from: one tensor or several. Without it the block starts from the value as it
   * is, and nothing can be assigned. (PyTorch: `right_inverse`)
   */
  rightInverse?(value: Tensor): Tensor | readonly Tensor[];
}

/** Thrown by a `rightInverse` that does not exist in this case: the block starts from the value as it is. (Python: `NotImplementedError`) */
export class NoInverseError extends ChimeraError {
  override name = 'NoInverseError';
}

/** The parametrizations of one tensor, in order, and what they start from. (PyTorch: `ParametrizationList`) */
export class ParametrizationList extends ModuleList<Parametrization> {
  readonly isTensor: boolean;
  /** The number of tensors that they start from. (PyTorch: `ntensors`) */
  readonly ntensors: number;
  unsafe: boolean;

  constructor(parametrizations: Iterable<Parametrization>, original: Tensor, unsafe = false) {
    super(parametrizations);
    if (this.length === 0) throw new ChimeraError('ParametrizationList requires one or more modules.');
    this.unsafe = unsafe;
    const { dtype, shape } = original;
    const start = noGrad(() => startOf([...this], original));
    this.isTensor = start instanceof Tensor;
    const list = start instanceof Tensor ? [start] : [...start];
    this.ntensors = list.length;
    for (const [i, value] of list.entries()) {
      if (!(value instanceof Tensor))
        throw new TypeError(
          `'right_inverse' must return a Tensor or a Sequence of tensors (list, tuple...). Got element ${i} of the sequence with type ${typeName(value)}.`,
        );
      // An optimizer that has the tensor goes on training it.
      if (this.isTensor) {
        if (value.dtype !== dtype)
          throw new DTypeError(
            `When \`right_inverse\` outputs one tensor, it may not change the dtype.\noriginal.dtype: ${dtype}\nright_inverse(original).dtype: ${value.dtype}`,
          );
        if (value !== original) noGrad(() => original.assignValue(value.detach().node));
        if (original instanceof Parameter) this.registerParameter('original', original);
        else this.registerBuffer('original', original);
      } else if (original instanceof Parameter)
        this.registerParameter(`original${i}`, new Parameter(value, { requiresGrad: original.requiresGrad }));
      else this.registerBuffer(`original${i}`, value);
    }
    // A call like any other: what parametrizations keep, such as the vectors of power iteration, moves on by it in PyTorch too.
    if (!unsafe) requireSame((this as unknown as () => unknown)(), dtype, shape, 'unparametrized', 'parametrized');
  }

  /** The tensor. */
  override forward(): Tensor {
    let values: unknown[] = originals(this);
    for (const block of this) values = [(block as unknown as (...args: unknown[]) => unknown)(...values)];
    return values[0] as Tensor;
  }

  /** Stores what the parametrizations compute `value` from. (PyTorch: `right_inverse`) */
  rightInverse(value: Tensor): void {
    noGrad(() => {
      let current: unknown = value;
      for (const block of [...this].reverse()) {
        if (typeof block.rightInverse !== 'function')
          throw new ChimeraError(`parametrization ${block.constructor.name} does not implement right_inverse.`);
        current = block.rightInverse(current as Tensor);
      }
      if (this.isTensor && !(current instanceof Tensor))
        throw new TypeError(`\`right_inverse\` should return a tensor. Got ${typeName(current)}`);
      if (!this.isTensor && !Array.isArray(current))
        throw new TypeError(`'right_inverse' must return a sequence of tensors. Got ${typeName(current)}.`);
      const values = this.isTensor ? [current as Tensor] : (current as readonly Tensor[]);
      if (values.length !== this.ntensors)
        throw new ChimeraError(
          `'right_inverse' must return a sequence of tensors of length ${this.ntensors}. Got a sequence of length ${values.length}.`,
        );
      for (const [i, tensor] of originals(this).entries()) {
        const name = `original${this.isTensor ? '' : i}`;
        const made = values[i]!;
        if (made.dtype !== tensor.dtype)
          throw new DTypeError(
            `The tensor returned by \`right_inverse\` has dtype ${made.dtype} while \`${name}\` has dtype ${tensor.dtype}`,
          );
        if (!sameShape(tensor.shape, made.shape))
          throw new ShapeError(
            `The tensor assigned to a parametrized one gives ${name} of shape [${made.shape.join(', ')}] instead of [${tensor.shape.join(', ')}]`,
          );
        tensor.assignValue(made.detach().node);
      }
    });
  }
}

/** What a list's parametrizations start from, in order. */
export function originals(list: ParametrizationList): Tensor[] {
  const { parameters, buffers } = registered(list);
  return [...parameters.values(), ...buffers.values()].filter((tensor) => tensor !== null);
}

/** What the blocks compute a tensor from; one without an inverse starts from the value as it is. */
function startOf(blocks: readonly Parametrization[], original: Tensor): Tensor | readonly Tensor[] {
  let current: Tensor | readonly Tensor[] = original;
  for (const block of [...blocks].reverse()) {
    if (typeof block.rightInverse !== 'function') continue;
    try {
      current = block.rightInverse(current as Tensor);
    } catch (error) {
      if (!(error instanceof NoInverseError)) throw error;
    }
  }
  if (!(current instanceof Tensor) && !Array.isArray(current))
    throw new TypeError(
      `'right_inverse' must return a Tensor or a Sequence of tensors (list, tuple...). Got ${typeName(current)}`,
    );
  return current;
}

/** Throws PyTorch's texts unless a parametrization gives a tensor like the one that it stands for. */
export function requireSame(
  value: unknown,
  dtype: string,
  shape: readonly number[],
  before: string,
  after: string,
): asserts value is Tensor {
  if (!(value instanceof Tensor))
    throw new TypeError(`A parametrization must return a tensor. Got ${typeName(value)}.`);
  if (value.dtype !== dtype)
    throw new ChimeraError(
      `Registering a parametrization may not change the dtype of the tensor, unless \`unsafe\` flag is enabled.\n${before} dtype: ${dtype}\n${after} dtype: ${value.dtype}`,
    );
  if (!sameShape(value.shape, shape))
    throw new ChimeraError(
      `Registering a parametrization may not change the shape of the tensor, unless \`unsafe\` flag is enabled.\n${before} shape: [${shape.join(', ')}]\n${after} shape: [${value.shape.join(', ')}]`,
    );
}
