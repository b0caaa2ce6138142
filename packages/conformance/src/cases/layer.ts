import { manualSeed } from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import { expectError, inputsOf, trainable } from './call.ts';
import type { LayerEntry } from './manifest.ts';
import type { Observation } from './observation.ts';
import type { Callable } from './scope.ts';
import { argument, lookup, makeLayer } from './scope.ts';

/** What is used of a layer, whatever its class. */
interface Layer {
  stateDict(): ReadonlyMap<string, unknown>;
  namedParameters(): Iterable<readonly [string, Tensor]>;
  namedBuffers(): Iterable<readonly [string, Tensor]>;
  train(mode: boolean): unknown;
  to(dtype: string): unknown;
}

/** Makes a layer from its seed, compares its state and printed form, calls it and differentiates. */
export async function runLayer(entry: LayerEntry, observation: Observation): Promise<void> {
  const { leaves } = inputsOf(entry, observation);
  const forward = (layer: unknown): unknown => {
    const args = entry.forward ?? Object.keys(entry.inputs ?? {}).map((name) => `$${name}`);
    return (layer as Callable)(...args.map((value) => argument(value, leaves)));
  };
  manualSeed(entry.seed ?? 0);
  if (entry.error !== undefined) {
    await expectError(entry.error, () => forward(makeLayer(entry.layer, entry.args ?? [], leaves)), observation);
    return;
  }
  let made = makeLayer(entry.layer, entry.args ?? [], leaves);
  for (const [path, ...args] of entry.through ?? [])
    made = (lookup(path, leaves) as Callable)(made, ...args.map((value) => argument(value, leaves)));
  const layer = made as Layer;
  if (entry.dtype !== undefined) layer.to(entry.dtype);
  layer.train(entry.mode !== 'eval');
  observation.same('printed form', String(made), entry.repr);
  let result: unknown;
  if (entry.lazy) {
    result = await forward(made);
    observation.same('printed form after the first call', String(made), entry.reprAfter);
  }
  const state = layer.stateDict();
  observation.same('state', [...state.keys()], entry.state);
  for (const name of entry.state)
    if (state.has(name)) observation.tensor(`initial ${name}`, state.get(name), `state.${name}`, 'state');
  const parameters = [...layer.namedParameters()];
  observation.same(
    'parameters',
    parameters.map(([name]) => name),
    entry.parameters ?? entry.state,
  );
  if (entry.forward === null) return;
  for (let i = entry.lazy ? 1 : 0; i < (entry.calls ?? 1); i++) result = await forward(made);
  const outputs = observation.result(result, entry);
  observation.gradients(
    outputs,
    new Map([
      ...trainable(leaves),
      ...parameters.map(([name, parameter]) => [`parameter ${name}`, parameter] as const),
    ]),
    entry,
  );
  const buffers = [...layer.namedBuffers()];
  observation.same(
    'buffers',
    buffers.map(([name]) => name),
    entry.buffers ?? [],
  );
  for (const [name, buffer] of buffers)
    if (observation.hasGolden(`buffer.${name}`))
      observation.tensor(`buffer ${name}`, buffer, `buffer.${name}`, 'result');
}
