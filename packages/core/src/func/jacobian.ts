import { GraphError } from '../errors.ts';
import { numbersToHost } from '../graph/dtype.ts';
import { recorder as b } from '../graph/node.ts';
import { sizeOf } from '../graph/shape.ts';
import { fromHost, wrap } from '../tensor/tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Chosen, Transformable, TransformOptions } from './gradients.ts';
import { cotangentsOf, enterArguments, readOptions, resolveArgnums, splitAux } from './gradients.ts';
import { Level } from './level.ts';
import { mapStructure, tensorsOf, withTensors } from './structure.ts';

/** 1 at one element, 0 at all others. */
function unitLike({ shape, dtype, device }: Tensor, position: number): Tensor {
  const values = new Float64Array(sizeOf(shape));
  values[position] = 1;
  return fromHost(numbersToHost(values, dtype), shape, dtype, { device, transient: true });
}

/** The derivatives of every element of `output` by every element of each input: [...output, ...input]. Zeros where there is none. */
export function jacobiansOf(output: Tensor, inputs: readonly Tensor[]): Tensor[] {
  const count = sizeOf(output.shape);
  const rows = Array.from({ length: count }, (_, i) => cotangentsOf([output], inputs, [unitLike(output, i)]));
  return inputs.map((input, i) => {
    const shape = [...output.shape, ...input.shape];
    if (count === 0) return wrap(b.full(shape, 0, input.dtype));
    const flat = rows.map((row) => b.reshape(row[i]!.node, [1, sizeOf(input.shape)]));
    return wrap(b.reshape(flat.length === 1 ? flat[0]! : b.concat(flat, 0), shape));
  });
}

/** What differentiating one value gives per chosen argument: a Jacobian for each tensor in it. */
export type JacobianOf<Output, Input> = Output extends Tensor
  ? Input
  : { [Key in keyof Output]: JacobianOf<Output[Key], Input> };

function jacobianFunction(
  operation: string,
  fn: (...args: never[]) => unknown,
  options: TransformOptions | number | readonly number[],
): (...args: readonly unknown[]) => unknown {
  if (typeof fn !== 'function') throw new TypeError(`${operation}: expected a function, got ${typeof fn}`);
  const { argnums = 0, hasAux = false } = readOptions(options);
  return (...args) => {
    const level = new Level();
    const positions = resolveArgnums(argnums, args.length);
    return level.run(() => {
      const { all, inputs } = enterArguments(level, args, positions, operation);
      const [output, aux] = splitAux(operation, fn(...(all as never[])), hasAux);
      if (tensorsOf(output).length === 0)
        throw new GraphError(`${operation}: Expected f to be a function that has non-empty output`);
      const result = mapStructure(output, (tensor) => {
        const found = jacobiansOf(tensor, inputs);
        let next = 0;
        const parts = positions.map((position) => {
          const { length } = tensorsOf(args[position]);
          next += length;
          return withTensors(args[position], found.slice(next - length, next));
        });
        return Array.isArray(argnums) ? parts : parts[0];
      });
      return hasAux ? [result, aux] : result;
    });
  };
}

/**
 * A function that computes the Jacobian of `fn` by the arguments at `argnums`: for every tensor of the output and every tensor of
 * the argument one of shape [...output, ...argument]. One reverse walk per element of the output. (PyTorch: `torch.func.jacrev`, `torch.func.jacfwd`)
 */
export function jacrev<
  const Args extends readonly unknown[],
  Output,
  Aux,
  const N extends number | readonly number[] = 0,
>(
  fn: Transformable<Args, readonly [Output, Aux]>,
  options: TransformOptions<N> & { hasAux: true },
): (...args: Args) => [JacobianOf<Output, Chosen<Args, N>>, Aux];
export function jacrev<const Args extends readonly unknown[], Output, const N extends number | readonly number[] = 0>(
  fn: Transformable<Args, Output>,
  options?: TransformOptions<N> | N,
): (...args: Args) => JacobianOf<Output, Chosen<Args, N>>;
export function jacrev(
  fn: (...args: never[]) => unknown,
  options: TransformOptions | number | readonly number[] = {},
): (...args: readonly unknown[]) => unknown {
  return jacobianFunction('jacrev', fn, options);
}

/**
 * A function that computes the second derivatives of `fn` by the arguments at `argnums`: [...output, ...argument, ...argument].
 * (PyTorch: `torch.func.hessian`)
 */
export function hessian<const Args extends readonly unknown[], Output, const N extends number | readonly number[] = 0>(
  fn: Transformable<Args, Output>,
  argnums?: N,
): (...args: Args) => JacobianOf<JacobianOf<Output, Chosen<Args, N>>, Chosen<Args, N>> {
  const at: number | readonly number[] = argnums ?? 0;
  return jacobianFunction('hessian', jacobianFunction('hessian', fn, at), at) as (
    ...args: Args
  ) => JacobianOf<JacobianOf<Output, Chosen<Args, N>>, Chosen<Args, N>>;
}
