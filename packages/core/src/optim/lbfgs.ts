import { noGrad } from '../autograd/mode.ts';
import { ChimeraError, StateError } from '../errors.ts';
import { hostToNumbers, numbersToHost } from '../graph/dtype.ts';
import type { Value } from '../graph/value.ts';
import type { Trailing } from '../tensor/arguments.ts';
import { fromHost, Tensor } from '../tensor/tensor.ts';
import { asMap } from './optimizer-state.ts';
import type { OptimizerStateDict, OptimizerStateSource, ParametersArgument } from './optimizer.ts';
import { Optimizer } from './optimizer.ts';
import { readOptions, requireNonNegative } from './options.ts';
import { strongWolfe } from './strong-wolfe.ts';
import type { Vector } from './vector.ts';
import { concatenated, dot, largest } from './vector.ts';

export interface LBFGSOptions {
  /** Factor of the step. Default 1. */
  lr?: number;
  /** Iterations of one step. Default 20. */
  maxIter?: number;
  /** Evaluations of the closure in one step. Default maxIter * 1.25. */
  maxEval?: number | null;
  /** Ends when no gradient is larger. Default 1e-7. */
  toleranceGrad?: number;
  /** Ends when nothing changes by more. Default 1e-9. */
  toleranceChange?: number;
  /** Updates that are remembered. Default 100. */
  historySize?: number;
  /** Default null: steps of fixed size. */
  lineSearchFn?: 'strong_wolfe' | null;
}

type LBFGSOrder = ['lr', 'maxIter', 'maxEval', 'toleranceGrad', 'toleranceChange', 'historySize', 'lineSearchFn'];

type Closure = () => Tensor | Promise<Tensor>;

interface Memory {
  direction: Vector;
  step: number;
  gradients: Vector[];
  steps: Vector[];
  inverses: number[];
  diagonal: number;
  formerGradient: Vector | null;
  formerLoss: number;
  iterations: number;
  evaluations: number;
}

/**
 * Limited-memory BFGS. `step` needs a closure that clears the gradients, computes the loss, calls `backward` and gives
 * the loss; the search itself runs on the host in float64. One parameter group. (PyTorch: `torch.optim.LBFGS`)
 */
export class LBFGS extends Optimizer<Required<LBFGSOptions>> {
  #memory: Memory | null = null;
  // What was loaded, until a step reads its tensors.
  #saved: ReadonlyMap<unknown, unknown> | null = null;

  constructor(params: ParametersArgument<Required<LBFGSOptions>>, ...options: Trailing<LBFGSOptions, LBFGSOrder>) {
    const all = readOptions<LBFGSOptions>(
      'LBFGS',
      options,
      {
        lr: 1,
        maxIter: 20,
        maxEval: null,
        toleranceGrad: 1e-7,
        toleranceChange: 1e-9,
        historySize: 100,
        lineSearchFn: null,
      },
      ['lr', 'maxIter', 'maxEval', 'toleranceGrad', 'toleranceChange', 'historySize', 'lineSearchFn'],
    );
    requireNonNegative('learning rate', all.lr);
    if (all.lineSearchFn !== null && all.lineSearchFn !== 'strong_wolfe')
      throw new ChimeraError("only 'strong_wolfe' is supported");
    super(params, { ...all, maxEval: all.maxEval ?? Math.floor((all.maxIter * 5) / 4) });
    if (this.paramGroups.length !== 1)
      throw new ChimeraError("LBFGS doesn't support per-parameter options (parameter groups)");
  }

  protected override update(parameter: Value): Value {
    return parameter;
  }

  override async step(closure?: Closure): Promise<Tensor> {
    return (await super.step(closure)) as Tensor;
  }

  protected override async takeStep(closure?: Closure): Promise<Tensor> {
    if (typeof closure !== 'function')
      throw new TypeError('LBFGS.step: expected a closure that computes the loss and its gradients');
    const { lr, maxIter, maxEval, toleranceGrad, toleranceChange, historySize, lineSearchFn } = this.paramGroups[0]!;
    if (this.#saved !== null) this.#memory = await this.#restored(this.#saved);
    this.#saved = null;
    const first = await closure();
    let loss = await first.item();
    let gradient = await this.#gradient();
    let evaluations = 1;
    const memory: Memory = (this.#memory ??= {
      direction: gradient,
      step: lr,
      gradients: [],
      steps: [],
      inverses: [],
      diagonal: 1,
      formerGradient: null,
      formerLoss: loss,
      iterations: 0,
      evaluations: 0,
    });
    memory.evaluations++;
    if (largest(gradient) <= toleranceGrad) return first;
    for (let iteration = 1; iteration <= maxIter; iteration++) {
      memory.iterations++;
      memory.direction = this.#rounded(
        memory.iterations === 1
          ? gradient.map((x) => -x)
          : nextDirection(memory, gradient, historySize, (values) => this.#rounded(values)),
      );
      memory.formerGradient = gradient;
      memory.formerLoss = loss;
      const sum = gradient.reduce((total, x) => total + Math.abs(x), 0);
      memory.step = memory.iterations === 1 ? Math.min(1, 1 / sum) * lr : lr;
      const slope = dot(gradient, memory.direction);
      if (slope > -toleranceChange) break;
      let used = 0;
      let optimal = false;
      const { direction } = memory;
      if (lineSearchFn === null) {
        await this.#move(await this.#values(), memory.step, direction);
        if (iteration !== maxIter) {
          loss = await (await closure()).item();
          gradient = await this.#gradient();
          optimal = largest(gradient) <= toleranceGrad;
          used = 1;
        }
      } else {
        const start = await this.#values();
        const evaluate = async (step: number): Promise<[number, Vector]> => {
          await this.#move(start, step, direction);
          const value = await (await closure()).item();
          return [value, await this.#gradient()];
        };
        const found = await strongWolfe(
          evaluate,
          memory.step,
          direction,
          loss,
          gradient,
          slope,
          toleranceChange,
          maxEval! - evaluations,
        );
        ({ loss, gradient, used } = found);
        memory.step = found.step;
        await this.#move(start, found.step, direction);
        optimal = largest(gradient) <= toleranceGrad;
      }
      evaluations += used;
      memory.evaluations += used;
      if (iteration === maxIter || evaluations >= maxEval! || optimal) break;
      if (largest(direction) * memory.step <= toleranceChange || Math.abs(loss - memory.formerLoss) < toleranceChange)
        break;
    }
    return first;
  }

  /** State files hold numbers of the parameters' dtype: what goes into them is rounded to it before it is used. */
  #rounded(values: Vector): Vector {
    const { dtype } = this.paramGroups[0]!.params[0]!;
    return Float64Array.from(hostToNumbers(numbersToHost(values, dtype), dtype));
  }

  protected override gatherState(): OptimizerStateDict {
    const dict = super.gatherState();
    const state = dict.get('state') as Map<number, Map<string, unknown>>;
    if (this.#saved !== null) state.set(0, new Map(this.#saved as ReadonlyMap<string, unknown>));
    else if (this.#memory !== null) state.set(0, this.#written(this.#memory));
    return dict;
  }

  protected override takeState(source: OptimizerStateSource): void {
    const root = asMap(source, 'state_dict');
    const state = asMap(root.get('state'), 'state');
    const [saved] = state.values();
    super.takeState(new Map<string, unknown>([...(root as Map<string, unknown>), ['state', new Map()]]));
    this.#memory = null;
    this.#saved = saved === undefined ? null : asMap(saved, 'state of parameter 0');
  }

  #written(memory: Memory): Map<string, unknown> {
    const { dtype } = this.paramGroups[0]!.params[0]!;
    const tensorOf = (values: ArrayLike<number>, shape: number[]): Tensor =>
      fromHost(numbersToHost(values, dtype), shape, dtype, { device: null });
    const vector = (values: Vector): Tensor => tensorOf(values, [values.length]);
    const state = new Map<string, unknown>([
      ['func_evals', memory.evaluations],
      ['n_iter', memory.iterations],
    ]);
    if (memory.iterations === 0) return state;
    return new Map([
      ...state,
      ['d', vector(memory.direction)],
      ['t', memory.step],
      ['old_dirs', memory.gradients.map(vector)],
      ['old_stps', memory.steps.map(vector)],
      ['ro', memory.inverses.map((inverse) => tensorOf([inverse], []))],
      ['H_diag', memory.diagonal === 1 ? 1 : tensorOf([memory.diagonal], [])],
      ['prev_flat_grad', memory.formerGradient === null ? null : vector(memory.formerGradient)],
      ['prev_loss', memory.formerLoss],
    ]);
  }

  async #restored(saved: ReadonlyMap<unknown, unknown>): Promise<Memory> {
    const vector = async (value: unknown): Promise<Vector> => {
      if (!(value instanceof Tensor)) throw new StateError('loaded state dict: expected the state of LBFGS');
      return Float64Array.from(await value.data());
    };
    const vectors = async (name: string): Promise<Vector[]> =>
      Promise.all(((saved.get(name) ?? []) as unknown[]).map(vector));
    const number = async (name: string, otherwise: number): Promise<number> => {
      const value = saved.get(name) ?? otherwise;
      return typeof value === 'number' ? value : (await vector(value))[0]!;
    };
    const former = saved.get('prev_flat_grad') ?? null;
    return {
      direction: saved.has('d') ? await vector(saved.get('d')) : new Float64Array(0),
      step: await number('t', 0),
      gradients: await vectors('old_dirs'),
      steps: await vectors('old_stps'),
      inverses: (await vectors('ro')).map(([inverse]) => inverse!),
      diagonal: await number('H_diag', 1),
      formerGradient: former === null ? null : await vector(former),
      formerLoss: await number('prev_loss', 0),
      iterations: await number('n_iter', 0),
      evaluations: await number('func_evals', 0),
    };
  }

  async #gradient(): Promise<Vector> {
    const parts = await Promise.all(
      this.paramGroups[0]!.params.map(
        async (parameter) => (await parameter.peekGrad()?.data()) ?? new Float64Array(parameter.numel()),
      ),
    );
    return concatenated(parts);
  }

  async #values(): Promise<Vector> {
    return concatenated(await Promise.all(this.paramGroups[0]!.params.map((parameter) => parameter.data())));
  }

  /** Puts start + step * direction into the parameters. */
  async #move(start: Vector, step: number, direction: Vector): Promise<void> {
    const target = start.map((x, i) => x + step * direction[i]!);
    let offset = 0;
    for (const parameter of this.paramGroups[0]!.params) {
      const size = parameter.numel();
      const host = numbersToHost(target.subarray(offset, offset + size), parameter.dtype);
      offset += size;
      noGrad(() =>
        parameter.assignValue(fromHost(host, parameter.shape, parameter.dtype, { device: parameter.device }).node),
      );
    }
    await Promise.all(this.paramGroups[0]!.params.map((parameter) => parameter.data()));
  }
}

/** The approximate inverse Hessian times the negative gradient, by the two loops over what is remembered. */
function nextDirection(
  memory: Memory,
  gradient: Vector,
  historySize: number,
  rounded: (values: Vector) => Vector,
): Vector {
  const { gradients, steps, inverses, direction, step } = memory;
  const y = rounded(gradient.map((x, i) => x - memory.formerGradient![i]!));
  const s = rounded(direction.map((x) => x * step));
  const curvature = dot(y, s);
  if (curvature > 1e-10) {
    if (gradients.length === historySize) {
      gradients.shift();
      steps.shift();
      inverses.shift();
    }
    gradients.push(y);
    steps.push(s);
    const [inverse, diagonal] = rounded(Float64Array.of(1 / curvature, curvature / dot(y, y)));
    inverses.push(inverse!);
    memory.diagonal = diagonal!;
  }
  const q = gradient.map((x) => -x);
  const factors: number[] = [];
  for (let i = gradients.length - 1; i >= 0; i--) {
    const factor = dot(steps[i]!, q) * inverses[i]!;
    factors[i] = factor;
    for (let j = 0; j < q.length; j++) q[j]! -= factor * gradients[i]![j]!;
  }
  const r = q.map((x) => x * memory.diagonal);
  for (let i = 0; i < gradients.length; i++) {
    const factor = factors[i]! - dot(gradients[i]!, r) * inverses[i]!;
    for (let j = 0; j < r.length; j++) r[j]! += factor * steps[i]![j]!;
  }
  return r;
}
