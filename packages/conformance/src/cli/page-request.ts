import type { TargetReport } from '../runner/result.ts';
import type { Progress, TargetOptions } from '../runner/target.ts';

/** What the command line asks of the page. */
export interface PageRequest extends Omit<TargetOptions, 'examples' | 'onProgress'> {
  readonly target: string;
  readonly device: 'onnxruntime-web:wasm' | 'onnxruntime-web:webgpu';
}

declare global {
  /** What the page offers: runs a target in the browser. */
  var runConformanceTarget: (request: PageRequest) => Promise<TargetReport>;
  /** What the page is offered: tells the command line of progress. */
  var conformanceProgress: (progress: Progress) => Promise<void>;
}
