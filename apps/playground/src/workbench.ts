import type { Engine } from './engines.ts';

/** What the parts of the page share: the chosen engine, and that only one of them computes at a time. */
export class Workbench {
  #engine: Engine | undefined;
  #busy = false;
  readonly #listeners: (() => void)[] = [];

  /** The chosen engine; undefined until one has been chosen that this browser has. */
  get engine(): Engine | undefined {
    return this.#engine;
  }

  get busy(): boolean {
    return this.#busy;
  }

  /** Whether something may be started now. */
  get ready(): boolean {
    return !this.#busy && this.#engine !== undefined;
  }

  choose(engine: Engine): void {
    this.#engine = engine;
    this.#tell();
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
    listener();
  }

  /** Runs a piece of work with the chosen engine; nothing else starts until it has ended. */
  async work(body: (engine: Engine) => Promise<void>): Promise<void> {
    if (this.#engine === undefined || this.#busy) return;
    this.#busy = true;
    this.#tell();
    try {
      await body(this.#engine);
    } finally {
      this.#busy = false;
      this.#tell();
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
