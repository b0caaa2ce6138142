import { Builder } from './builder.ts';
import type { DType } from './dtype.ts';
import type { Instruction, Program, ProgramInput } from './program.ts';
import type { AttributesOf, CompositeName, OperationName } from './registry.ts';
import { isComposite, operationOf } from './registry.ts';
import type { Shape } from './shape.ts';
import { sameShape } from './shape.ts';
import type { Value } from './value.ts';

interface ProgramValue extends Value {
  readonly index: number;
}

/**
 * Builds a program directly, without tensors. Equal operations on equal values are built once, so a program holds
 * no repeated work.
 */
export class ProgramBuilder extends Builder {
  readonly #inputs: ProgramInput[] = [];
  readonly #instructions: Instruction[] = [];
  readonly #values: ProgramValue[] = [];
  readonly #known = new Map<string, ProgramValue>();
  readonly #native: ReadonlySet<CompositeName> | 'all';

  /** `native`: the composites that stay whole; all others are expanded. Default: every composite stays whole. */
  constructor(native: Iterable<CompositeName> | 'all' = 'all') {
    super();
    this.#native = native === 'all' ? 'all' : new Set(native);
  }

  input(dtype: DType, shape: Shape): Value {
    const index = this.#inputs.length;
    this.#inputs.push({ dtype, shape: [...shape] });
    return this.emit('input', [], { index, dtype, shape: [...shape] });
  }

  override emit<N extends OperationName>(name: N, inputs: readonly Value[], attributes: AttributesOf<N>): Value {
    const operation = operationOf(name);
    if (this.#native !== 'all' && isComposite(name) && !this.#native.has(name))
      return operation.expand!(this, inputs, attributes);
    if (isIdentity(name, inputs, attributes)) return inputs[0]!;
    const indices = inputs.map((value) => (value as ProgramValue).index);
    const key = instructionKey(name, indices, attributes);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { dtype, shape } = operation.infer(inputs, attributes);
    const value: ProgramValue = { dtype, shape, index: this.#instructions.length };
    this.#instructions.push({ op: name, inputs: indices, attributes, dtype, shape } as unknown as Instruction);
    this.#known.set(key, value);
    this.#values.push(value);
    return value;
  }

  /** How a value of this builder was made; `null` for inputs. */
  definitionOf(value: Value): { name: OperationName; inputs: readonly Value[]; attributes: unknown } | null {
    const { op, inputs, attributes } = this.#instructions[this.indexOf(value)]!;
    return op === 'input' ? null : { name: op, inputs: inputs.map((i) => this.#values[i]!), attributes };
  }

  /** The index of a value of this builder. */
  indexOf(value: Value): number {
    return (value as ProgramValue).index;
  }

  /** The number of instructions so far. */
  get length(): number {
    return this.#instructions.length;
  }

  /**
   * Ends building: drops what no output needs, and freezes. Inputs stay, in their order. `kept`, if given, receives
   * for each instruction of the program its index in this builder.
   */
  finish(outputs: readonly Value[], kept: number[] = []): Program {
    const roots = outputs.map((value) => this.indexOf(value));
    const needed = new Set<number>(roots);
    for (let i = this.#instructions.length - 1; i >= 0; i--) {
      const instruction = this.#instructions[i]!;
      if (instruction.op === 'input') needed.add(i);
      else if (needed.has(i)) for (const input of instruction.inputs) needed.add(input);
    }
    const renumbered = new Map<number, number>();
    const instructions: Instruction[] = [];
    for (const [i, instruction] of this.#instructions.entries()) {
      if (!needed.has(i)) continue;
      renumbered.set(i, instructions.length);
      kept.push(i);
      instructions.push(
        Object.freeze({ ...instruction, inputs: instruction.inputs.map((j) => renumbered.get(j)!) }) as Instruction,
      );
    }
    return Object.freeze({
      inputs: Object.freeze([...this.#inputs]),
      instructions: Object.freeze(instructions),
      outputs: Object.freeze(roots.map((i) => renumbered.get(i)!)),
    });
  }
}

/** Whether an operation gives its input back unchanged. */
function isIdentity(name: OperationName, inputs: readonly Value[], attributes: unknown): boolean {
  switch (name) {
    case 'stopGradient':
      return true;
    case 'reshape':
    case 'broadcastTo':
      return sameShape(inputs[0]!.shape, (attributes as AttributesOf<'reshape'>).shape);
    case 'cast':
      return inputs[0]!.dtype === (attributes as AttributesOf<'cast'>).dtype;
    default:
      return false;
  }
}

/** Text that is equal exactly for equal instructions. Object.is, not ===, tells -0 from 0 and NaN from NaN. */
export function instructionKey(name: string, inputs: readonly number[], attributes: unknown): string {
  let key = `${name}(${inputs.join()})`;
  for (const [attribute, value] of Object.entries(attributes as Readonly<Record<string, unknown>>))
    key += `;${attribute}=${Object.is(value, -0) ? '-0' : String(value)}`;
  return key;
}
