import { GraphError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import { tensor as tensorOf } from '../tensor/creation.ts';
import { Tensor } from '../tensor/tensor.ts';
import { jacobian } from './functional.ts';

export interface GradientCheckOptions {
  /** How far an element is moved to each side. Default 1e-6. */
  eps?: number;
  /** Absolute tolerance. Default 1e-5. */
  atol?: number;
  /** Relative tolerance. Default 1e-3. */
  rtol?: number;
  /** Throw with both Jacobians instead of giving false. Default true. (PyTorch: `raise_exception`) */
  raiseException?: boolean;
}

type Checked = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

/**
 * Compares the derivatives of `func` at inputs that require grad with finite differences. The inputs should be float64: the differences
 * are too coarse otherwise. (PyTorch: `torch.autograd.gradcheck`)
 */
export async function gradcheck(
  func: Checked,
  inputs: Tensor | readonly Tensor[],
  { eps = 1e-6, atol = 1e-5, rtol = 1e-3, raiseException = true }: GradientCheckOptions = {},
): Promise<boolean> {
  const list = inputs instanceof Tensor ? [inputs] : inputs;
  const positions = list.flatMap((input, i) => (input.requiresGrad ? [i] : []));
  if (positions.length === 0)
    throw new GraphError(
      'gradcheck expects at least one input tensor to require gradient, but none of them have requires_grad=True.',
    );
  const call = (chosen: readonly Tensor[]): readonly Tensor[] => {
    const all = list.map((input, i) => (positions.includes(i) ? chosen[positions.indexOf(i)]! : input));
    const result = func(...all);
    return (result instanceof Tensor ? [result] : result).filter(({ dtype }) => isFloating(dtype));
  };
  const at = positions.map((i) => list[i]!.detach());
  const analytical = jacobian((...chosen: Tensor[]) => call(chosen), at) as readonly (readonly Tensor[])[];
  for (const [j, input] of at.entries()) {
    const numerical = await differences(call, at, j, eps);
    for (const [i, row] of analytical.entries()) {
      const found = await row[j]!.data();
      const expected = numerical[i]!;
      const width = input.numel();
      const isClose = (k: number): boolean => {
        // PyTorch's Jacobians have a row per input.
        const height = expected.length / width;
        const value = expected[(k % width) * height + Math.floor(k / width)]!;
        return Math.abs(found[k]! - value) <= atol + rtol * Math.abs(value);
      };
      if (found.every((_, k) => isClose(k))) continue;
      if (!raiseException) return false;
      const height = expected.length / width;
      const numericalText = await tensorOf(expected, { dtype: input.dtype }).reshape([width, height]).format();
      const analyticalText = await row[j]!.reshape([height, width]).t().format();
      throw new GraphError(
        `Jacobian mismatch for output ${i} with respect to input ${j},\nnumerical:${numericalText}\nanalytical:${analyticalText}\n`,
      );
    }
  }
  return true;
}

/** As `gradcheck`, for the derivatives' own derivatives. (PyTorch: `torch.autograd.gradgradcheck`) */
export function gradgradcheck(
  func: Checked,
  inputs: Tensor | readonly Tensor[],
  options: GradientCheckOptions = {},
): Promise<boolean> {
  const list = inputs instanceof Tensor ? [inputs] : inputs;
  const positions = list.flatMap((input, i) => (input.requiresGrad ? [i] : []));
  const first: Checked = (...all) => {
    const chosen = positions.map((i) => all[i]!);
    const part = (...values: Tensor[]): readonly Tensor[] => {
      const result = func(...all.map((input, i) => (positions.includes(i) ? values[positions.indexOf(i)]! : input)));
      return result instanceof Tensor ? [result] : result;
    };
    const jacobians = jacobian(part, chosen, { createGraph: true }) as readonly (readonly Tensor[])[];
    return jacobians.flat();
  };
  return gradcheck(first, inputs, options);
}

/** Of every output by every element of one input, from both sides: per output a row per element. */
async function differences(
  call: (chosen: readonly Tensor[]) => readonly Tensor[],
  at: readonly Tensor[],
  position: number,
  eps: number,
): Promise<number[][]> {
  const input = at[position]!;
  const values = [...(await input.data())];
  const columns: number[][] = [];
  for (const [k, value] of values.entries()) {
    const moved = async (to: number): Promise<number[][]> => {
      const other = tensorOf(values.with(k, to), { dtype: input.dtype, device: input.device }).reshape(input.shape);
      return Promise.all(call(at.with(position, other)).map(async (output) => [...(await output.data())]));
    };
    const [above, below] = [await moved(value + eps), await moved(value - eps)];
    for (const [i, output] of above.entries())
      (columns[i] ??= []).push(...output.map((high, m) => (high - below[i]![m]!) / (2 * eps)));
  }
  return columns;
}
