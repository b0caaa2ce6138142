export { onnxruntimeWeb } from './open.ts';
export type { OnnxruntimeWebOptions } from './open.ts';
export type { WasmPaths } from './engine.ts';
