import { ChimeraError, manualSeed, Tensor } from '@chimera-nn/core';
import type { ComplexTensor } from '@chimera-nn/core';
import type { CallEntry, InputEntry } from './manifest.ts';
import type { Observation } from './observation.ts';
import type { Callable } from './scope.ts';
import { argument, leafOf, lookup, MissingError } from './scope.ts';

/** The inputs of a case: the leaves, and what the call is given in their place. */
export function inputsOf(
  entry: { readonly inputs?: { readonly [name: string]: InputEntry } },
  observation: Observation,
): { leaves: Map<string, Tensor>; given: Map<string, Tensor> } {
  const leaves = new Map<string, Tensor>();
  const given = new Map<string, Tensor>();
  for (const [name, { requiresGrad, clone }] of Object.entries(entry.inputs ?? {})) {
    const leaf = leafOf(observation.golden(`in.${name}`), requiresGrad);
    leaves.set(name, leaf);
    given.set(name, clone ? (lookup(`${name}.clone`, new Map([[name, leaf]])) as () => Tensor)() : leaf);
  }
  return { leaves, given };
}

/** The leaves that gradients are wanted of. */
export function trainable(leaves: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  return new Map([...leaves].filter(([, leaf]) => leaf.requiresGrad));
}

/** Runs a call of a function or method. */
export async function runCall(entry: CallEntry, observation: Observation): Promise<void> {
  const { leaves, given } = inputsOf(entry, observation);
  manualSeed(entry.seed ?? 0);
  const invoke = (): unknown => {
    const target = lookup(entry.call, given);
    return typeof target === 'function'
      ? (target as Callable)(...(entry.args ?? []).map((value) => argument(value, given)))
      : target;
  };
  if (entry.error !== undefined) {
    await expectError(entry.error, invoke, observation);
    return;
  }
  const outputs = observation.result(squared(await invoke(), entry.squared), entry);
  for (const name of entry.after ?? [])
    observation.tensor(`${name} afterwards`, given.get(name), `after.${name}`, 'result');
  observation.gradients(outputs, trainable(leaves), entry);
}

/** A result with some of its tensors squared: vectors whose sign or phase is open have squares that are not. */
function squared(result: unknown, names: readonly string[] | undefined): unknown {
  if (names === undefined) return result;
  const values = result as Readonly<Record<string, Tensor | ComplexTensor>>;
  // Complex eigenvalues are named so that PyTorch's are brought into our order.
  const changed = names.filter((name) => name !== 'eigenvalues').map((name) => [name, sizeOf(values[name]!)]);
  return { ...values, ...Object.fromEntries(changed) };
}

function sizeOf(x: Tensor | ComplexTensor): Tensor {
  return x instanceof Tensor ? x.square() : x.real.square().add(x.imag.square());
}

/** Requires an error of our own, at the call, with a text. */
export async function expectError(text: string | null, action: () => unknown, observation: Observation): Promise<void> {
  try {
    // Only what is asynchronous in itself may fail later than the call.
    await action();
  } catch (error) {
    if (error instanceof MissingError) throw error;
    if (!(error instanceof ChimeraError) && !(error instanceof TypeError) && !(error instanceof RangeError))
      observation.problem(`the error is not a ChimeraError or TypeError but ${String(error)}`);
    else if (text !== null && !error.message.includes(text))
      observation.problem(`expected an error saying ${JSON.stringify(text)}, got ${JSON.stringify(error.message)}`);
    else if (
      error instanceof TypeError &&
      /undefined|is not a function|not iterable|Cannot read/.test(error.message) &&
      text === null
    )
      observation.problem(`an accidental error: ${error.message}`);
    return;
  }
  observation.problem(`expected an error${text === null ? '' : ` saying ${JSON.stringify(text)}`}, got none`);
}
