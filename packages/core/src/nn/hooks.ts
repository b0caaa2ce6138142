import type { HookHandle, Tensor } from '../tensor/tensor.ts';
import type { Block } from './block.ts';
import type { Replay } from './hybridize.ts';
import type {
  BufferRegistrationHook,
  HookOptions,
  ModuleRegistrationHook,
  ParameterRegistrationHook,
} from './registration.ts';
import { HookList, registrationHooks } from './registration.ts';
import type { StateDict, StateMetadata } from './state-dict.ts';

/** Sees the inputs before `forward`; what it returns replaces them. */
export type ForwardPreHook = (block: Block, inputs: readonly unknown[]) => unknown;
/** Sees inputs and output after `forward`; what it returns replaces the output. */
export type ForwardHook = (block: Block, inputs: readonly unknown[], output: unknown) => unknown;
/**
 * Sees the gradients of the outputs before they enter the block; what it returns replaces them. An output that does not
 * require a gradient has null, one that was not used has zeros.
 */
export type BackwardPreHook = (
  block: Block,
  gradOutput: readonly (Tensor | null)[],
) => Tensor | readonly (Tensor | null)[] | void | null;
/**
 * Sees the gradients of inputs and outputs; what it returns replaces the gradients of the inputs. An input that is no
 * tensor has null, and so have all if none of them requires a gradient.
 */
export type BackwardHook = (
  block: Block,
  gradInput: readonly (Tensor | null)[],
  gradOutput: readonly (Tensor | null)[],
) => Tensor | readonly (Tensor | null)[] | void | null;
/** Runs before a block's state is gathered. */
export type StateDictPreHook = (block: Block, prefix: string, keepVars: boolean) => void;
/** Runs after a block's state was gathered, and may change it. */
export type StateDictHook = (block: Block, state: StateDict, prefix: string, localMetadata: StateMetadata) => void;
/** Runs before a block's state is loaded: may change `state`, a copy, and add to the lists of problems. */
export type LoadStateDictPreHook = (
  block: Block,
  state: StateDict,
  prefix: string,
  localMetadata: Partial<StateMetadata>,
  strict: boolean,
  missingKeys: string[],
  unexpectedKeys: string[],
  errorMessages: string[],
) => void;
/** Runs after a block's state was loaded; may change the lists of problems. */
export type LoadStateDictPostHook = (
  block: Block,
  problems: { missingKeys: string[]; unexpectedKeys: string[] },
) => void;

export interface BlockHooks {
  readonly forwardPre: HookList<ForwardPreHook>;
  readonly forward: HookList<ForwardHook>;
  readonly backwardPre: HookList<BackwardPreHook>;
  readonly backward: HookList<BackwardHook>;
  readonly stateDictPre: HookList<StateDictPreHook>;
  readonly stateDict: HookList<StateDictHook>;
  readonly loadStateDictPre: HookList<LoadStateDictPreHook>;
  readonly loadStateDictPost: HookList<LoadStateDictPostHook>;
  /** What replays the block's forward after `hybridize()`. */
  replay: Replay | null;
}

export function createHooks(): BlockHooks {
  return {
    forwardPre: new HookList(),
    forward: new HookList(),
    backwardPre: new HookList(),
    backward: new HookList(),
    stateDictPre: new HookList(),
    stateDict: new HookList(),
    loadStateDictPre: new HookList(),
    loadStateDictPost: new HookList(),
    replay: null,
  };
}

/** Under which a block keeps its hooks. */
export const hooksKey: unique symbol = Symbol('chimera.hooks');

/** The hooks of a block. */
export function hooksOf(block: Block): BlockHooks {
  return (block as unknown as { [hooksKey]: BlockHooks })[hooksKey];
}

/** Hooks of every block. */
export const globalHooks = createHooks();

/** A forward pre hook for every block; it runs before the block's own. (PyTorch: `torch.nn.modules.module.register_module_forward_pre_hook`) */
export function registerModuleForwardPreHook(hook: ForwardPreHook): HookHandle {
  return globalHooks.forwardPre.add(hook);
}
/** A forward hook for every block; it runs before the block's own. (PyTorch: `register_module_forward_hook`) */
export function registerModuleForwardHook(
  hook: ForwardHook,
  { alwaysCall = false }: Pick<HookOptions, 'alwaysCall'> = {},
): HookHandle {
  return globalHooks.forward.add(hook, { alwaysCall });
}
/** A backward pre hook for every block. (PyTorch: `register_module_full_backward_pre_hook`) */
export function registerModuleFullBackwardPreHook(hook: BackwardPreHook): HookHandle {
  return globalHooks.backwardPre.add(hook);
}
/** A backward hook for every block. (PyTorch: `register_module_full_backward_hook`) */
export function registerModuleFullBackwardHook(hook: BackwardHook): HookHandle {
  return globalHooks.backward.add(hook);
}
/** Sees, and may replace, every parameter that any block registers. (PyTorch: `register_module_parameter_registration_hook`) */
export function registerModuleParameterRegistrationHook(hook: ParameterRegistrationHook): HookHandle {
  return registrationHooks.parameter.add(hook);
}
/** Sees, and may replace, every buffer that any block registers. (PyTorch: `register_module_buffer_registration_hook`) */
export function registerModuleBufferRegistrationHook(hook: BufferRegistrationHook): HookHandle {
  return registrationHooks.buffer.add(hook);
}
/** Sees, and may replace, every child that any block registers. (PyTorch: `register_module_module_registration_hook`) */
export function registerModuleModuleRegistrationHook(hook: ModuleRegistrationHook): HookHandle {
  return registrationHooks.module.add(hook);
}
