/**
 * Runs tasks one after another, in the order in which they came. ONNX Runtime's module is one engine for all devices of
 * a process, and two of its calls at a time corrupt memory or hang.
 */
export class Queue {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T> | T): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when everything that has been queued so far is done. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
