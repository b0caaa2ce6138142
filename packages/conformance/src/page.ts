import { runTarget } from './runner/run-target.ts';

// The page that the command line drives. It only runs in a browser.
globalThis.runConformanceTarget = ({ target, device, ...options }) =>
  runTarget(
    {
      name: target,
      open: async () => {
        const { onnxruntimeWeb } = await import('@chimera-nn/onnxruntime-web');
        return onnxruntimeWeb({ device: device === 'onnxruntime-web:webgpu' ? 'webgpu' : 'wasm' });
      },
    },
    { ...options, onProgress: (progress) => void globalThis.conformanceProgress(progress) },
  );
