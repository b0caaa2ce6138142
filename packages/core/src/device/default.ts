import { DeviceError } from '../errors.ts';
import type { Node } from '../graph/node.ts';
import type { Device } from './contract.ts';

let current: Device | null = null;

/** Makes `device` the place of tensors that are created without one. (PyTorch: `torch.set_default_device`) */
export function setDefaultDevice(device: Device | null): void {
  if (device !== null && (typeof device !== 'object' || typeof device.compile !== 'function'))
    throw new TypeError('setDefaultDevice: expected an opened device, for example `await tfjsNode()`');
  current = device;
  if (device !== null) noteDevice(device);
}

/** The default device, or `null` if none has been set. (PyTorch: `torch.get_default_device`) */
export function getDefaultDevice(): Device | null {
  return current;
}

// Devices that have been named to core, latest last; those that nobody holds any more fall out.
let seen: WeakRef<Device>[] = [];

/** Remembers a device that is in use, for `cpu()` and `cuda()`. */
export function noteDevice(device: Device): void {
  if (seen.at(-1)?.deref() === device) return;
  seen = [...seen.filter((reference) => ![undefined, device].includes(reference.deref())), new WeakRef(device)];
}

// Hardware by the last part of a device's name.
const hardware = { cpu: ['cpu', 'wasm', 'reference'], cuda: ['cuda'] };

/** The default device if it has some hardware, otherwise the latest in use that has, otherwise `null`. */
export function findDevice(kind: keyof typeof hardware): Device | null {
  const fits = (device: Device): boolean => hardware[kind].includes(device.name.split(':').at(-1)!);
  if (current !== null && fits(current)) return current;
  for (const reference of seen.toReversed()) {
    const device = reference.deref();
    if (device !== undefined && fits(device)) return device;
  }
  return null;
}

/** As `findDevice`; throws if there is none. */
export function requireDevice(kind: keyof typeof hardware): Device {
  const device = findDevice(kind);
  if (device !== null) return device;
  throw new DeviceError(
    `${kind}: no ${kind.toUpperCase()} device is open. Open one and pass it to to(device), or make it the default: setDefaultDevice(await tfjsNode({ device: '${kind}' })) from @chimera-nn/tfjs-node.`,
  );
}

/** The device that computes a node. */
export function deviceOf(node: Node): Device {
  // A value on its way to the host is computed where it comes from.
  let origin = node;
  while (origin.op === 'transfer' && origin.place === null) origin = origin.inputs[0]!;
  const device = (origin.place as Device | null) ?? current;
  if (device === null)
    throw new DeviceError(
      'No device is open. Open one and make it the default before asking for values: setDefaultDevice(await tfjsNode()) from @chimera-nn/tfjs-node, or setDefaultDevice(await onnxruntimeWeb({ device: "webgpu" })) from @chimera-nn/onnxruntime-web.',
    );
  return device;
}
