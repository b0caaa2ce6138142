import { findDevice, requireDevice } from '../device/default.ts';
import { ChimeraError } from '../errors.ts';
import type { DType } from '../graph/dtype.ts';
import { isFloating } from '../graph/dtype.ts';
import type { ScopeOwner } from '../graph/scope.ts';
import type { Trailing } from '../tensor/arguments.ts';
import { readTrailing } from '../tensor/arguments.ts';
import type { Target } from '../tensor/target.ts';
import { readTargets, requireDType } from '../tensor/target.ts';
import type { HookHandle, Tensor } from '../tensor/tensor.ts';
import { call } from './call.ts';
import { convertAll } from './conversion.ts';
import type {
  BackwardHook,
  BackwardPreHook,
  ForwardHook,
  ForwardPreHook,
  LoadStateDictPostHook,
  LoadStateDictPreHook,
  StateDictHook,
  StateDictPreHook,
} from './hooks.ts';
import { createHooks, hooksKey, hooksOf } from './hooks.ts';
import { Replay } from './hybridize.ts';
import { hasUninitialized } from './lazy.ts';
import { Parameter } from './parameter.ts';
import { addModule, rawKey, registerBuffer, registerParameter } from './register.ts';
import type { HookOptions, Registration } from './registration.ts';
import { assign, createRegistration, isBlock, registered, registration, typeName, unassign } from './registration.ts';
import { formatBlock } from './repr.ts';
import type { LoadResult, LoadStateDictOptions, StateDict, StateDictOptions, StateSource } from './state-dict.ts';
import { gatherState, loadState } from './state-dict.ts';
import type { NamedOptions } from './tree.ts';
import { blocksOf, childOf, childrenOf, descend, named, resolve } from './tree.ts';

export type { NamedOptions } from './tree.ts';
import { structureChanged } from './structure-version.ts';

type NamedOrder = ['prefix', 'recurse', 'removeDuplicate'];

function namedOptions(operation: string, options: readonly unknown[]): NamedOptions {
  return readTrailing<NamedOptions>(operation, options, ['prefix', 'recurse', 'removeDuplicate']);
}

const trainingKey: unique symbol = Symbol('chimera.training');
/** Under which the function behind a block's proxy finds the proxy. */
export const selfKey: unique symbol = Symbol('chimera.self');

type Raw = { readonly [registration]: Registration; readonly [selfKey]: Block };

const handler: ProxyHandler<object> = {
  defineProperty(target, name, descriptor) {
    if (typeof name !== 'string' || !('value' in descriptor)) return Reflect.defineProperty(target, name, descriptor);
    const { [registration]: registered, [selfKey]: block } = target as Raw;
    return Reflect.defineProperty(target, name, {
      ...descriptor,
      value: assign(block, registered, name, descriptor.value),
    });
  },
  deleteProperty(target, name) {
    if (typeof name === 'string') unassign((target as Raw)[registration], name);
    return Reflect.deleteProperty(target, name);
  },
};

/** What a block takes. One whose `forward` is not known, a child in a list for instance, takes tensors. */
export type BlockInputs<B extends { forward(...inputs: never[]): unknown }> =
  unknown extends ReturnType<B['forward']> ? Tensor[] : Parameters<B['forward']>;
/** What a block gives. One whose `forward` is not known gives a tensor. */
export type BlockResult<B extends { forward(...inputs: never[]): unknown }> =
  unknown extends ReturnType<B['forward']> ? Tensor : ReturnType<B['forward']>;

/** What hooks of a block see of its inputs. */
type HookInputs<B extends { forward(...inputs: never[]): unknown }> =
  unknown extends ReturnType<B['forward']> ? readonly unknown[] : Readonly<Parameters<B['forward']>>;

/** A block is called like the function that its `forward` is: `net(x)`. */
export interface Block {
  (...inputs: Parameters<this['forward']>): ReturnType<this['forward']>;
}

/** A block out of a list: its class is not known, so it is called with tensors and taken to give one. */
export type AnyBlock = Block & ((...inputs: Tensor[]) => Tensor);

/**
 * A piece of a model: parameters, buffers, children and a `forward`. Blocks and parameters assigned to its properties
 * are registered; calling the instance runs its hooks and `forward`. (PyTorch: `torch.nn.Module`)
 *
 * ```ts
 * class MLP extends nn.Block {
 *   hidden = new nn.Linear(20, 256);
 *   out = new nn.Linear(256, 10);
 *   forward(x: Tensor) {
 *     return this.out(F.relu(this.hidden(x)));
 *   }
 * }
 * ```
 */
export class Block implements ScopeOwner {
  /** Version of the layout of its state, kept in state files' metadata. (PyTorch: `_version`) */
  get stateVersion(): number {
    return 1;
  }

  constructor() {
    const callable = (...inputs: unknown[]): unknown => call(self, hooks, self.forward, inputs);
    // A function's own `name` and `length` would stand in the way of fields of those names.
    delete (callable as { name?: string }).name;
    delete (callable as { length?: number }).length;
    Object.setPrototypeOf(callable, new.target.prototype);
    const hooks = createHooks();
    Object.defineProperty(callable, registration, { value: createRegistration() });
    Object.defineProperty(callable, hooksKey, { value: hooks });
    Object.defineProperty(callable, trainingKey, { value: true, writable: true });
    const self = new Proxy(callable, this.proxyHandler(handler)) as unknown as Block;
    Object.defineProperty(callable, selfKey, { value: self });
    Object.defineProperty(callable, rawKey, { value: callable });
    return self;
  }

  /** Lets containers add indexing. Internal. */
  protected proxyHandler(base: ProxyHandler<object>): ProxyHandler<object> {
    return base;
  }

  /** What the block computes. Subclasses override it. */
  forward(..._inputs: never[]): unknown {
    throw new ChimeraError(`Module [${this.constructor.name}] is missing the required "forward" function`);
  }

  /** Whether the block is in training mode. */
  get training(): boolean {
    return (this as unknown as { [trainingKey]: boolean })[trainingKey];
  }
  set training(mode: boolean) {
    if (mode !== this.training) structureChanged();
    (this as unknown as { [trainingKey]: boolean })[trainingKey] = mode;
  }

  // ---- registration

  /** Children by name, in order of registration; what is put in is a child. (PyTorch: `_modules`) */
  get _modules(): Map<string, AnyBlock | null> {
    return registered(this).blocks as Map<string, AnyBlock | null>;
  }
  /** Own parameters by name. (PyTorch: `_parameters`) */
  get _parameters(): ReadonlyMap<string, Parameter | null> {
    return registered(this).parameters;
  }
  /** Own buffers by name. (PyTorch: `_buffers`) */
  get _buffers(): ReadonlyMap<string, Tensor | null> {
    return registered(this).buffers;
  }

  /** Adds a parameter under a name. `null` keeps the name for one. (PyTorch: `register_parameter`) */
  registerParameter(name: string, parameter: Parameter | null): void {
    registerParameter(this, name, parameter);
  }

  /** Adds a tensor that is state but not trained. A non-persistent one is left out of `stateDict`. (PyTorch: `register_buffer`) */
  registerBuffer(
    name: string,
    tensor: Tensor | null,
    ...options: Trailing<{ persistent?: boolean }, ['persistent']>
  ): void {
    const { persistent = true } = readTrailing<{ persistent?: boolean }>('registerBuffer', options, ['persistent']);
    registerBuffer(this, name, tensor, persistent);
  }

  /** Adds a child under a name. `null` keeps the name for one. (PyTorch: `add_module`) */
  addModule(name: string, block: Block | null): void {
    addModule(this, name, block);
  }

  /** As `addModule`. (PyTorch: `register_module`) */
  registerModule(name: string, block: Block | null): void {
    this.addModule(name, block);
  }

  // ---- traversal

  /** All parameters, shared ones once. (PyTorch: `parameters`) */
  parameters(recurse = true): Parameter[] {
    return this.namedParameters({ recurse }).map(([, parameter]) => parameter);
  }
  /** All buffers, shared ones once. (PyTorch: `buffers`) */
  buffers(recurse = true): Tensor[] {
    return this.namedBuffers({ recurse }).map(([, buffer]) => buffer);
  }
  /** Parameters with their paths: `hidden.weight`. (PyTorch: `named_parameters`) */
  namedParameters(...options: Trailing<NamedOptions, NamedOrder>): [string, Parameter][] {
    const found = named(this, namedOptions('namedParameters', options), (block) => registered(block).parameters);
    // Errors name a parameter by the path under which it was last listed.
    for (const [name, parameter] of found) parameter.name = name;
    return found;
  }
  /** Buffers with their paths. (PyTorch: `named_buffers`) */
  namedBuffers(...options: Trailing<NamedOptions, NamedOrder>): [string, Tensor][] {
    return named(this, namedOptions('namedBuffers', options), (block) => registered(block).buffers);
  }

  /** Direct children, shared ones once. (PyTorch: `children`) */
  children(): AnyBlock[] {
    return this.namedChildren().map(([, child]) => child);
  }
  /** Direct children with their names. (PyTorch: `named_children`) */
  namedChildren(): [string, AnyBlock][] {
    return childrenOf(this);
  }
  /** This block and everything below it, shared ones once. (PyTorch: `modules`) */
  modules(): AnyBlock[] {
    return this.namedModules().map(([, block]) => block);
  }
  /** This block (under '') and everything below it with their paths. (PyTorch: `named_modules`) */
  namedModules({ prefix = '', removeDuplicate = true }: { prefix?: string; removeDuplicate?: boolean } = {}): [
    string,
    AnyBlock,
  ][] {
    return blocksOf(this, prefix, removeDuplicate);
  }

  /** The block at a path such as `net.0.conv`. (PyTorch: `get_submodule`) */
  getSubmodule(target: string): AnyBlock {
    if (target === '') return this as unknown as AnyBlock;
    return target.split('.').reduce<Block>(childOf, this) as AnyBlock;
  }
  /** The parameter at a path. (PyTorch: `get_parameter`) */
  getParameter(target: string): Parameter {
    const [block, name] = resolve(this, target);
    const found = (block as unknown as Record<string, unknown>)[name];
    if (!(found instanceof Parameter))
      throw new ChimeraError(
        name in block ? `\`${name}\` is not an nn.Parameter` : `${block.constructor.name} has no attribute \`${name}\``,
      );
    return found;
  }
  /** The buffer at a path. (PyTorch: `get_buffer`) */
  getBuffer(target: string): Tensor {
    const [block, name] = resolve(this, target);
    const found = registered(block).buffers.get(name);
    if (!found)
      throw new ChimeraError(
        name in block ? `\`${name}\` is not a buffer` : `${block.constructor.name} has no attribute \`${name}\``,
      );
    return found;
  }
  /**
   * Puts a block at a path, in place of the one that is there. With `strict` there must be one.
   * (PyTorch: `set_submodule`)
   */
  setSubmodule(target: string, block: Block, ...options: Trailing<{ strict?: boolean }, ['strict']>): void {
    const { strict = false } = readTrailing<{ strict?: boolean }>('setSubmodule', options, ['strict']);
    if (target === '') throw new ChimeraError('Cannot set the submodule without a target name!');
    if (!isBlock(block)) throw new TypeError(`\`module\` is not an nn.Module, found ${typeName(block)}`);
    const [parent, name] = resolve(this, target);
    const former = (parent as unknown as Record<string, unknown>)[name];
    if (strict && former === undefined)
      throw new ChimeraError(`${parent.constructor.name} has no attribute \`${name}\``);
    if (former !== undefined && !isBlock(former)) throw new ChimeraError(`\`${name}\` is not an nn.Module`);
    Object.defineProperty(parent, name, { value: block, writable: true, enumerable: true, configurable: true });
  }

  // ---- changes to the whole tree

  /** Calls `fn` with every block below this one and then with this one. Returns the block. (PyTorch: `apply`) */
  apply(fn: (block: AnyBlock) => void): this {
    if (typeof fn !== 'function') throw new TypeError(`apply: expected a function, got ${typeName(fn)}`);
    descend(this, 'apply', () => {
      for (const child of this.children()) child.apply(fn);
      fn(this as unknown as AnyBlock);
    });
    return this;
  }
  /**
   * Says how weights are drawn: `init` is applied to every block now, and to blocks that still wait for the shape of
   * their input at their first call. Without `init` every layer keeps its own initialisation. (Gluon: `initialize`)
   */
  initialize(init?: (block: AnyBlock) => void): this {
    if (init === undefined) return this;
    return this.apply((block) => {
      if (!hasUninitialized(block)) {
        init(block);
        return;
      }
      const handle = block.registerForwardPreHook((_block, inputs) => {
        handle.remove();
        // The layer would do it in forward, which comes after the hooks.
        (block as AnyBlock & Partial<Lazy>).initializeParameters?.(inputs[0] as Tensor);
        init(block);
      });
    });
  }

  /** Training mode on or off, here and below. (PyTorch: `train`) */
  train(mode = true): this {
    if (typeof mode !== 'boolean') throw new TypeError('training mode is expected to be boolean');
    // Child by child, so that a block which overrides train() to keep a part in one mode is asked.
    descend(this, 'train', () => {
      this.training = mode;
      for (const child of this.children()) child.train(mode);
    });
    return this;
  }
  /** Evaluation mode: dropout off, running statistics used. (PyTorch: `eval`) */
  eval(): this {
    return this.train(false);
  }
  /** Whether the parameters are trained. (PyTorch: `requires_grad_`) */
  requiresGrad_(value = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad_(value);
    return this;
  }
  /** Forgets all gradients, or sets them to zero. (PyTorch: `zero_grad`) */
  zeroGrad(...options: Trailing<{ setToNone?: boolean }, ['setToNone']>): void {
    const { setToNone = true } = readTrailing<{ setToNone?: boolean }>('zeroGrad', options, ['setToNone']);
    for (const parameter of this.parameters()) parameter.clearGrad(setToNone);
  }

  /**
   * Moves floating point parameters and buffers to a dtype, and all of them to a device, in place: parameters keep
   * their identity, so an optimizer made before goes on. Returns the block. (PyTorch: `Module.to`)
   */
  to(...targets: readonly Target[]): this {
    const { device, dtype } = readTargets(targets);
    if (dtype !== null && !isFloating(dtype))
      throw new TypeError(`nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=${dtype}`);
    const tensors = [...this.parameters(), ...this.buffers()];
    // Everything is checked before anything moves.
    for (const tensor of tensors)
      requireDType(device ?? tensor.device, dtype !== null && isFloating(tensor.dtype) ? dtype : tensor.dtype);
    convertAll(tensors, (tensor) => [
      ...(dtype !== null && isFloating(tensor.dtype) ? [dtype] : []),
      ...(device !== null ? [device] : []),
    ]);
    return this;
  }
  /** Floating point parameters and buffers as another dtype. (PyTorch: `type`) */
  type(dtype: DType): this {
    return this.to(dtype);
  }
  /** As float32. (PyTorch: `float`) */
  float(): this {
    return this.to('float32');
  }
  /** As float64. (PyTorch: `double`) */
  double(): this {
    return this.to('float64');
  }
  /** As float16. (PyTorch: `half`) */
  half(): this {
    return this.to('float16');
  }
  /**
   * To a CPU: the default device if it is one, otherwise one that has been used, otherwise to the host, from where the
   * state goes wherever it is needed. (PyTorch: `cpu`)
   */
  cpu(): this {
    const device = findDevice('cpu');
    if (device !== null) return this.to(device);
    convertAll([...this.parameters(), ...this.buffers()], () => [null]);
    return this;
  }
  /** To the CUDA device that is the default or has been used. Throws a DeviceError if there is none. (PyTorch: `cuda`) */
  cuda(): this {
    return this.to(requireDevice('cuda'));
  }

  // ---- hooks

  /** Before `forward`: sees the inputs, may replace them. (PyTorch: `register_forward_pre_hook`) */
  registerForwardPreHook(
    hook: (block: this, inputs: HookInputs<this>) => unknown,
    options: Pick<HookOptions, 'prepend'> = {},
  ): HookHandle {
    return hooksOf(this).forwardPre.add(hook as unknown as ForwardPreHook, options);
  }
  /**
   * After `forward`: sees inputs and output, may replace the output. With `alwaysCall` also when the call fails; the
   * output is then undefined. (PyTorch: `register_forward_hook`)
   */
  registerForwardHook(
    hook: (block: this, inputs: HookInputs<this>, output: Awaited<ReturnType<this['forward']>>) => unknown,
    options: HookOptions = {},
  ): HookHandle {
    return hooksOf(this).forward.add(hook as unknown as ForwardHook, options);
  }
  /** Before gradients enter the block: may replace those of the outputs. (PyTorch: `register_full_backward_pre_hook`) */
  registerFullBackwardPreHook(hook: BackwardPreHook, options: Pick<HookOptions, 'prepend'> | boolean = {}): HookHandle {
    return hooksOf(this).backwardPre.add(hook, options);
  }
  /** When gradients leave the block: may replace those of the inputs. (PyTorch: `register_full_backward_hook`) */
  registerFullBackwardHook(hook: BackwardHook, options: Pick<HookOptions, 'prepend'> | boolean = {}): HookHandle {
    return hooksOf(this).backward.add(hook, options);
  }
  /** As `registerFullBackwardHook`. (PyTorch: `register_backward_hook`) */
  registerBackwardHook(hook: BackwardHook): HookHandle {
    return hooksOf(this).backward.add(hook);
  }
  /** Before the block's state is gathered. (PyTorch: `register_state_dict_pre_hook`) */
  registerStateDictPreHook(hook: StateDictPreHook): HookHandle {
    return hooksOf(this).stateDictPre.add(hook);
  }
  /** After the block's state was gathered; may change it. (PyTorch: `register_state_dict_post_hook`) */
  registerStateDictPostHook(hook: StateDictHook): HookHandle {
    return hooksOf(this).stateDict.add(hook);
  }
  /** Before the block's state is loaded. (PyTorch: `register_load_state_dict_pre_hook`) */
  registerLoadStateDictPreHook(hook: LoadStateDictPreHook): HookHandle {
    return hooksOf(this).loadStateDictPre.add(hook);
  }
  /** After the block's state was loaded. (PyTorch: `register_load_state_dict_post_hook`) */
  registerLoadStateDictPostHook(hook: LoadStateDictPostHook): HookHandle {
    return hooksOf(this).loadStateDictPost.add(hook);
  }

  /**
   * From the second call on, replays what `forward` recorded instead of running its JavaScript: same values, less
   * time per call. Recorded anew for other shapes, dtypes and modes; a forward that is asynchronous or draws random
   * numbers always runs, and so do branches in JavaScript that depend on anything but shapes. (Gluon: `hybridize`)
   */
  hybridize(active = true): this {
    hooksOf(this).replay = active ? new Replay([this]) : null;
    return this;
  }

  /** As `hybridize()`, without a result. (PyTorch: `compile`) */
  compile(): void {
    this.hybridize();
  }

  // ---- state

  /** Names to parameters and persistent buffers, detached. (PyTorch: `state_dict`) */
  stateDict(options: StateDictOptions = {}): StateDict {
    return gatherState(this, options);
  }
  /**
   * Takes over values by name. A strict load with missing, unexpected or misfitting names throws one StateError that
   * lists them all, and changes nothing. (PyTorch: `load_state_dict`)
   */
  loadStateDict(state: StateSource, ...options: Trailing<LoadStateDictOptions, ['strict', 'assign']>): LoadResult {
    return loadState(this, state, readTrailing<LoadStateDictOptions>('loadStateDict', options, ['strict', 'assign']));
  }
  /** State beyond tensors; a block that has some defines both. (PyTorch: `get_extra_state`) */
  getExtraState?(): unknown;
  setExtraState?(state: unknown): void;

  // ---- printing

  /** What stands between the parentheses of the printed form. (PyTorch: `extra_repr`) */
  extraRepr(): string {
    return '';
  }
  /** PyTorch's tree. */
  toString(): string {
    return formatBlock(this);
  }
  get [Symbol.toStringTag](): string {
    return this.constructor.name;
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return formatBlock(this);
  }

  /** Its name inside the block that calls it, for error messages. Internal. */
  scopeName(caller: ScopeOwner | null): string {
    if (isBlock(caller)) for (const [name, child] of registered(caller).blocks) if (child === this) return name;
    return this.constructor.name;
  }
}

/** A block that can be given its sizes before its first call. */
interface Lazy {
  initializeParameters(x: Tensor): void;
}
