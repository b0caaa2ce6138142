import type { DType, HostArray, HostValue, Instruction, Program, Shape } from '@chimera-nn/core';
import { ExecutionError, allocateHost, isComposite, sizeOf } from '@chimera-nn/core';
import { findFusions } from './fuse.ts';
import type { Term } from './graph.ts';
import { GraphWriter, isEmpty } from './graph.ts';
import { compositeTables } from './lower/composite.ts';
import type { Lower, Target } from './lower/lowering.ts';
import { Lowering, opset } from './lower/lowering.ts';
import { primitiveTable } from './lower/table.ts';

/** Where a result of a program comes from once its model has run. */
export type ResultSource =
  /** The model's output of this name. */
  | { readonly kind: 'model'; readonly name: string }
  /** The program's input of this index, unchanged. */
  | { readonly kind: 'input'; readonly index: number }
  /** Known without running anything; also every result without elements. */
  | { readonly kind: 'known'; readonly data: HostArray };

/** An output of a model. */
export interface ModelOutput {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
}

/** A program as a model for an engine. */
export interface EmittedProgram {
  /** The model, or undefined where nothing needs to be computed. */
  readonly model: Uint8Array<ArrayBuffer> | undefined;
  /** The name of each input of the program in the model; undefined where the model does without it. */
  readonly inputs: readonly (string | undefined)[];
  /** Each result of the program. A model's output may serve several. */
  readonly results: readonly ResultSource[];
  /** The model's outputs, each once. Results may have another shape of the same size. */
  readonly outputs: readonly ModelOutput[];
  /** The name of a further input: a float32 0 without axes. Present where nodes write over zeros. */
  readonly zero: string | undefined;
  /** The number of nodes in the model. */
  readonly nodes: number;
}

/** Writes a program as a model for an engine, which deals with empty, known and repeated results itself. */
export function emitProgram(program: Program, options: { readonly target: Target }): EmittedProgram {
  const graph = new GraphWriter();
  const lowering = new Lowering(graph, options.target, true);
  const used = usedInputs(program);
  const names = program.inputs.map((input, i) => (used.has(i) && !isEmpty(input) ? `x${i}` : undefined));
  const declared = program.inputs.map(({ dtype, shape }, i): Term => {
    const name = names[i];
    return name === undefined ? { dtype, shape, stored: shape } : graph.input(name, dtype, shape);
  });
  const terms = lower(program, lowering, declared);
  const outputs = new Map<string, ModelOutput>();
  const results = program.outputs.map((instruction): ResultSource => {
    const { dtype } = program.instructions[instruction]!;
    const term = terms[instruction]!;
    if (isEmpty(term)) return { kind: 'known', data: allocateHost(dtype, 0) };
    if (term.data !== undefined) return { kind: 'known', data: writtenOut(term) };
    // A buffer has no shape of its own: what was reshaped last serves as it was before.
    const full = lowering.settled(graph.full(term));
    const { name, stored } = full.base ?? full;
    const input = names.indexOf(name);
    if (input >= 0) return { kind: 'input', index: input };
    outputs.set(name!, { name: name!, dtype, shape: stored });
    return { kind: 'model', name: name! };
  });
  for (const { name, dtype, shape } of outputs.values()) graph.output(name, dtype, shape);
  return {
    model: outputs.size === 0 ? undefined : graph.finish(opset),
    inputs: names,
    results,
    outputs: [...outputs.values()],
    zero: lowering.zeroName,
    nodes: graph.length,
  };
}

/** How a model is written to be kept. */
export interface EmitModelOptions {
  /** What will run it. Default `'portable'`. */
  readonly target?: Target;
  /** Names of the program's inputs, in order. Default `input0`, `input1`, ... */
  readonly inputNames?: readonly string[];
  /** Names of the program's results, in order. Default `output0`, `output1`, ... */
  readonly outputNames?: readonly string[];
  /** Inputs of the program, by index, whose values are stored in the model. */
  readonly initializers?: ReadonlyMap<number, HostValue>;
  /** The name of the graph. Default `program`. */
  readonly name?: string;
}

/**
 * Writes a program as a self-contained ONNX model (opset 20). Composites that ONNX has nodes for stay whole, others must
 * have been expanded: see {@link nativeComposites}.
 *
 * @throws TypeError where names are missing or repeated.
 */
export function emitModel(program: Program, options: EmitModelOptions = {}): Uint8Array<ArrayBuffer> {
  const graph = new GraphWriter();
  const lowering = new Lowering(graph, options.target ?? 'portable', false);
  const inputNames = options.inputNames ?? program.inputs.map((_, i) => `input${i}`);
  const outputNames = options.outputNames ?? program.outputs.map((_, i) => `output${i}`);
  requireNames('inputNames', inputNames, program.inputs.length, []);
  requireNames('outputNames', outputNames, program.outputs.length, inputNames);
  const declared = program.inputs.map(({ dtype, shape }, i): Term => {
    const value = options.initializers?.get(i);
    if (value !== undefined) return graph.initializer(inputNames[i]!, value.data, dtype, shape);
    const term = graph.input(inputNames[i]!, dtype, shape);
    return isEmpty(term) ? { dtype, shape, stored: shape } : term;
  });
  const terms = lower(program, lowering, declared);
  for (const [i, instruction] of program.outputs.entries()) {
    const { dtype, shape } = program.instructions[instruction]!;
    const term = terms[instruction]!;
    const value = isEmpty(term) ? graph.known(allocateHost(dtype, 0), dtype, shape) : graph.full(term);
    graph.addNode('Identity', [value], [outputNames[i]!]);
    graph.output(outputNames[i]!, dtype, shape);
  }
  return graph.finish(opset, options.name);
}

function requireNames(option: string, names: readonly string[], count: number, taken: readonly string[]): void {
  if (names.length !== count)
    throw new TypeError(`emitModel: ${option} has ${names.length} names, the program has ${count}`);
  const seen = new Set(taken);
  for (const name of names) {
    if (seen.has(name)) throw new TypeError(`emitModel: the name "${name}" is given twice`);
    if (name === '') throw new TypeError(`emitModel: ${option} must not hold an empty name`);
    seen.add(name);
  }
}

function usedInputs(program: Program): ReadonlySet<number> {
  const used = new Set<number>();
  const mark = (index: number): void => {
    const instruction = program.instructions[index]!;
    if (instruction.op === 'input') used.add(instruction.attributes.index);
  };
  for (const { inputs } of program.instructions) inputs.forEach(mark);
  program.outputs.forEach(mark);
  return used;
}

function lower(program: Program, lowering: Lowering, declared: readonly Term[]): readonly Term[] {
  const fusions = findFusions(program);
  const deferred = new Set([...fusions.values()].flatMap(({ parts }) => parts));
  const terms: Term[] = [];
  const write = (index: number): Term => {
    const instruction = program.instructions[index]!;
    const inputs =
      instruction.op === 'input' ? [declared[instruction.attributes.index]!] : instruction.inputs.map((i) => terms[i]!);
    return lowerInstruction(lowering, instruction, inputs);
  };
  for (const [index, instruction] of program.instructions.entries()) {
    if (deferred.has(index)) {
      // Written with what it flows into.
      terms.push({ dtype: instruction.dtype, shape: instruction.shape, stored: instruction.shape });
      continue;
    }
    lowering.graph.beginInstruction(index);
    try {
      const fusion = fusions.get(index);
      const fused = fusion?.write(lowering, terms);
      if (fused === undefined) for (const part of fusion?.parts ?? []) terms[part] = write(part);
      terms.push(fused ?? write(index));
    } catch (cause) {
      throw new ExecutionError(
        `${instruction.op}: could not be written as ONNX: ${cause instanceof Error ? cause.message : String(cause)}`,
        { instruction: index, cause },
      );
    }
  }
  return terms;
}

function lowerInstruction(lowering: Lowering, instruction: Instruction, inputs: readonly Term[]): Term {
  const { op, dtype, shape } = instruction;
  if (isEmpty(instruction)) return { dtype, shape, stored: shape };
  if (op !== 'concat' && inputs.some(isEmpty)) return lowering.uniform(overNothing(instruction), dtype, shape);
  const write = (isComposite(op) ? compositeTables[lowering.target][op] : primitiveTable[op]) as
    | Lower<typeof op>
    | undefined;
  if (write === undefined) throw new TypeError(`ONNX has no node for ${op} on ${lowering.target}; expand it first`);
  return write(lowering, inputs, instruction);
}

/** What an operation gives in every place when one of its inputs has no elements: sums of nothing are 0, products 1. */
function overNothing(instruction: Instruction): number {
  if (instruction.op === 'reduceProd') return 1;
  return instruction.op === 'pad' ? instruction.attributes.value : 0;
}

function writtenOut(term: Term): HostArray {
  const data = term.data as HostArray;
  const size = sizeOf(term.shape);
  if (data.length === size) return data.slice();
  const out = new (data.constructor as new (length: number) => HostArray)(size);
  if (data.length === 1) return out.fill(data[0]!);
  return spread(out, data, term.stored, term.shape);
}

function spread(out: HostArray, data: HostArray, stored: Shape, shape: Shape): HostArray {
  const lead = shape.length - stored.length;
  for (let i = 0; i < out.length; i++) {
    let rest = i;
    let source = 0;
    let step = 1;
    for (let axis = shape.length - 1; axis >= lead; axis--) {
      const extent = stored[axis - lead]!;
      if (extent !== 1) source += (rest % shape[axis]!) * step;
      step *= extent;
      rest = Math.floor(rest / shape[axis]!);
    }
    out[i] = data[source]!;
  }
  return out;
}
