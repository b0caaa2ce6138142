import { noGrad } from '../autograd/mode.ts';
import type { Device } from '../device/contract.ts';
import { GraphError } from '../errors.ts';
import { allocateHost } from '../graph/dtype.ts';
import type { DType } from '../graph/dtype.ts';
import type { Shape } from '../graph/shape.ts';
import { sizeOf } from '../graph/shape.ts';
import { zeros } from '../tensor/creation.ts';
import { fromHost, Tensor } from '../tensor/tensor.ts';
import { Parameter } from './parameter.ts';
import { structureChanged } from './structure-version.ts';

const unknownShape =
  "Can't access the shape of an uninitialized parameter or buffer. This error usually happens in `load_state_dict` when trying to load an uninitialized parameter into an initialized one. " +
  'Call `forward` to initialize the parameters before accessing their attributes.';

export interface UninitializedOptions {
  /** Whether it will be trained. Default true. */
  requiresGrad?: boolean;
  /** Default float32. */
  dtype?: DType;
  /** Default: the default device. */
  device?: Device | null;
}

/**
 * A parameter whose shape is not known yet. `materialize` gives it one, and it becomes an ordinary `Parameter`: the
 * same object, so that an optimizer made before keeps it. (PyTorch: `torch.nn.parameter.UninitializedParameter`)
 */
export class UninitializedParameter extends Parameter {
  constructor({ requiresGrad = true, dtype, device }: UninitializedOptions = {}) {
    super(zeros([0], { dtype, device }), { requiresGrad });
  }

  /** Throws: there is none yet. */
  override get shape(): Shape {
    throw new GraphError(unknownShape);
  }

  /** Gives it a shape and zeros as its value. (PyTorch: `materialize`) */
  materialize(shape: Shape): Parameter {
    return materialize(this, shape, Parameter.prototype);
  }

  override detach(): this {
    return this;
  }
  override toString(): string {
    return '<UninitializedParameter>';
  }
}

/** A buffer whose shape is not known yet. (PyTorch: `torch.nn.parameter.UninitializedBuffer`) */
export class UninitializedBuffer extends Tensor {
  constructor({ dtype, device }: Omit<UninitializedOptions, 'requiresGrad'> = {}) {
    super(zeros([0], { dtype, device }).node);
  }

  /** Throws: there is none yet. */
  override get shape(): Shape {
    throw new GraphError(unknownShape);
  }

  /** Gives it a shape and zeros as its value. (PyTorch: `materialize`) */
  materialize(shape: Shape): Tensor {
    return materialize(this, shape, Tensor.prototype);
  }

  override detach(): this {
    return this;
  }
  override toString(): string {
    return '<UninitializedBuffer>';
  }
}

// Methods of Tensor are properties in its type, which a class cannot override with a method.
for (const { prototype } of [UninitializedParameter, UninitializedBuffer])
  Object.defineProperty(prototype, 'format', {
    value(this: Tensor): Promise<string> {
      return Promise.resolve(this.toString());
    },
  });

/** Whether a tensor waits for its shape. (PyTorch: `torch.nn.parameter.is_lazy`) */
export function isUninitialized(value: unknown): value is UninitializedParameter | UninitializedBuffer {
  return value instanceof UninitializedParameter || value instanceof UninitializedBuffer;
}

function materialize<T extends Tensor>(tensor: Tensor, shape: Shape, kind: T): T {
  const { dtype, device } = tensor;
  structureChanged();
  Object.setPrototypeOf(tensor, kind);
  noGrad(() => tensor.assignValue(fromHost(allocateHost(dtype, sizeOf(shape)), [...shape], dtype, { device }).node));
  return tensor as T;
}
