import type { CompositeName, DType, InstructionOf, OperationName, PrimitiveName, Shape } from '@chimera-nn/core';
import { hostToNumbers, numbersToHost, sizeOf } from '@chimera-nn/core';
import type { ElementType, GraphWriter, NodeAttributes, Term } from '../graph.ts';
import { elementTypes } from '../graph.ts';

/**
 * What will run the model. `wasm`: ONNX Runtime's CPU kernels; `webgpu`: its WebGPU kernels, which know fewer types and
 * operations; `portable`: any runtime, by ONNX's own operator set alone.
 */
export type Target = 'wasm' | 'webgpu' | 'portable';

export const opset = 20;

/** Writes one instruction: nodes go to the graph, the result comes back. Neither inputs nor result are empty. */
export type Lower<N extends OperationName> = (
  lowering: Lowering,
  inputs: readonly Term[],
  instruction: InstructionOf<N>,
) => Term;

/** How each primitive is written. Total: a primitive without an entry does not compile. */
export type PrimitiveTable = { readonly [N in PrimitiveName]: Lower<N> };
/** How composites are written that ONNX has a node for. */
export type CompositeTable = { readonly [N in CompositeName]?: Lower<N> };

/** Declares the entries of one family, so that each is checked against its operation. */
export function family<T extends Partial<PrimitiveTable>>(table: T): T {
  return table;
}

/** Broadcasts shapes that are known to fit. */
export function meet(shapes: readonly Shape[]): Shape {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, i) => {
    for (const shape of shapes) {
      const extent = shape[i - rank + shape.length];
      if (extent !== undefined && extent !== 1) return extent;
    }
    return 1;
  });
}

/** The state of writing one model, and the shorthands that the tables share. */
export class Lowering {
  readonly graph: GraphWriter;
  readonly target: Target;
  readonly #forEngine: boolean;
  readonly #casts = new Map<Term, Map<ElementType, Term>>();

  /** `forEngine`: whether a runtime of ours runs the model, and can give it a further input. */
  constructor(graph: GraphWriter, target: Target, forEngine: boolean) {
    this.#forEngine = forEngine;
    this.graph = graph;
    this.target = target;
  }

  get webgpu(): boolean {
    return this.target === 'webgpu';
  }

  /** A node whose inputs broadcast. Repetition that no input holds is not written out in the result either. */
  elementwise(
    op: string,
    inputs: readonly Term[],
    dtype: DType,
    shape: Shape = meet(inputs.map((x) => x.shape)),
    attributes: NodeAttributes = {},
  ): Term {
    const stored = meet(inputs.map((x) => x.stored));
    return { ...this.graph.node(op, inputs, attributes, dtype, stored), shape };
  }

  /** A node on values with every repetition written out. */
  node(
    op: string,
    inputs: readonly (Term | undefined)[],
    attributes: NodeAttributes,
    dtype: ElementType,
    shape: Shape,
  ): Term {
    return this.graph.node(
      op,
      inputs.map((x) => x && this.graph.full(x)),
      attributes,
      dtype,
      shape,
    );
  }

  /**
   * Adds `updates` at `places` along axis 1 of zeros. On WebGPU the kernel writes over its first input where it may, and
   * copies it where it may not. Replaying recorded work leaves copies out, so there the zeros are computed in every run,
   * and the result is never the model's: it is one kernel away.
   */
  scatterSum(places: Term, updates: Term, dtype: DType, shape: Shape): Term {
    const scatter = (zeros: Term): Term =>
      this.node('ScatterElements', [zeros, places, updates], { axis: 1, reduction: 'add' }, dtype, shape);
    if (!this.#forEngine || !this.webgpu) return scatter(this.uniform(0, dtype, shape));
    this.#zero ??= this.graph.input('zero', 'float32', []);
    const zero = this.cast(this.#zero, dtype);
    const zeros = this.graph.node('Expand', [zero, this.graph.int64(shape)], {}, dtype, shape);
    const sum = scatter(zeros);
    this.#scattered.set(sum.name!, zero);
    return sum;
  }
  /** A term that may be an output of the model. */
  settled(term: Term): Term {
    const { base } = term;
    const zero = this.#scattered.get((base ?? term).name!);
    return zero === undefined ? term : this.elementwise('Add', [base ?? term, zero], term.dtype as DType);
  }
  /** The name of the input that {@link scatterSum} needs, once it has been called. */
  get zeroName(): string | undefined {
    return this.#zero?.name;
  }
  #zero: Term | undefined;
  readonly #scattered = new Map<string, Term>();

  /** What `write` gives, written once for each key. */
  once<T>(key: string, write: () => T): T {
    const known = this.#written.get(key);
    if (known !== undefined) return known as T;
    const result = write();
    this.#written.set(key, result);
    return result;
  }
  readonly #written = new Map<string, unknown>();

  uniform(value: number, dtype: DType, shape: Shape = []): Term {
    return this.graph.uniform(value, dtype, shape);
  }
  /** One number with the dtype of `x`. */
  like(x: Term, value: number): Term {
    return this.uniform(value, x.dtype as DType);
  }

  cast(x: Term, dtype: ElementType): Term {
    if (x.dtype === dtype) return x;
    if (x.data !== undefined && dtype !== 'int64' && x.dtype !== 'int64')
      return this.graph.known(
        convert(x.data as Parameters<typeof hostToNumbers>[0], x.dtype, dtype),
        dtype,
        x.stored,
        x.shape,
      );
    let known = this.#casts.get(x);
    if (known === undefined) this.#casts.set(x, (known = new Map()));
    let out = known.get(dtype);
    if (out === undefined) {
      out = { ...this.graph.node('Cast', [x], { to: elementTypes[dtype] }, dtype, x.stored), shape: x.shape };
      known.set(dtype, out);
    }
    return out;
  }

  /** Runs `write` on bools as int32 where the engine has no kernel for bools. */
  asIntegers(inputs: readonly Term[], write: (inputs: readonly Term[]) => Term): Term {
    if (inputs[0]!.dtype !== 'bool') return write(inputs);
    return this.cast(write(inputs.map((x) => this.cast(x, 'int32'))), 'bool');
  }

  reshape(x: Term, shape: Shape): Term {
    // What stands in every place stands in every place of the new shape too.
    if (sizeOf(x.stored) === 1 && sizeOf(shape) > 1) return { ...this.graph.reshaped(x, []), shape };
    return this.graph.reshaped(this.graph.full(x), shape);
  }

  permute(x: Term, permutation: readonly number[]): Term {
    const shape = permutation.map((axis) => x.shape[axis]!);
    if (sizeOf(x.stored) === 1) return { ...this.graph.reshaped(x, []), shape };
    const full = this.graph.full(x);
    // Moving axes of extent 1 about moves no element.
    const moved = permutation.filter((axis) => x.shape[axis] !== 1);
    if (moved.every((axis, i) => i === 0 || axis > moved[i - 1]!)) return this.graph.reshaped(full, shape);
    const transpose = ([y]: readonly Term[]): Term =>
      this.graph.node('Transpose', [y!], { perm: permutation }, y!.dtype, shape);
    return this.webgpu ? this.asIntegers([full], transpose) : transpose([full]);
  }
}

function convert(data: Parameters<typeof hostToNumbers>[0], from: DType, to: DType): ReturnType<typeof numbersToHost> {
  return numbersToHost(hostToNumbers(data, from), to);
}
