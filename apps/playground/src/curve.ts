import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { element } from './element.ts';

export interface CurveOptions {
  /** What the points count, below the horizontal axis. */
  readonly x: string;
  /** What is drawn. */
  readonly y: string;
  readonly height?: number;
  /** Fixed ends of the vertical axis; default: those of the values. */
  readonly range?: readonly [number, number];
}

/** A line over steps that can grow while one watches. It becomes visible where {@link Curve.element} is put. */
export class Curve {
  readonly element: HTMLElement;
  readonly #options: CurveOptions;
  readonly #xs: number[] = [];
  readonly #ys: number[] = [];
  #plot: uPlot | undefined;
  #drawing = false;

  constructor(options: CurveOptions) {
    this.#options = options;
    this.element = element('div', { class: 'curve', role: 'img', 'aria-label': `${options.y}: nothing yet` });
    // The width is known only in the page, and changes with it.
    new ResizeObserver(() => this.#resize()).observe(this.element);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#plot?.redraw());
  }

  get values(): readonly number[] {
    return this.#ys;
  }

  add(x: number, y: number): void {
    this.#xs.push(x);
    this.#ys.push(y);
    this.#show();
  }

  clear(): void {
    this.#xs.length = 0;
    this.#ys.length = 0;
    this.#show();
  }

  #show(): void {
    // Several points may come between two frames.
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      this.#plot?.setData([this.#xs, this.#ys]);
      const [first, last] = [this.#ys[0], this.#ys.at(-1)];
      const { x, y } = this.#options;
      const said =
        first === undefined || last === undefined
          ? 'nothing yet'
          : `from ${first.toPrecision(3)} to ${last.toPrecision(3)}, ${this.#ys.length} points over ${x}`;
      this.element.setAttribute('aria-label', `${y}: ${said}`);
    });
  }

  #resize(): void {
    const width = this.element.clientWidth;
    if (width === 0) return;
    const { height = 220 } = this.#options;
    if (this.#plot === undefined) this.#plot = this.#draw(width, height);
    else this.#plot.setSize({ width, height });
  }

  #draw(width: number, height: number): uPlot {
    const { x, y, range } = this.#options;
    const color = (name: string) => () => getComputedStyle(this.element).getPropertyValue(name);
    const axis = { stroke: color('--muted'), grid: { stroke: color('--line'), width: 1 }, ticks: { show: false } };
    return new uPlot(
      {
        width,
        height,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false }, y: range === undefined ? {} : { range: [...range] } },
        axes: [
          { ...axis, label: x, labelSize: 18, size: 32 },
          { ...axis, label: y, labelSize: 18, size: 52 },
        ],
        series: [{}, { stroke: color('--accent'), width: 2, points: { show: false } }],
      },
      [this.#xs, this.#ys],
      this.element,
    );
  }
}
