import type { Device } from '../device/contract.ts';
import { getDefaultDevice } from '../device/default.ts';
import { read } from '../device/evaluate.ts';
import type { StateHolder } from '../device/holder.ts';
import { dirtyStates, pendingHolders } from '../device/holder.ts';
import { discard, own, release, Storage, storageOf } from '../device/storage.ts';
import { DTypeError, GraphError, ShapeError } from '../errors.ts';
import type { DType, HostArray } from '../graph/dtype.ts';
import { hostToNumbers, isFloating } from '../graph/dtype.ts';
import { Node, recorder, stopGradient } from '../graph/node.ts';
import type { Place } from '../graph/place.ts';
import { recording } from '../graph/scope.ts';
import type { Shape } from '../graph/shape.ts';
import { normalizeDim, sameShape, sizeOf } from '../graph/shape.ts';
import type { TensorMethods } from './methods.ts';

/** What `remove()` takes back. (PyTorch: `RemovableHandle`) */
export interface HookHandle extends Disposable {
  remove(): void;
}

/** Nested arrays of numbers or booleans, as `tolist()` gives them and `tensor()` takes them. */
export type NestedArray = number | boolean | readonly NestedArray[];

/** Host data as plain numbers; float16 is widened to float32. */
export type TensorData = Float32Array | Float64Array | Int32Array | Uint8Array;

// Operations are functions of a tensor, declared once in their family's file; each of them is a method as well.
export interface Tensor extends TensorMethods {}

/**
 * A value of known dtype and shape, recorded or computed. Operations on tensors return at once and compute nothing;
 * `await t.data()`, `await t.item()` and `await optimizer.step()` do. (PyTorch: `torch.Tensor`)
 */
export class Tensor implements StateHolder {
  /** What has been recorded. Internal. */
  node: Node;
  /** The value that this tensor owns, if it is state. Internal. */
  committed: Node | null = null;
  /** Whether it owns its value and frees it when it is replaced. Internal. */
  isState = false;
  /** The name that errors use. Set when a block registers it. */
  name: string | null = null;
  #grad: Tensor | null = null;
  #exposed = false;

  /** Use `tensor`, `zeros`, `rand` and the like; this takes a recorded node. */
  constructor(node: Node) {
    this.node = node;
    if (recording.scope === null && node.storage === null) pendingHolders.add(this);
  }

  /** The element type. */
  get dtype(): DType {
    return this.node.dtype;
  }
  /** The sizes of the dimensions, outermost first. */
  get shape(): Shape {
    return this.node.shape;
  }
  /** The number of dimensions. (PyTorch: `t.ndim`) */
  get ndim(): number {
    return this.node.shape.length;
  }
  /** The device that it is placed on; `null` while it may go anywhere. */
  get device(): Device | null {
    return (this.node.place as Device | null) ?? null;
  }
  /** Whether operations on it are recorded for `backward`. (PyTorch: `t.requires_grad`) */
  get requiresGrad(): boolean {
    return this.node.requiresGrad;
  }
  set requiresGrad(value: boolean) {
    this.requiresGrad_(value);
  }
  /** Whether it was not made by a differentiable operation. (PyTorch: `t.is_leaf`) */
  get isLeaf(): boolean {
    return !this.node.requiresGrad || this.node.owner === this;
  }
  get stateName(): string {
    return this.name === null ? 'a parameter' : `'${this.name}'`;
  }

  /** The gradient that `backward` has accumulated, or `null`. (PyTorch: `t.grad`) */
  get grad(): Tensor | null {
    if (this.#grad !== null) this.#grad.#exposed = true;
    return this.#grad;
  }
  set grad(value: Tensor | null) {
    if (value === this.#grad) return;
    if (value !== null) {
      if (!(value instanceof Tensor))
        throw new TypeError(`grad: assigned grad expected to be a Tensor or null but got ${typeof value}`);
      if (value === this) throw new GraphError("can't assign Variable as its own grad");
      if (value.shape.join() !== this.shape.join())
        throw new GraphError(
          `attempting to assign a gradient of size '[${value.shape.join(', ')}]' to a tensor of size '[${this.shape.join(', ')}]'. Please ensure that the gradient and the tensor are the same size`,
        );
      if (value.dtype !== this.dtype)
        throw new DTypeError(
          `attempting to assign a gradient with dtype '${value.dtype}' to a tensor with dtype '${this.dtype}'`,
        );
    }
    this.#grad?.endState();
    this.#grad = value;
    if (value !== null) {
      value.name ??= this.name === null ? null : `gradient of ${this.name}`;
      value.#exposed = true;
      value.becomeState();
    }
  }

  /** The gradient without counting as a use of it. Internal. */
  peekGrad(): Tensor | null {
    return this.#grad;
  }

  /** Forgets the gradient, or sets it to zero. Internal. */
  clearGrad(setToNone: boolean): void {
    const gradient = this.#grad;
    if (gradient === null) return;
    if (setToNone) this.grad = null;
    else gradient.assignNode(stopGradient(recorder.fullLike(gradient.node, 0) as Node));
  }

  /** Adds to the gradient. Internal: `backward` calls it. */
  accumulateGrad(gradient: Node): void {
    if (this.#grad !== null) {
      this.#grad.assignNode(recorder.add(this.#grad.node, gradient) as Node);
      return;
    }
    const holder = new Tensor(gradient);
    pendingHolders.delete(holder);
    holder.name = this.name === null ? null : `gradient of ${this.name}`;
    this.#grad = holder;
    holder.becomeState();
  }

  /** Makes its value its own property: kept across evaluations, freed when replaced. Internal. */
  becomeState(): void {
    if (this.isState) return;
    this.isState = true;
    pendingHolders.delete(this);
    const storage = storageOf(this.node);
    if (storage === null) {
      dirtyStates.add(this);
      return;
    }
    // Somebody else may hold the same node: state never shares what it will free.
    this.node = this.#leafLike(alias(this.node));
    this.#commitIfComputed();
  }

  #commitIfComputed(): void {
    const storage = storageOf(this.node);
    if (storage === null || this.committed !== null) {
      dirtyStates.add(this);
      return;
    }
    this.committed = this.node;
    own(storage);
  }

  /**
   * Ends ownership. Whoever holds the tensor may go on reading it if it has been given out, or with `keep`; otherwise its
   * memory is freed. Internal.
   */
  endState(keep = false): void {
    if (!this.isState) return;
    this.isState = false;
    dirtyStates.delete(this);
    const storage = this.committed === null ? null : storageOf(this.committed);
    this.committed = null;
    if (storage !== null) {
      if (this.#exposed || keep) release(storage);
      else if (--storage.owners === 0) discard(storage, `${this.stateName} has been released`);
    }
    if ((this.#exposed || keep) && this.node.storage === null) pendingHolders.add(this);
  }

  /**
   * Puts another recorded value in place of this one's. State keeps its former value until the new one has been
   * computed. Internal: in-place operations and optimizers call it.
   */
  assignNode(node: Node): void {
    if (this.isState) {
      this.node = node.storage === null ? node : this.#leafLike(alias(node));
      this.#commitIfComputed();
    } else {
      this.node = node;
      if (recording.scope === null && node.storage === null) pendingHolders.add(this);
    }
  }

  /** Replaces its value in place, keeping its identity, `requiresGrad` and place in optimizers. Internal. */
  assignValue(node: Node): void {
    const { requiresGrad, owner } = this.node;
    if (!requiresGrad || owner !== this) {
      this.assignNode(node);
      return;
    }
    const fresh = alias(node);
    fresh.requiresGrad = true;
    fresh.owner = this;
    this.assignNode(fresh);
  }

  #leafLike(node: Node): Node {
    node.requiresGrad = this.node.requiresGrad;
    node.owner = this.node.owner;
    return node;
  }

  /** Turns gradient recording for this leaf on or off, in place. (PyTorch: `t.requires_grad_`) */
  requiresGrad_(value = true): this {
    if (value === this.node.requiresGrad) return this;
    if (value && !isFloating(this.dtype))
      throw new DTypeError(`only Tensors of floating point dtype can require gradients, got ${this.dtype}`);
    if (!value && this.node.owner !== this)
      throw new GraphError(
        "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a subgraph that doesn't require differentiation use var_no_grad = var.detach().",
      );
    // What was recorded before keeps its own node, so that it is not changed after the fact.
    const fresh =
      this.node.storage === null
        ? stopGradient(this.node)
        : Node.leaf(this.dtype, this.shape, this.node.storage, this.node.place);
    fresh.requiresGrad = value;
    fresh.owner = value ? this : null;
    if (this.committed === this.node && fresh.storage !== null) this.committed = fresh;
    else if (this.isState) dirtyStates.add(this);
    this.node = fresh;
    return this;
  }

  /** The same value, through which no gradient flows: a snapshot. (PyTorch: `t.detach`) */
  detach(): Tensor {
    return new Tensor(alias(this.node));
  }

  /** Stops gradients from flowing through this tensor, in place. (PyTorch: `t.detach_`) */
  detach_(): this {
    if (this.node.requiresGrad) this.assignNode(stopGradient(this.node));
    return this;
  }

  /** Keeps the gradient of this non-leaf in its `grad` after `backward`. (PyTorch: `t.retain_grad`) */
  retainGrad(): this {
    if (!this.requiresGrad) throw new GraphError("can't retain_grad on Tensor that has requires_grad=False");
    if (this.isLeaf || this.#retaining !== null) return this;
    this.registerHook((gradient) => {
      this.accumulateGrad(gradient.node);
    });
    this.#retaining = this.node.gradientHooks!.at(-1)!;
    return this;
  }
  /** Whether `retainGrad` has been called on this non-leaf. (PyTorch: `t.retains_grad`) */
  get retainsGrad(): boolean {
    return this.#retaining !== null;
  }
  /** The hook that keeps the gradient. It runs last, so that it sees what the others make of the gradient. */
  #retaining: ((gradient: Node) => Node | undefined) | null = null;

  /**
   * Calls `hook` with the gradient of this tensor during `backward`; a tensor that it returns takes the gradient's
   * place. (PyTorch: `t.register_hook`)
   */
  registerHook(hook: (gradient: Tensor) => Tensor | void): HookHandle {
    if (!this.requiresGrad) throw new GraphError("cannot register a hook on a tensor that doesn't require gradient");
    if (typeof hook !== 'function') throw new TypeError('registerHook: expected a function');
    // A leaf gets a new node with each update, so its hooks stay with the tensor.
    const hooks = this.node.owner === this ? (this.leafHooks ??= []) : (this.node.gradientHooks ??= []);
    const entry = (gradient: Node): Node | undefined => {
      const replaced: unknown = hook(new Tensor(gradient));
      if (replaced === undefined || replaced === null) return undefined;
      requireReplacement(gradient, replaced, hook);
      return replaced.node;
    };
    const last = this.#retaining === null ? -1 : hooks.indexOf(this.#retaining);
    hooks.splice(last < 0 ? hooks.length : last, 0, entry);
    return handleOf(hooks, entry);
  }

  /**
   * Calls `hook` with this leaf after `backward` has added to its `grad`. (PyTorch: `t.register_post_accumulate_grad_hook`)
   */
  registerPostAccumulateGradHook(hook: (tensor: Tensor) => void): HookHandle {
    if (!this.requiresGrad) throw new GraphError("cannot register a hook on a tensor that doesn't require gradient");
    if (!this.isLeaf) throw new GraphError('post accumulate grad hooks cannot be registered on non-leaf tensors');
    if (typeof hook !== 'function') throw new TypeError('registerPostAccumulateGradHook: expected a function');
    const entry = (): void => hook(this);
    const hooks = (this.accumulateHooks ??= []);
    hooks.push(entry);
    return handleOf(hooks, entry);
  }

  /** Hooks on a leaf's gradient. Internal. */
  leafHooks: ((gradient: Node) => Node | undefined)[] | null = null;
  /** Hooks after a gradient has been added. Internal. */
  accumulateHooks: (() => void)[] | null = null;

  /** The number of elements. (PyTorch: `t.numel`) */
  numel(): number {
    return sizeOf(this.shape);
  }
  /** The number of dimensions. (PyTorch: `t.dim`) */
  dim(): number {
    return this.shape.length;
  }
  /** The shape, or the size of one dimension. (PyTorch: `t.size`) */
  size(): Shape;
  size(dim: number): number;
  size(dim?: number): Shape | number {
    if (dim === undefined) return this.shape;
    if (this.shape.length === 0) throw new ShapeError(`Dimension specified as ${dim} but tensor has no dimensions`);
    return this.shape[normalizeDim(dim, this.shape.length, 'size')]!;
  }
  /** Whether the dtype is a floating point type. (PyTorch: `t.is_floating_point`) */
  isFloatingPoint(): boolean {
    return isFloating(this.dtype);
  }

  /**
   * Computes everything pending and gives the elements in row-major order, as a copy. float16 comes as float32
   * numbers, bool as 0 and 1.
   */
  async data(): Promise<TensorData> {
    const numbers = hostToNumbers(await this.hostData(), this.dtype);
    return this.dtype === 'float16' ? numbers : numbers.slice();
  }

  /** The one element of a tensor of one element. (PyTorch: `t.item`, but asynchronous) */
  async item(): Promise<number> {
    if (this.numel() !== 1)
      throw new GraphError(
        `a Tensor with ${this.numel()} elements cannot be converted to Scalar (shape [${this.shape.join(', ')}])`,
      );
    return hostToNumbers(await this.hostData(), this.dtype)[0]!;
  }

  /** The elements as nested arrays; a number or boolean for a scalar. (PyTorch: `t.tolist`, but asynchronous) */
  async tolist(): Promise<NestedArray> {
    const numbers = hostToNumbers(await this.hostData(), this.dtype);
    let position = 0;
    const nest = (depth: number): NestedArray => {
      if (depth === this.shape.length) {
        const value = numbers[position++]!;
        return this.dtype === 'bool' ? value !== 0 : value;
      }
      return Array.from({ length: this.shape[depth]! }, () => nest(depth + 1));
    };
    return nest(0);
  }

  /** Raw host data without a copy. Internal: state files read it. */
  hostData(): Promise<HostArray> {
    return read(this.node);
  }

  /** Frees its memory now instead of when the garbage collector finds out. Reading it afterwards throws. */
  dispose(): void {
    if (this.isState) throw new GraphError('dispose: parameters, buffers and gradients are freed by their block');
    pendingHolders.delete(this);
    const storage = storageOf(this.node);
    if (storage !== null && storage.owners === 0) discard(storage, 'This tensor has been disposed.');
  }
  [Symbol.dispose](): void {
    if (!this.isState) this.dispose();
  }

  /** Throws: JavaScript's operators would ask for a number that has not been computed. */
  valueOf(): never {
    throw new TypeError(
      'A tensor is not a number: JavaScript operators and comparisons do not work on it. Use methods (x.add(y), x.gt(0)), or read the number first: await x.item().',
    );
  }

  /** Throws: the values have not been read, and JSON could not give them back as a tensor. */
  toJSON(): never {
    throw new TypeError(
      'Object of type Tensor is not JSON serializable. Read its values first (await x.tolist()), or write it to a file with save().',
    );
  }

  /** dtype, shape and state, without values; `await t.format()` has the values. */
  toString(): string {
    const state = this.node.storage === null ? 'recorded' : 'computed';
    const place = this.node.place === null ? '' : `, device='${this.node.place.name}'`;
    return `tensor(shape=[${this.shape.join(', ')}], dtype=${this.dtype}${place}${this.requiresGrad ? ', requiresGrad=true' : ''}, ${state})`;
  }
  get [Symbol.toStringTag](): string {
    return 'Tensor';
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/**
 * A new node with the value of another and without its history, so that what is freed with one is not missed by the
 * other. Host data is shared, since nobody changes it; device data is copied when it is evaluated.
 */
export function alias(node: Node): Node {
  const storage = storageOf(node);
  if (storage === null || storage.host === null) return stopGradient(node);
  return Node.leaf(node.dtype, node.shape, new Storage(storage.host), node.place);
}

/** Throws unless what a hook has returned can take a gradient's place. */
export function requireReplacement(
  gradient: Node,
  replaced: unknown,
  { name }: { readonly name: string },
): asserts replaced is Tensor {
  if (replaced instanceof Promise)
    throw new TypeError('a hook must be synchronous: keep the gradient and await its values after backward()');
  if (!(replaced instanceof Tensor))
    throw new TypeError(
      `expected Tensor, but hook returned '${replaced instanceof Object ? replaced.constructor.name : typeof replaced}'`,
    );
  const { dtype, shape } = replaced;
  if (dtype !== gradient.dtype)
    throw new DTypeError(`hook '${name}' has changed the type of value (was ${gradient.dtype} got ${dtype})`);
  if (!sameShape(shape, gradient.shape))
    throw new ShapeError(
      `hook '${name}' has changed the size of value (was [${gradient.shape.join(', ')}] got [${shape.join(', ')}])`,
    );
}

function handleOf<T>(hooks: T[], entry: T): HookHandle {
  const remove = (): void => {
    const index = hooks.indexOf(entry);
    if (index >= 0) hooks.splice(index, 1);
  };
  return { remove, [Symbol.dispose]: remove };
}

/** The tensor of a recorded node. */
export function wrap(node: unknown): Tensor {
  return new Tensor(node as Node);
}

/** A tensor of host data. The data is not copied: it must not be changed afterwards. */
export function fromHost(
  data: HostArray,
  shape: Shape,
  dtype: DType,
  options: { device?: Device | null; transient?: boolean } = {},
): Tensor {
  const place: Place | null = options.device === undefined ? getDefaultDevice() : options.device;
  return new Tensor(Node.leaf(dtype, shape, new Storage(data, options.transient ?? false), place));
}

/** Notes that the user now holds a tensor that was made inside a block. */
export function expose(tensor: Tensor): void {
  if (tensor.node.storage === null && !tensor.isState) pendingHolders.add(tensor);
}
