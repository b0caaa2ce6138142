export { emitModel, emitProgram } from './emit.ts';
export type { EmitModelOptions, EmittedProgram, ModelOutput, ResultSource } from './emit.ts';
export { nativeComposites } from './lower/composite.ts';
export type { Target } from './lower/lowering.ts';
