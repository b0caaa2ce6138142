import type { DType, Shape } from '@chimera-nn/core';
import { numbersToHost, sameShape } from '@chimera-nn/core';
import type { Session } from './session.ts';
import type { ConstantData, OperationCall, Sink, Tensor, TensorType } from './sink.ts';
import { dataTypes } from './sink.ts';

/** A live tensor of the engine. */
export class EagerTensor implements Tensor {
  readonly id: number;
  readonly type: TensorType;
  readonly shape: Shape;
  /** How many values hold it. */
  holders = 0;

  constructor(id: number, type: TensorType, shape: Shape) {
    this.id = id;
    this.type = type;
    this.shape = shape;
  }
}

/** Executes every operation at once, and deletes every tensor when nothing needs it any more. */
export class EagerSink implements Sink {
  readonly #session: Session;
  readonly #inputs: readonly EagerTensor[];
  readonly #live = new Set<EagerTensor>();
  #recent: EagerTensor[] = [];

  /** `inputs` are borrowed: the sink never deletes them. */
  constructor(session: Session, inputs: readonly EagerTensor[]) {
    this.#session = session;
    this.#inputs = inputs;
  }

  input(index: number): Tensor {
    return this.#inputs[index]!;
  }

  constant(data: ConstantData, type: TensorType, shape: Shape): Tensor {
    return this.#own(this.#session.createTensor(data, type, shape), type, shape);
  }

  number(value: number, type: DType): Tensor {
    return this.constant(numbersToHost([value], type), type, []);
  }

  op({ name, inputs, attributes, type, shape, outputs = 1, output = 0 }: OperationCall): Tensor {
    const ids = inputs.map((tensor) => (tensor as EagerTensor).id);
    const results = this.#session.execute(name, attributes, ids, outputs);
    for (const [i, { id }] of results.entries()) if (i !== output) this.#session.deleteTensor(id);
    const result = results[output]!;
    const tensor = this.#own(result.id, type, shape);
    // A lowering that is wrong about its result would go on to give wrong numbers.
    if (result.dtype !== dataTypes[type] || !sameShape(result.shape, shape))
      throw new Error(
        `TensorFlow's ${name} gave shape [${result.shape.join(', ')}] and type ${result.dtype} where [${shape.join(', ')}] and ${type} were expected`,
      );
    return tensor;
  }

  retain(tensor: Tensor): void {
    (tensor as EagerTensor).holders++;
  }

  release(tensor: Tensor): void {
    const own = tensor as EagerTensor;
    own.holders--;
    if (own.holders === 0 && this.#live.has(own)) this.#delete(own);
  }

  /** Ends an instruction: what it made and nobody holds is deleted. */
  sweep(): void {
    for (const tensor of this.#recent) if (tensor.holders === 0 && this.#live.has(tensor)) this.#delete(tensor);
    this.#recent = [];
  }

  /** Gives a tensor away, if nobody else can delete or need it; otherwise a second number for it. */
  take(tensor: Tensor): number {
    const own = tensor as EagerTensor;
    if (own.holders <= 1 && this.#live.delete(own)) return own.id;
    return this.#session.duplicate(own.id, own.type);
  }

  /** Deletes all that is left. */
  close(): void {
    for (const tensor of this.#live) this.#delete(tensor);
  }

  #own(id: number, type: TensorType, shape: Shape): EagerTensor {
    const tensor = new EagerTensor(id, type, shape);
    this.#live.add(tensor);
    this.#recent.push(tensor);
    return tensor;
  }

  #delete(tensor: EagerTensor): void {
    this.#live.delete(tensor);
    this.#session.deleteTensor(tensor.id);
  }
}
