import { DeviceError } from '../errors.ts';
import type { Node } from '../graph/node.ts';
import type { Device } from './contract.ts';

let current: Device | null = null;

/** Makes `device` the place of tensors that are created without one. (PyTorch: `torch.set_default_device`) */
export function setDefaultDevice(device: Device | null): void {
  if (device !== null && (typeof device !== 'object' || typeof device.compile !== 'function'))
    throw new TypeError('setDefaultDevice: expected an opened device, for example `await tfjsNode()`');
  current = device;
}

/** The default device, or `null` if none has been set. (PyTorch: `torch.get_default_device`) */
export function getDefaultDevice(): Device | null {
  return current;
}

/** The device that computes a node. */
export function deviceOf(node: Node): Device {
  const device = (node.place as Device | null) ?? current;
  if (device === null)
    throw new DeviceError(
      'No device is open. Open one and make it the default before asking for values: setDefaultDevice(await tfjsNode()) from @chimera-nn/tfjs-node, or setDefaultDevice(await onnxruntimeWeb({ device: "webgpu" })) from @chimera-nn/onnxruntime-web.',
    );
  return device;
}
