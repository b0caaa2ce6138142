import { create } from '@bufbuild/protobuf';
import type { DType, Shape } from '@chimera-nn/core';
import { numbersToHost } from '@chimera-nn/core';
import type { AttrValue, NodeDef, TensorShapeProto } from './generated/graph_pb.ts';
import { AttrValueSchema, NodeDefSchema, TensorShapeProtoSchema } from './generated/graph_pb.ts';
import type { AttributeValue, ConstantData, OperationCall, Sink, Tensor, TensorType } from './sink.ts';
import { dataTypes } from './sink.ts';

/** An output of a node. */
export interface NodeOutput extends Tensor {
  /** The way nodes name their inputs: `n3_7`, or `n3_7:1` for the second output. */
  readonly reference: string;
}

/** Appends every operation to a TensorFlow graph. */
export class GraphSink implements Sink {
  readonly nodes: NodeDef[] = [];
  readonly #constants = new Map<string, NodeOutput>();
  readonly #numbers = new Map<string, NodeOutput>();
  #prefix = 'n';

  /** Names the following nodes after an instruction, so that errors of the engine can be traced back to it. */
  begin(instruction: number): void {
    this.#prefix = `n${instruction}`;
  }

  input(index: number, type: TensorType, shape: Shape): Tensor {
    const name = inputName(index);
    this.#node(name, 'Placeholder', [], { dtype: attribute({ type }), shape: shapeAttribute(shape) });
    return output(name, type, shape);
  }

  constant(data: ConstantData, type: TensorType, shape: Shape): Tensor {
    const content = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
    const key = `${type}[${shape.join()}]${content.join()}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const name = this.#name();
    this.#node(name, 'Const', [], {
      dtype: attribute({ type }),
      value: create(AttrValueSchema, {
        value: {
          case: 'tensor',
          value: { dtype: dataTypes[type], tensorShape: shapeProto(shape), tensorContent: content },
        },
      }),
    });
    const constant = output(name, type, shape);
    this.#constants.set(key, constant);
    return constant;
  }

  // TensorFlow's optimizer would collect constants, (x + a) - a into x and (x a) b into x (a b), which rounds and
  // overflows where the program does not. It does not look through a placeholder, even one that has a default.
  number(value: number, type: DType): Tensor {
    const key = `${type} ${Object.is(value, -0) ? '-0' : String(value)}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const constant = this.constant(numbersToHost([value], type), type, []) as NodeOutput;
    const name = this.#name();
    this.#node(name, 'PlaceholderWithDefault', [constant.reference], {
      dtype: attribute({ type }),
      shape: shapeAttribute([]),
    });
    const number = output(name, type, []);
    this.#numbers.set(key, number);
    return number;
  }

  op({ name: operation, inputs, attributes, type, shape, output: index = 0 }: OperationCall): Tensor {
    const name = this.#name();
    const attr = Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, attribute(value)]));
    this.#node(
      name,
      operation,
      inputs.map((x) => (x as NodeOutput).reference),
      attr,
    );
    return output(index === 0 ? name : `${name}:${index}`, type, shape);
  }

  /** A node of its own for a result: the engine gives no tensor twice, and none that it was given. */
  result(index: number, tensor: Tensor): void {
    this.#node(outputName(index), 'Identity', [(tensor as NodeOutput).reference], {
      T: attribute({ type: tensor.type }),
    });
  }

  // A graph holds no memory.
  retain(): void {}
  release(): void {}

  #name(): string {
    return `${this.#prefix}_${this.nodes.length}`;
  }

  #node(name: string, op: string, input: readonly string[], attr: Record<string, AttrValue>): void {
    this.nodes.push(create(NodeDefSchema, { name, op, input: [...input], attr }));
  }
}

// Short: the engine copies the list of all names once per name in every run.
export function inputName(index: number): string {
  return `i${index}`;
}

export function outputName(index: number): string {
  return `o${index}`;
}

/** The instruction that the engine's error message blames. */
export function blamedInstruction(message: string): number | undefined {
  const name = /\{\{node n(\d+)/.exec(message)?.[1];
  return name === undefined ? undefined : Number(name);
}

function output(reference: string, type: TensorType, shape: Shape): NodeOutput {
  return { reference, type, shape };
}

function shapeProto(shape: Shape): TensorShapeProto {
  return create(TensorShapeProtoSchema, { dim: shape.map((extent) => ({ size: BigInt(extent) })) });
}

function shapeAttribute(shape: Shape): AttrValue {
  return create(AttrValueSchema, { value: { case: 'shape', value: shapeProto(shape) } });
}

const text = new TextEncoder();

function attribute(value: AttributeValue): AttrValue {
  if ('type' in value) return create(AttrValueSchema, { value: { case: 'type', value: dataTypes[value.type] } });
  if ('int' in value) return create(AttrValueSchema, { value: { case: 'i', value: BigInt(value.int) } });
  if ('bool' in value) return create(AttrValueSchema, { value: { case: 'b', value: value.bool } });
  if ('text' in value) return create(AttrValueSchema, { value: { case: 's', value: text.encode(value.text) } });
  return create(AttrValueSchema, { value: { case: 'list', value: { i: value.ints.map((n) => BigInt(n)) } } });
}
