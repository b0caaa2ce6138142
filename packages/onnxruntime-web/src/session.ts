import { ExecutionError } from '@chimera-nn/core';
import type { InferenceSession } from 'onnxruntime-web';
import type { Engine } from './engine.ts';

type Feeds = Parameters<InferenceSession['run']>[0];
type Fetches = Extract<Parameters<InferenceSession['run']>[1], Readonly<Record<string, unknown>>>;
type Results = Awaited<ReturnType<InferenceSession['run']>>;

/** One model, loaded. Builds its session again after a failed run, because the next run of a failed session can hang. */
export class Session {
  readonly #engine: Engine;
  readonly #model: Uint8Array;
  readonly #options: () => InferenceSession.SessionOptions;
  #session: InferenceSession | undefined;
  #released = false;

  private constructor(engine: Engine, model: Uint8Array, options: () => InferenceSession.SessionOptions) {
    this.#engine = engine;
    this.#model = model;
    this.#options = options;
  }

  /** Loads a model. `options` makes new options each time, since the engine writes into them. */
  static async create(
    engine: Engine,
    model: Uint8Array,
    options: () => InferenceSession.SessionOptions,
  ): Promise<Session> {
    const session = new Session(engine, model, options);
    await engine.queue.run(() => session.#load('compiled'));
    return session;
  }

  async #load(what: string): Promise<InferenceSession> {
    try {
      return (this.#session = await this.#engine.ort.InferenceSession.create(this.#model, this.#options()));
    } catch (cause) {
      throw failure(`The program could not be ${what}`, cause);
    }
  }

  /** Runs the model. `prepare` is called when it is this run's turn, `finish` before it is the next one's. */
  run(
    prepare: () => { readonly feeds: Feeds; readonly fetches?: Fetches },
    finish?: (results: Results) => void,
  ): Promise<Results> {
    return this.#engine.queue.run(async () => {
      if (this.#released) throw new ExecutionError('The program was disposed of before its run began');
      const session = this.#session ?? (await this.#load('compiled again after a failed run'));
      const { feeds, fetches } = prepare();
      try {
        const results = await (fetches === undefined ? session.run(feeds) : session.run(feeds, fetches));
        finish?.(results);
        return results;
      } catch (cause) {
        this.#session = undefined;
        await session.release().catch(() => undefined);
        throw failure('The program failed', cause);
      }
    });
  }

  /** Frees the session once the runs before it are done. */
  release(): Promise<void> {
    if (this.#released) return Promise.resolve();
    return this.#engine.queue.run(async () => {
      this.#released = true;
      const session = this.#session;
      this.#session = undefined;
      await session?.release();
    });
  }
}

/** An engine's error with the index of the instruction whose node it names. */
export function failure(what: string, cause: unknown): ExecutionError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const node = /\bi(\d+)_[A-Z]\w*/.exec(message);
  return new ExecutionError(`${what}: ${message}`, node === null ? { cause } : { cause, instruction: Number(node[1]) });
}
