import { noGrad } from '../autograd/mode.ts';
import { GraphError, ShapeError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import { identity, recorder as b } from '../graph/node.ts';
import type { Node } from '../graph/node.ts';
import { recording, scoped } from '../graph/scope.ts';
import type { Shape } from '../graph/shape.ts';
import { zerosLike } from '../tensor/creation.ts';
import { expose, Tensor, wrap } from '../tensor/tensor.ts';

/** What `forward` leaves for `backward`; anything else may be kept under names of one's own. (PyTorch: `ctx`) */
export class FunctionContext {
  [name: string]: unknown;

  /** Whether each argument of `apply` is a tensor that requires grad. (PyTorch: `needs_input_grad`) */
  readonly needsInputGrad: readonly boolean[];

  constructor(needsInputGrad: readonly boolean[]) {
    this.needsInputGrad = needsInputGrad;
  }

  /** Keeps inputs and outputs for `backward`, with their history. (PyTorch: `save_for_backward`) */
  saveForBackward(...tensors: readonly (Tensor | null)[]): void {
    for (const tensor of tensors)
      if (tensor !== null && !(tensor instanceof Tensor))
        throw new TypeError(
          `save_for_backward can only save variables, but argument is of type ${typeof tensor}; keep it as a property of ctx`,
        );
    states.get(this)!.saved = tensors.map((tensor) => tensor && { tensor, node: tensor.node });
  }
  /** What `saveForBackward` has kept. (PyTorch: `saved_tensors`) */
  get savedTensors(): Tensor[] {
    const { saved, outputs } = states.get(this)!;
    return saved.map((entry) =>
      entry === null ? (null as unknown as Tensor) : wrap(outputs.get(entry.tensor) ?? entry.node),
    );
  }
  /** Outputs through which no gradient flows. (PyTorch: `mark_non_differentiable`) */
  markNonDifferentiable(...outputs: readonly Tensor[]): void {
    for (const output of outputs) states.get(this)!.constant.add(output);
  }
  /** Whether `backward` is given zeros for outputs that have no gradient, or `null`. Default true. (PyTorch: `set_materialize_grads`) */
  setMaterializeGrads(value: boolean): void {
    states.get(this)!.materialize = value;
  }
}

interface ContextState {
  saved: readonly ({ readonly tensor: Tensor; readonly node: Node } | null)[];
  /** What the outputs have become, by what `forward` returned. */
  readonly outputs: Map<Tensor, Node>;
  readonly constant: Set<Tensor>;
  materialize: boolean;
}

const states = new WeakMap<FunctionContext, ContextState>();

/** What a class that extends `autograd.Function` defines. */
interface Definition {
  readonly name: string;
  forward?(...args: readonly unknown[]): unknown;
  setupContext?(ctx: FunctionContext, inputs: readonly unknown[], output: unknown): void;
  backward?(ctx: FunctionContext, ...gradients: readonly (Tensor | null)[]): unknown;
}

/**
 * An operation with a derivative of one's own. `backward` is given the gradient of each output and gives one per argument of
 * `apply`, `null` where there is none; it may be differentiated in turn. With a static `setupContext(ctx, inputs, output)`, `forward` is
 * called without `ctx`. (PyTorch: `torch.autograd.Function`)
 *
 * ```ts
 * class Exp extends autograd.Function {
 *   static forward(ctx: autograd.FunctionContext, x: Tensor) {
 *     const y = x.exp();
 *     ctx.saveForBackward(y);
 *     return y;
 *   }
 *   static backward(ctx: autograd.FunctionContext, gradient: Tensor) {
 *     const [y] = ctx.savedTensors;
 *     return gradient.mul(y);
 *   }
 * }
 * const y = Exp.apply(x);
 * ```
 */
export class CustomFunction {
  constructor() {
    throw new GraphError(
      `${new.target.name} should not be instantiated. Methods on autograd functions are all static, so you should invoke them on the class itself.`,
    );
  }

  /** Computes `forward` and records `backward` as its derivative. */
  static apply<Args extends readonly unknown[], Result>(
    this: {
      forward(...args: Args): Result;
      setupContext(ctx: FunctionContext, inputs: Args, output: Result): void;
    },
    ...args: Args
  ): Result;
  static apply<Args extends readonly unknown[], Result>(
    this: { forward(ctx: FunctionContext, ...args: Args): Result },
    ...args: Args
  ): Result;
  static apply(this: unknown, ...args: readonly unknown[]): unknown {
    return applyFunction(this as Definition, args);
  }
}

function applyFunction(definition: Definition, args: readonly unknown[]): unknown {
  const { name } = definition;
  if (definition.forward === undefined)
    throw new GraphError('You must implement the forward function for custom autograd.Function.');
  const needs = args.map((arg) => arg instanceof Tensor && arg.requiresGrad);
  const ctx = new FunctionContext(needs);
  const state: ContextState = { saved: [], outputs: new Map(), constant: new Set(), materialize: true };
  states.set(ctx, state);
  const isRecorded = recording.gradEnabled && needs.includes(true);
  const isOutermost = recording.scope === null;
  const result = scoped(() => {
    const output = noGrad(() => runForward(definition, ctx, args));
    if (output instanceof Promise)
      throw new GraphError(`${name}: forward must be synchronous; read values before apply() and hand them over`);
    const list: readonly unknown[] = Array.isArray(output) ? output : [output];
    const outputs = isRecorded ? withDerivative(definition, ctx, state, args, list) : list;
    return Array.isArray(output) ? outputs : outputs[0];
  });
  if (isOutermost)
    for (const tensor of Array.isArray(result) ? result : [result]) if (tensor instanceof Tensor) expose(tensor);
  return result;
}

function runForward(definition: Definition, ctx: FunctionContext, args: readonly unknown[]): unknown {
  if (definition.setupContext === undefined) return definition.forward!(ctx, ...args);
  const output = definition.forward!(...args);
  definition.setupContext(ctx, args, output);
  return output;
}

/** The outputs behind nodes whose gradients meet in one node, which calls `backward` once for all of them. */
function withDerivative(
  definition: Definition,
  ctx: FunctionContext,
  state: ContextState,
  args: readonly unknown[],
  outputs: readonly unknown[],
): unknown[] {
  const positions = args.flatMap((_, i) => (ctx.needsInputGrad[i] === true ? [i] : []));
  const inputs = positions.map((i) => (args[i] as Tensor).node);
  const gradients = new Map<number, Node>();
  const hub = b.emit('constant', [], { value: 0, dtype: 'float32' }) as Node;
  hub.requiresGrad = true;
  hub.gradientInputs = inputs;
  hub.rule = () => {
    const given = outputs.map((output, i) => {
      const gradient = gradients.get(i);
      if (gradient !== undefined) return wrap(gradient);
      return state.materialize && output instanceof Tensor ? zerosLike(output) : null;
    });
    gradients.clear();
    return gradientsOf(definition, ctx, args, given).filter((_, i) => ctx.needsInputGrad[i] === true);
  };
  return outputs.map((output, i) => {
    if (!(output instanceof Tensor) || !isFloating(output.dtype) || state.constant.has(output)) return output;
    const node = identity(output.node);
    node.requiresGrad = true;
    node.gradientInputs = [hub];
    node.rule = (_b, gradient) => {
      gradients.set(i, gradient as Node);
      return [b.scalar(0, 'float32')];
    };
    state.outputs.set(output, node);
    return wrap(node);
  });
}

/** What `backward` gives, one per argument. */
function gradientsOf(
  definition: Definition,
  ctx: FunctionContext,
  args: readonly unknown[],
  given: readonly (Tensor | null)[],
): (Node | null)[] {
  const { name } = definition;
  if (definition.backward === undefined)
    throw new GraphError(
      'You must implement either the backward or vjp method for your custom autograd.Function to use it with backward mode AD.',
    );
  const result = definition.backward(ctx, ...given);
  const list: readonly unknown[] = Array.isArray(result) ? result : [result];
  if (list.length < args.length || list.slice(args.length).some((extra) => extra !== null && extra !== undefined))
    throw new GraphError(
      `function ${name}Backward returned an incorrect number of gradients (expected ${args.length}, got ${list.length})`,
    );
  return args.map((arg, i) => {
    const gradient = list[i] ?? null;
    if (gradient === null) return null;
    if (!(gradient instanceof Tensor))
      throw new TypeError(`function ${name}Backward: expected a Tensor or null at index ${i}, got ${typeof gradient}`);
    if (!(arg instanceof Tensor))
      throw new GraphError(
        `function ${name}Backward returned a gradient different from null at position ${i + 1}, but the corresponding forward input was not a Tensor`,
      );
    if (!isExpandable(arg.shape, gradient.shape))
      throw new ShapeError(
        `Function ${name}Backward returned an invalid gradient at index ${i} - got [${gradient.shape.join(', ')}] but expected shape compatible with [${arg.shape.join(', ')}]`,
      );
    return b.cast(gradient.node, arg.dtype) as Node;
  });
}

/** Whether a tensor of one shape can be expanded to another. */
function isExpandable(from: Shape, to: Shape): boolean {
  const lead = to.length - from.length;
  return lead >= 0 && from.every((size, i) => size === 1 || size === to[lead + i]);
}
