import { manualSeed, Tensor, zeros } from '@chimera-nn/core';
import { expectError } from './call.ts';
import type { InitEntry, Json, OptimizerEntry, SchedulerEntry } from './manifest.ts';
import type { Observation } from './observation.ts';
import type { Callable } from './scope.ts';
import { argument, classOf, leafOf, lookup } from './scope.ts';

const none: ReadonlyMap<string, Tensor> = new Map();

/** What is used of an optimizer, whatever its class. */
interface Optimizer {
  step(closure?: () => Tensor): unknown;
  zeroGrad(): void;
  stateDict(): ReadonlyMap<string, unknown>;
  loadStateDict(state: ReadonlyMap<string, unknown>): void;
  toString(): string;
  readonly paramGroups: readonly { lr: number; momentum?: number; betas?: readonly number[] }[];
}

/** What is used of a scheduler, whatever its class. */
interface Scheduler {
  step(at?: number): unknown;
  getLastLr(): readonly number[];
  stateDict(): object;
  loadStateDict(state: object): void;
}

/** Runs some steps and compares every parameter after each of them. */
export async function runOptimizer(entry: OptimizerEntry, observation: Observation): Promise<void> {
  const Parameter = classOf('nn', 'Parameter');
  const count = entry.groups.reduce((sum, group) => sum + group.count, 0);
  const parameters = Array.from(
    { length: count },
    (_, i) => new Parameter(leafOf(observation.golden(`param.${i}`))) as Tensor,
  );
  let position = 0;
  const groups = entry.groups.map((group) => {
    const params = parameters.slice(position, (position += group.count));
    return { params, ...(argument(group.options, none) as object) };
  });
  const plain = groups.length === 1 && Object.keys(entry.groups[0]!.options).length === 0;
  const Kind = classOf('optim', entry.optimizer);
  let optimizer = new Kind(plain ? groups[0]!.params : groups, argument(entry.options ?? {}, none)) as Optimizer;
  const { objective } = entry;
  for (let step = 0; step < entry.steps; step++) {
    if (step === entry.resume) {
      const saved = optimizer.stateDict();
      optimizer = new Kind(groups.map(({ params }) => ({ params }))) as Optimizer;
      optimizer.loadStateDict(saved);
    }
    if (objective === undefined) {
      for (const [i, parameter] of parameters.entries()) {
        const name = `grad.${step}.${i}`;
        parameter.grad = observation.hasGolden(name) ? leafOf(observation.golden(name)) : null;
      }
      await optimizer.step();
    } else
      await optimizer.step(() => {
        optimizer.zeroGrad();
        const loss = objectiveOf(objective, parameters);
        loss.backward();
        return loss;
      });
    const values = await Promise.all(parameters.map((parameter) => parameter.data()));
    for (const [i, value] of values.entries())
      observation.numbers(`parameter ${i} after step ${step + 1}`, value, `after.${step}.${i}`, 'result');
  }
  observation.same('printed form', String(optimizer), entry.repr);
  await compareSaved(optimizer.stateDict(), entry, observation);
}

async function compareSaved(
  saved: ReadonlyMap<string, unknown>,
  entry: OptimizerEntry,
  observation: Observation,
): Promise<void> {
  observation.same(
    'saved options',
    (saved.get('param_groups') as ReadonlyMap<string, unknown>[]).map((group) => [...group]),
    entry.saved.groups,
  );
  const state = saved.get('state') as ReadonlyMap<number, ReadonlyMap<string, unknown>>;
  const expected = Object.entries(entry.saved.state).filter(([, entries]) => Object.keys(entries).length > 0);
  observation.same(
    'saved state',
    [...state]
      .filter(([, entries]) => entries.size > 0)
      .sort(([a], [b]) => a - b)
      .map(([position, entries]) => [String(position), [...entries.keys()]]),
    expected.map(([position, entries]) => [position, Object.keys(entries)]),
  );
  const compare = async (what: string, actual: unknown, wanted: Json): Promise<void> => {
    if (wanted === null) return;
    if (Array.isArray(wanted)) {
      for (const [i, one] of (wanted as readonly Json[]).entries())
        await compare(`${what}.${i}`, (actual as readonly unknown[])[i], one);
    } else if (typeof wanted === 'number')
      close(what, [actual instanceof Tensor ? await actual.item() : (actual as number)], [wanted], observation, 1e-5);
    else if (actual instanceof Tensor)
      observation.numbers(what, await actual.data(), (wanted as { $tensor: string }).$tensor, 'result');
    else observation.problem(`${what}: expected a tensor, got ${typeof actual}`);
  };
  for (const [position, entries] of expected)
    for (const [name, wanted] of Object.entries(entries))
      await compare(`saved ${name} of parameter ${position}`, state.get(Number(position))?.get(name), wanted);
}

function objectiveOf(name: 'quadratic' | 'quartic', parameters: readonly Tensor[]): Tensor {
  const terms = parameters.map((parameter) => {
    const shifted = parameter.sub(name === 'quartic' ? 0.5 : 1);
    const square = shifted.mul(shifted);
    if (name === 'quartic') return square.mul(square).add(parameter.mul(parameter)).sum();
    const weights = {
      dtype: 'float32',
      shape: parameter.shape,
      values: Float32Array.from({ length: parameter.numel() }, (_, i) => i + 1),
    } as const;
    return square.mul(leafOf(weights)).sum();
  });
  return terms.reduce((sum, term) => sum.add(term));
}

const lambdas: Readonly<Record<string, (value: number) => (epoch: number) => number>> = {
  power: (base) => (epoch) => base ** epoch,
  constant: (factor) => () => factor,
  inverse: (rate) => (epoch) => 1 / (1 + rate * epoch),
};

function schedulerOf(spec: { readonly [key: string]: Json }, optimizer: unknown): unknown {
  const convert = (value: Json): unknown => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const object = value as { readonly [key: string]: Json };
      if ('scheduler' in object) return schedulerOf(object, optimizer);
      if ('lambda' in object) {
        const [name, number] = object['lambda'] as [string, number];
        return lambdas[name]!(number);
      }
      return Object.fromEntries(Object.entries(object).map(([key, entry]) => [key, convert(entry)]));
    }
    return Array.isArray(value) ? (value as readonly Json[]).map(convert) : argument(value, none);
  };
  const args = ((spec['args'] ?? []) as readonly Json[]).map(convert);
  const name = spec['scheduler'] as string;
  const Scheduler = classOf(name === 'SWALR' ? 'optim.swaUtils' : 'optim.lrScheduler', name);
  return name === 'ChainedScheduler' ? new Scheduler(...args, { optimizer }) : new Scheduler(optimizer, ...args);
}

/** Steps a scheduler and compares the learning rates. */
export async function runScheduler(entry: SchedulerEntry, observation: Observation): Promise<void> {
  const Parameter = classOf('nn', 'Parameter');
  const rates = entry.lrs ?? [0.1];
  const parameters = rates.map(() => new Parameter(zeros([1])));
  const make = (): [Optimizer, Scheduler] => {
    const made = new (classOf('optim', entry.optimizer ?? 'SGD'))(
      rates.map((lr, i) => ({ params: [parameters[i]], lr })),
      { lr: rates[0], ...(argument(entry.options ?? {}, none) as object) },
    ) as Optimizer;
    return [made, schedulerOf(entry as unknown as { readonly [key: string]: Json }, made) as Scheduler];
  };
  let [optimizer, scheduler] = make();
  for (const [step, expected] of entry.history.entries()) {
    if (step - 1 === entry.resume) {
      const [saved, groups] = [scheduler.stateDict(), optimizer.stateDict()];
      [optimizer, scheduler] = make();
      optimizer.loadStateDict(groups);
      scheduler.loadStateDict(saved);
    }
    if (step > 0) {
      await optimizer.step();
      if (entry.metrics !== undefined) await scheduler.step(argument(entry.metrics[step - 1]!, none) as number);
      else if (entry.epochs === undefined) await scheduler.step();
      else await scheduler.step(entry.epochs[step - 1]);
    }
    close(
      `learning rates after ${step} steps`,
      optimizer.paramGroups.map(({ lr }) => lr),
      expected,
      observation,
    );
    const momenta = entry.momenta?.[step];
    if (momenta !== undefined)
      close(
        `momenta after ${step} steps`,
        optimizer.paramGroups.map(({ betas, momentum }) => betas?.[0] ?? momentum ?? 0),
        momenta,
        observation,
      );
  }
  close('last rates', scheduler.getLastLr(), entry.last, observation);
  const different = (actual: unknown, expected: Json): boolean => {
    if (typeof expected === 'number' && typeof actual === 'number')
      return Math.abs(actual - expected) > 1e-10 * Math.abs(expected) + 1e-15;
    if (typeof expected !== 'object' || expected === null) return actual !== expected;
    if (typeof actual !== 'object' || actual === null) return true;
    const wanted = Object.entries(expected as { readonly [key: string]: Json });
    const found = actual as Record<string, unknown>;
    return Object.keys(found).length !== wanted.length || wanted.some(([key, value]) => different(found[key], value));
  };
  const saved = plain(scheduler.stateDict());
  if (different(saved, entry.saved))
    observation.problem(`saved state: expected ${JSON.stringify(entry.saved)}, got ${JSON.stringify(saved)}`);
}

/** A scheduler's state as JSON has it. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return plain(Object.fromEntries(value));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, entry]): [string, unknown] => [key, plain(entry)])
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  return typeof value === 'number' && !Number.isFinite(value) ? String(value).replace('Infinity', 'inf') : value;
}

/** Host arithmetic in float64 on both sides: only the order of operations may differ. */
function close(
  what: string,
  actual: readonly number[],
  expected: readonly number[],
  observation: Observation,
  tolerance = 1e-10,
): void {
  const same =
    actual.length === expected.length &&
    actual.every((value, i) => Math.abs(value - expected[i]!) <= tolerance * Math.abs(expected[i]!) + 1e-5 * tolerance);
  if (!same) observation.problem(`${what}: expected ${expected.join(', ')}, got ${actual.join(', ')}`);
}

/** Fills a tensor with a function of `nn.init`. */
export async function runInit(entry: InitEntry, observation: Observation): Promise<void> {
  const target = zeros([...entry.shape]);
  const fill = lookup(`nn.init.${entry.init}`, none) as Callable;
  manualSeed(entry.seed ?? 0);
  const action = (): unknown => fill(target, ...(entry.args ?? []).map((value) => argument(value, none)));
  if (entry.error !== undefined) {
    await expectError(entry.error, action, observation);
    return;
  }
  await action();
  observation.tensor('result', target, 'out', 'result');
}
