import { DeviceError } from '@chimera-nn/core';
import { inNode } from './engine.ts';

/** Features that kernels are faster or only possible with. */
const wanted: readonly GPUFeatureName[] = ['shader-f16', 'subgroups'];

/** Limits that are raised to what the hardware has, because models need room. */
const raised = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

export interface GpuRequest {
  readonly powerPreference?: 'low-power' | 'high-performance';
}

/** A GPU device of our own. ONNX Runtime's own one dies, with all its buffers, when its last session is released. */
export async function requestGpuDevice({ powerPreference }: GpuRequest): Promise<GPUDevice> {
  const gpu = (globalThis.navigator as Partial<Navigator> | undefined)?.gpu;
  if (gpu === undefined)
    throw new DeviceError(
      'onnxruntime-web:webgpu: there is no WebGPU here. Browsers offer it on https pages and localhost (Chrome and Edge 113, Safari 26, Firefox 141, or later); ' +
        "else use { device: 'wasm' }",
    );
  const adapter = await gpu.requestAdapter({ powerPreference: powerPreference ?? 'high-performance' });
  if (adapter === null)
    throw new DeviceError(
      `onnxruntime-web:webgpu: no GPU adapter was found. ${
        inNode()
          ? 'Install a Vulkan driver, or a software one (set VK_ICD_FILENAMES to its description)'
          : 'Turn on hardware acceleration; Chrome without a GPU needs --enable-unsafe-webgpu --use-webgpu-adapter=swiftshader'
      }, or use { device: 'wasm' }`,
    );
  return adapter.requestDevice({
    label: 'chimera-nn',
    requiredFeatures: wanted.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(raised.map((limit) => [limit, adapter.limits[limit]])),
  });
}
