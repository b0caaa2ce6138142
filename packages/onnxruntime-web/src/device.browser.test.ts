import { describeDevice } from './device.cases.ts';
import { onnxruntimeWeb } from './open.ts';

describeDevice('wasm', () => onnxruntimeWeb({ device: 'wasm' }));
describeDevice('webgpu', () => onnxruntimeWeb({ device: 'webgpu' }));
