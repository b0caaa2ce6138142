import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from '../runner/target.ts';

/** Shows how far a run is: a bar in a terminal, a line per device and failure elsewhere. */
export class ProgressPrinter {
  readonly #stream: NodeJS.WriteStream;
  #bar: SingleBar | undefined;
  #target = '';

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show({ target, case: name, done, total, result, step }: Progress): void {
    if (target !== this.#target) this.#begin(target, total);
    const detail = step === undefined ? '' : `, ${step.step}/${step.steps} ${step.text}`;
    this.#bar?.update(done, { name: result === undefined ? `${name}${detail}` : '' });
    if (result?.status !== 'fail' || this.#bar !== undefined) return;
    this.#stream.write(`  ${name}: ${result.message ?? 'failed'}\n`);
  }

  end(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #begin(target: string, total: number): void {
    this.end();
    this.#target = target;
    if (!this.#stream.isTTY) {
      this.#stream.write(`${target}: ${total} cases\n`);
      return;
    }
    this.#bar = new SingleBar(
      { format: `${target} {bar} {value}/{total} {name}`, stream: this.#stream, hideCursor: true },
      Presets.shades_classic,
    );
    this.#bar.start(total, 0, { name: '' });
  }
}
