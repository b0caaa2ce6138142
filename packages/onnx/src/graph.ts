import { create, toBinary } from '@bufbuild/protobuf';
import type { DType, HostArray, Shape } from '@chimera-nn/core';
import { numbersToHost, sameShape, sizeOf } from '@chimera-nn/core';
import type { AttributeProto, NodeProto, TensorProto, ValueInfoProto } from './generated/onnx_pb.ts';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from './generated/onnx_pb.ts';

/** Element types inside a model: those of tensors, and the int64 in which ONNX writes shapes and axes. */
export type ElementType = DType | 'int64';

/** ONNX's number for an element type. */
export const elementTypes: Readonly<Record<ElementType, number>> = {
  float32: DataType.FLOAT,
  float16: DataType.FLOAT16,
  float64: DataType.DOUBLE,
  int32: DataType.INT32,
  int64: DataType.INT64,
  bool: DataType.BOOL,
};

/** Node attributes by name. Whole numbers become ints, so floats are written as `{ float }`. */
export type NodeAttributes = Readonly<Record<string, number | string | readonly number[] | { readonly float: number }>>;

/**
 * A value of the model while it is written. `shape` is its meaning; `stored` is what the model holds, which may leave
 * out repetition: `stored` broadcasts to `shape`. A value that is known on the host has `data` (of `stored`'s size)
 * and enters the model as an initializer when a node first needs it.
 */
export interface Term {
  readonly dtype: ElementType;
  readonly shape: Shape;
  readonly stored: Shape;
  /** The name in the model, unless `data` or emptiness makes one unnecessary. */
  readonly name?: string;
  readonly data?: HostArray | BigInt64Array;
  /** What this term is a mere reshaping of. */
  readonly base?: Term;
}

/** Whether a value has no elements. Such values never enter a model. */
export function isEmpty(term: { readonly shape: Shape }): boolean {
  return sizeOf(term.shape) === 0;
}

/** Whether a value is one number, known on the host, in every place. */
export function isUniform(term: Term): boolean {
  return term.data !== undefined && sizeOf(term.stored) === 1;
}

/** Collects nodes, initializers, inputs and outputs, and writes them as a model. */
export class GraphWriter {
  readonly #nodes: NodeProto[] = [];
  readonly #initializers: TensorProto[] = [];
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  readonly #dataNames = new Map<HostArray | BigInt64Array, Map<string, string>>();
  readonly #initializerNames = new Map<string, string>();
  readonly #full = new Map<Term, Term>();
  #prefix = '';
  #count = 0;

  /** Names the nodes that follow after an instruction, so that an engine's message leads back to it. */
  beginInstruction(index: number): void {
    this.#prefix = `i${index}_`;
  }

  /** The number of nodes that the outputs need. */
  get length(): number {
    return this.#needed().node.length;
  }

  input(name: string, dtype: DType, shape: Shape): Term {
    this.#inputs.push(valueInfo(name, dtype, shape));
    return { dtype, shape, stored: shape, name };
  }

  /** Declares an output; `name` must be a node's result or an initializer. */
  output(name: string, dtype: DType, shape: Shape): void {
    this.#outputs.push(valueInfo(name, dtype, shape));
  }

  /** A value that is known on the host. */
  known(data: HostArray | BigInt64Array, dtype: ElementType, stored: Shape, shape: Shape = stored): Term {
    return { dtype, shape, stored, data };
  }
  /** One number in every place of `shape`. */
  uniform(value: number, dtype: DType, shape: Shape = []): Term {
    return this.known(numbersToHost([value], dtype), dtype, [], shape);
  }
  /** Shapes, axes and the like. */
  int64(values: readonly number[]): Term {
    return this.known(BigInt64Array.from(values, BigInt), 'int64', [values.length]);
  }
  /** A float initializer under a name of its own, for parameters of exported models. */
  initializer(name: string, data: HostArray, dtype: DType, shape: Shape): Term {
    this.#initializers.push(tensor(name, dtype, shape, data));
    return { dtype, shape, stored: shape, name };
  }

  /** Adds a node with one result. Inputs are taken as stored; `undefined` leaves an optional input out. */
  node(
    op: string,
    inputs: readonly (Term | undefined)[],
    attributes: NodeAttributes,
    dtype: ElementType,
    shape: Shape,
    domain = '',
  ): Term {
    const name = `${this.#prefix}${op}_${this.#count++}`;
    this.addNode(op, inputs, [name], attributes, domain);
    return { dtype, shape, stored: shape, name };
  }

  /** Adds a node whose results are named by the caller. */
  addNode(
    op: string,
    inputs: readonly (Term | undefined)[],
    outputs: readonly string[],
    attributes: NodeAttributes = {},
    domain = '',
  ): void {
    const input = inputs.map((term) => (term === undefined ? '' : this.nameOf(term)));
    const attribute = Object.entries(attributes).map(([key, value]) => attributeOf(key, value));
    this.#nodes.push(
      create(NodeProtoSchema, {
        name: outputs.find((name) => name !== '')!,
        opType: op,
        domain,
        input,
        output: [...outputs],
        attribute,
      }),
    );
  }

  /** A fresh name for a further result of a node. */
  freshName(op: string): string {
    return `${this.#prefix}${op}_${this.#count++}`;
  }

  /** The term with every repetition written out: `stored` is `shape`. */
  full(term: Term): Term {
    if (sameShape(term.stored, term.shape)) return term;
    const known = this.#full.get(term);
    if (known !== undefined) return known;
    const size = sizeOf(term.shape);
    let out: Term;
    if (sizeOf(term.stored) === size) out = this.reshaped(term, term.shape);
    // Small tables are cheaper as data than as a node.
    else if (isUniform(term) && size <= 4096) out = this.known(repeat(term.data!, size), term.dtype, term.shape);
    else out = this.node('Expand', [term, this.int64(term.shape)], {}, term.dtype, term.shape);
    this.#full.set(term, out);
    return out;
  }

  /** The stored elements of a term in another shape of the same size, without a chain of reshapes. */
  reshaped(term: Term, shape: Shape): Term {
    if (sameShape(term.stored, shape)) return { ...term, shape };
    if (term.data !== undefined) return this.known(term.data, term.dtype, shape);
    const base = term.base ?? term;
    if (sameShape(base.stored, shape)) return { ...base, shape };
    return { ...this.node('Reshape', [base, this.int64(shape)], {}, term.dtype, shape), base };
  }

  /** The name under which the model knows the stored elements of a term. */
  nameOf(term: Term): string {
    if (term.name !== undefined) return term.name;
    const { data, dtype, stored } = term;
    if (data === undefined) throw new Error(`a value of shape [${term.shape.join(', ')}] has no elements to name`);
    // Bytes, not numbers: -0 and 0 differ.
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const key = bytes.length <= 64 ? `${dtype}[${stored.join()}]${bytes.join()}` : undefined;
    const known = key === undefined ? this.#dataNames.get(data)?.get(stored.join()) : this.#initializerNames.get(key);
    if (known !== undefined) return known;
    const name = `c${this.#initializers.length}`;
    this.#initializers.push(tensor(name, dtype, stored, data));
    if (key !== undefined) this.#initializerNames.set(key, name);
    else {
      const names = this.#dataNames.get(data) ?? new Map<string, string>();
      names.set(stored.join(), name);
      this.#dataNames.set(data, names);
    }
    return name;
  }
  /** The bytes of the model. Nodes and initializers that no output needs are left out. */
  finish(opset: number, graphName = 'program'): Uint8Array<ArrayBuffer> {
    const { node, initializer } = this.#needed();
    const domains = new Set(['', ...node.map(({ domain }) => domain)]);
    const model = create(ModelProtoSchema, {
      // The version of the format that belongs to opset 20.
      irVersion: 9n,
      producerName: 'chimera-nn',
      opsetImport: [...domains].map((domain) =>
        create(OperatorSetIdProtoSchema, { domain, version: domain === '' ? BigInt(opset) : 1n }),
      ),
      graph: create(GraphProtoSchema, {
        name: graphName,
        node,
        initializer,
        input: this.#inputs,
        output: this.#outputs,
      }),
    });
    return toBinary(ModelProtoSchema, model);
  }

  #needed(): { readonly node: NodeProto[]; readonly initializer: TensorProto[] } {
    const needed = new Set(this.#outputs.map(({ name }) => name));
    const node = this.#nodes
      .toReversed()
      .filter(({ input, output }) => {
        if (!output.some((name) => needed.has(name))) return false;
        for (const name of input) needed.add(name);
        return true;
      })
      .toReversed();
    // A kernel that is not asked for its further results does not compute them.
    for (const { opType, output } of node)
      if (opType === 'LayerNormalization') while (!needed.has(output.at(-1)!)) output.pop();
    return { node, initializer: this.#initializers.filter(({ name }) => needed.has(name)) };
  }
}

function repeat(data: HostArray | BigInt64Array, size: number): HostArray | BigInt64Array {
  if (data instanceof BigInt64Array) return new BigInt64Array(size).fill(data[0]!);
  const out = data.slice(0, 0).constructor as new (length: number) => HostArray;
  return new out(size).fill(data[0]!);
}

function tensor(name: string, dtype: ElementType, shape: Shape, data: HostArray | BigInt64Array): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dataType: elementTypes[dtype],
    dims: shape.map(BigInt),
    rawData: new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength),
  });
}

function valueInfo(name: string, dtype: ElementType, shape: Shape): ValueInfoProto {
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, {
      value: {
        case: 'tensorType',
        value: create(TypeProto_TensorSchema, {
          elemType: elementTypes[dtype],
          shape: create(TensorShapeProtoSchema, {
            dim: shape.map((extent) =>
              create(TensorShapeProto_DimensionSchema, { value: { case: 'dimValue', value: BigInt(extent) } }),
            ),
          }),
        }),
      },
    }),
  });
}

const utf8 = new TextEncoder();

function attributeOf(name: string, value: NodeAttributes[string]): AttributeProto {
  if (typeof value === 'number')
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  if (typeof value === 'string')
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: utf8.encode(value) });
  if ('float' in value) return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) });
}
