import { createRequire } from 'node:module';
import util from 'node:util';
import { DeviceError } from '@chimera-nn/core';
import type { Binding } from './binding.ts';

/** Where programs run. */
export type Hardware = 'cpu' | 'cuda';

const packages: Readonly<Record<Hardware, string>> = {
  cpu: '@tensorflow/tfjs-node',
  cuda: '@tensorflow/tfjs-node-gpu',
};

interface TensorFlow {
  backend(): { readonly binding: Binding };
}

/**
 * Loads the engine and gives its native addon.
 *
 * `from` is the module that the package is looked for from, by default this one.
 *
 * Throws DeviceError when the package or its addon is missing, or `cuda` finds no card.
 */
export function loadEngine(hardware: Hardware, from: string = import.meta.url): Binding {
  const name = packages[hardware];
  const { binding } = requirePackage(name, hardware, createRequire(from)).backend();
  if (hardware === 'cuda' && !binding.isUsingGpuDevice())
    throw new DeviceError(
      `tfjs-node:cuda: ${name} found no CUDA device on this machine (it needs an NVIDIA card, its driver, CUDA and cuDNN)`,
    );
  return binding;
}

function requirePackage(name: string, hardware: Hardware, require: NodeJS.Require): TensorFlow {
  restoreRemovedHelpers();
  // Read by TensorFlow when it is loaded: errors only, unless somebody asked for more.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  try {
    require.resolve(name);
  } catch (cause) {
    throw new DeviceError(
      `tfjs-node:${hardware}: the package ${name} is not installed. Add it to your project: npm install ${name}`,
      { cause },
    );
  }
  try {
    return require(name) as TensorFlow;
  } catch (cause) {
    throw new DeviceError(
      `tfjs-node:${hardware}: the native addon of ${name} does not load. ` +
        'In the repository of Chimera run `node tooling/bootstrap.mjs`; ' +
        `in a project of your own run \`npm rebuild ${name}\`, with \`--build-addon-from-source\` where nothing prebuilt fits. ` +
        `The reason given: ${firstLine(cause)}`,
      { cause },
    );
  }
}

// Node 23 removed these two; tfjs-node 4.22 still calls them.
function restoreRemovedHelpers(): void {
  const helpers = util as unknown as {
    isNullOrUndefined?: (value: unknown) => boolean;
    isArray?: (value: unknown) => boolean;
  };
  helpers.isNullOrUndefined ??= (value) => value === null || value === undefined;
  helpers.isArray ??= (value) => Array.isArray(value);
}

function firstLine(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n', 1)[0]!.trim();
}
