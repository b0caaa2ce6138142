import { DTypeError } from '../errors.ts';
import type { DType } from './dtype.ts';

/** Where values live; devices are places. */
export interface Place {
  readonly name: string;
  readonly capabilities: { readonly dtypes: readonly DType[] };
}

// Everywhere there are float32, int32 and bool.
const homes: Partial<Record<DType, string>> = {
  float64: 'tfjs-node and the reference device have float64.',
  float16:
    'tfjs-node, the reference device and onnxruntime-web:wasm have float16, and onnxruntime-web:webgpu where the GPU has shader-f16.',
};

/** Throws a DTypeError that names the devices that have a dtype, if `place` does not. */
export function requireOn(place: Place | null, dtype: DType): void {
  if (homes[dtype] === undefined || place === null || place.capabilities.dtypes.includes(dtype)) return;
  throw new DTypeError(
    `${place.name} has no ${dtype}; it has ${place.capabilities.dtypes.join(', ')}. ${homes[dtype]} Move there with to(device).`,
  );
}
