import { create, toBinary } from '@bufbuild/protobuf';
import type { Program } from '@chimera-nn/core';
import { ExecutionError } from '@chimera-nn/core';
import type { SavedModel } from './generated/graph_pb.ts';
import { SavedModelSchema } from './generated/graph_pb.ts';
import { GraphSink } from './graph.ts';
import { Kernels } from './kernels.ts';
import { lowerInstruction } from './lower/table.ts';
import type { Value } from './value.ts';

// Version 26 (2017) is the oldest whose graphs every engine in question understands with the meaning that is meant here.
const producer = 1087;

/** A program as a TensorFlow graph: one placeholder per input, one node per result, no variables and no functions. */
export function emit(program: Program): SavedModel {
  const sink = new GraphSink();
  const kernels = new Kernels(sink);
  const values: Value[] = [];
  for (const [i, instruction] of program.instructions.entries()) {
    sink.begin(i);
    try {
      values.push(
        lowerInstruction(
          kernels,
          instruction.inputs.map((j) => values[j]!),
          instruction,
        ),
      );
    } catch (cause) {
      throw new ExecutionError(`${instruction.op}: ${cause instanceof Error ? cause.message : String(cause)}`, {
        instruction: i,
        cause,
      });
    }
  }
  for (const [i, index] of program.outputs.entries()) {
    sink.begin(index);
    sink.result(i, values[index]!.plain());
  }
  return create(SavedModelSchema, {
    savedModelSchemaVersion: 1n,
    metaGraphs: [{ metaInfoDef: { tags: ['serve'] }, graphDef: { node: sink.nodes, versions: { producer } } }],
  });
}

/** The file that a SavedModel consists of. */
export function savedModelBytes(model: SavedModel): Uint8Array {
  return toBinary(SavedModelSchema, model);
}
