import { vi } from 'vitest';
import { describeDevice } from './device.cases.ts';
import { onnxruntimeWeb } from './open.ts';

// A software GPU compiles shaders on the CPU, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

describeDevice('wasm', () => onnxruntimeWeb({ device: 'wasm' }));
describeDevice('webgpu', () => onnxruntimeWeb({ device: 'webgpu' }));
