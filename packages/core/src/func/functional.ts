import { GraphError, ShapeError } from '../errors.ts';
import { sameShape } from '../graph/shape.ts';
import { zerosLike } from '../tensor/creation.ts';
import { Tensor } from '../tensor/tensor.ts';
import { cotangentsOf, pushForward } from './gradients.ts';
import { jacobiansOf } from './jacobian.ts';
import { Level } from './level.ts';
import { mapStructure, requireRecorded } from './structure.ts';

// Functions of the tensors themselves, where `func` makes functions out of functions. (PyTorch: `torch.autograd.functional`)

export interface FunctionalOptions {
  /** Keep what is computed differentiable. Default false. (PyTorch: `create_graph`) */
  createGraph?: boolean;
  /** Throw where an output does not depend on an input, instead of giving zeros. Default false. */
  strict?: boolean;
}

/** One tensor, or several: the arguments of a function, or its results. */
export type Tensors = Tensor | readonly Tensor[];

/** A function of such arguments. */
export type FunctionOf<Inputs extends Tensors, Outputs extends Tensors = Tensors> = (
  ...inputs: Inputs extends readonly Tensor[] ? Inputs : [Inputs]
) => Outputs;

/** For every tensor of the first, what there is for every tensor of the second. */
export type PairsOf<Outputs extends Tensors, Inputs extends Tensors> = Outputs extends readonly Tensor[]
  ? { [I in keyof Outputs]: Inputs }
  : Inputs;

function listOf(operation: string, name: string, given: unknown): readonly Tensor[] {
  const list = given instanceof Tensor ? [given] : given;
  if (!Array.isArray(list))
    throw new TypeError(
      `The ${name} given to ${operation} must be either a Tensor or a tuple of Tensors but the given ${name} has type ${typeof given}.`,
    );
  for (const [i, entry] of list.entries())
    if (!(entry instanceof Tensor))
      throw new TypeError(
        `The ${name} given to ${operation} must be either a Tensor or a tuple of Tensors but the value at index ${i} has type ${typeof entry}.`,
      );
  return list as readonly Tensor[];
}

interface Call {
  readonly level: Level;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** As one tensor or a list, like what the user has given. */
  readonly asInputs: (list: readonly unknown[]) => unknown;
  readonly asOutputs: (list: readonly unknown[]) => unknown;
}

/** Calls the function on entered inputs and hands on what `body` makes of it. */
function transform(
  operation: string,
  func: (...inputs: never[]) => unknown,
  given: Tensors,
  { createGraph = false }: FunctionalOptions,
  body: (call: Call) => unknown,
): unknown {
  if (typeof func !== 'function') throw new TypeError(`${operation}: expected a function, got ${typeof func}`);
  const list = listOf(operation, 'inputs', given);
  const level = new Level();
  return level.run(() => {
    const inputs = list.map((input) => level.enter(input, operation));
    const result = func(...(inputs as never[]));
    requireRecorded(operation, result);
    const outputs = listOf(operation, 'outputs of the user-provided function', result);
    const asInputs = (parts: readonly unknown[]): unknown => (given instanceof Tensor ? parts[0] : parts);
    const asOutputs = (parts: readonly unknown[]): unknown => (result instanceof Tensor ? parts[0] : parts);
    const made = body({ level, inputs, outputs, asInputs, asOutputs });
    return createGraph ? made : mapStructure(made, (tensor) => tensor.detach());
  });
}

function requireDependence(outputs: readonly Tensor[], inputs: readonly Tensor[], strict: boolean | undefined): void {
  if (strict !== true) return;
  for (const [i, output] of outputs.entries()) {
    if (!output.requiresGrad)
      throw new GraphError(
        `Output ${i} of the user-provided function does not require gradients. The outputs must be computed in a differentiable manner from the input when running in strict mode.`,
      );
    for (const [j, input] of inputs.entries())
      if (!dependsOn(output, input))
        throw new GraphError(
          `Output ${i} of the user-provided function is independent of input ${j}. This is not allowed in strict mode.`,
        );
  }
}

function dependsOn(output: Tensor, input: Tensor): boolean {
  const seen = new Set([output.node]);
  const stack = [output.node];
  while (stack.length > 0) {
    const node = stack.pop()!;
    if (node === input.node) return true;
    for (const source of node.gradientInputs ?? node.inputs)
      if (source.requiresGrad && !seen.has(source)) {
        seen.add(source);
        stack.push(source);
      }
  }
  return false;
}

/** The cotangents or directions, or ones where there is but one element. */
function vectorOf(
  operation: string,
  v: Tensors | null | undefined,
  like: readonly Tensor[],
  subject: 'user-provided function returns' | 'input to the user-provided function is',
): Tensor[] {
  if (v === null || v === undefined) {
    if (like.length !== 1 || like[0]!.numel() !== 1)
      throw new GraphError(`The vector v can only be null if the ${subject} a single Tensor with a single element.`);
    return [zerosLike(like[0]!).add(1)];
  }
  const list = listOf(operation, 'v', v);
  if (list.length !== like.length)
    throw new GraphError(
      like.length === 1
        ? 'The given v should contain a single Tensor.'
        : `v is a tuple of invalid length: should be ${like.length} but got ${list.length}.`,
    );
  for (const [i, entry] of list.entries())
    if (!sameShape(entry.shape, like[i]!.shape))
      throw new ShapeError(
        `${like.length > 1 ? `Entry ${i} in ` : ''}v has invalid size: should be [${like[i]!.shape.join(', ')}] but got [${entry.shape.join(', ')}].`,
      );
  return [...list];
}

/**
 * The Jacobian of `func` at `inputs`: [...output, ...input] for every output and every input. One reverse walk per element of an
 * output. (PyTorch: `torch.autograd.functional.jacobian`)
 */
export function jacobian<const Inputs extends Tensors, Outputs extends Tensors>(
  func: FunctionOf<Inputs, Outputs>,
  inputs: Inputs,
  options: FunctionalOptions = {},
): PairsOf<Outputs, Inputs> {
  return transform('jacobian', func, inputs, options, ({ inputs: at, outputs, asInputs, asOutputs }) => {
    requireDependence(outputs, at, options.strict);
    return asOutputs(outputs.map((output) => asInputs(jacobiansOf(output, at))));
  }) as PairsOf<Outputs, Inputs>;
}

/** The one output of a function whose second derivatives are asked for. */
function scalarOf(operation: string, outputs: readonly Tensor[]): Tensor {
  const [output] = outputs;
  if (output === undefined || outputs.length !== 1)
    throw new GraphError(`The function given to ${operation} should return a single Tensor`);
  if (output.numel() !== 1)
    throw new GraphError(`The Tensor returned by the function given to ${operation} should contain a single element`);
  return output;
}

/**
 * The second derivatives of a scalar `func`: [...input, ...input] for every pair of inputs.
 * (PyTorch: `torch.autograd.functional.hessian`)
 */
export function hessian<const Inputs extends Tensors>(
  func: FunctionOf<Inputs, Tensor>,
  inputs: Inputs,
  options: FunctionalOptions = {},
): PairsOf<Inputs, Inputs> {
  return transform('hessian', func, inputs, options, ({ inputs: at, outputs, asInputs }) => {
    const output = scalarOf('hessian', outputs);
    requireDependence(outputs, at, options.strict);
    const first = cotangentsOf([output.reshape([])], at, null);
    requireDependence(first, at, options.strict);
    return asInputs(first.map((gradient) => asInputs(jacobiansOf(gradient, at))));
  }) as PairsOf<Inputs, Inputs>;
}

/** Outputs of `func` and the product of `v` with its Jacobian. (PyTorch: `torch.autograd.functional.vjp`) */
export function vjp<const Inputs extends Tensors, Outputs extends Tensors>(
  func: FunctionOf<Inputs, Outputs>,
  inputs: Inputs,
  v: Outputs | null = null,
  options: FunctionalOptions = {},
): [Outputs, Inputs] {
  return transform('vjp', func, inputs, options, ({ inputs: at, outputs, asInputs, asOutputs }) => {
    requireDependence(outputs, at, options.strict);
    const cotangents = vectorOf('vjp', v, outputs, 'user-provided function returns');
    return [asOutputs(outputs), asInputs(cotangentsOf(outputs, at, cotangents))];
  }) as [Outputs, Inputs];
}

/** Outputs of `func` and the product of its Jacobian with `v`. (PyTorch: `torch.autograd.functional.jvp`) */
export function jvp<const Inputs extends Tensors, Outputs extends Tensors>(
  func: FunctionOf<Inputs, Outputs>,
  inputs: Inputs,
  v: Inputs | null = null,
  options: FunctionalOptions = {},
): [Outputs, Outputs] {
  return transform('jvp', func, inputs, options, ({ level, inputs: at, outputs, asOutputs }) => {
    requireDependence(outputs, at, options.strict);
    const directions = vectorOf('jvp', v, at, 'input to the user-provided function is');
    return [asOutputs(outputs), asOutputs(pushForward(level, outputs, at, directions))];
  }) as [Outputs, Outputs];
}

/** The output of a scalar `func` and the product of `v` with its Hessian. (PyTorch: `torch.autograd.functional.vhp`) */
export function vhp<const Inputs extends Tensors>(
  func: FunctionOf<Inputs, Tensor>,
  inputs: Inputs,
  v: Inputs | null = null,
  options: FunctionalOptions = {},
): [Tensor, Inputs] {
  return hessianProduct('vhp', func, inputs, v, options);
}

/** The output of a scalar `func` and the product of its Hessian with `v`. (PyTorch: `torch.autograd.functional.hvp`) */
export function hvp<const Inputs extends Tensors>(
  func: FunctionOf<Inputs, Tensor>,
  inputs: Inputs,
  v: Inputs | null = null,
  options: FunctionalOptions = {},
): [Tensor, Inputs] {
  return hessianProduct('hvp', func, inputs, v, options);
}

// The Hessian is symmetric: from the left or from the right, the product is the same.
function hessianProduct<const Inputs extends Tensors>(
  operation: string,
  func: FunctionOf<Inputs, Tensor>,
  given: Inputs,
  v: Inputs | null,
  options: FunctionalOptions,
): [Tensor, Inputs] {
  return transform(operation, func, given, options, ({ inputs, outputs, asInputs }) => {
    const output = scalarOf(operation, outputs);
    requireDependence(outputs, inputs, options.strict);
    const vector = vectorOf(operation, v, inputs, 'input to the user-provided function is');
    const first = cotangentsOf([output.reshape([])], inputs, null);
    return [output, asInputs(cotangentsOf(first, inputs, vector))];
  }) as [Tensor, Inputs];
}
