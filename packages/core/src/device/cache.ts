import { DTypeError } from '../errors.ts';
import { ProgramBuilder } from '../graph/program-builder.ts';
import type { Program } from '../graph/program.ts';
import type { AttributesOf, OperationName } from '../graph/registry.ts';
import type { Value } from '../graph/value.ts';
import type { Device, Executable } from './contract.ts';
import type { Skeleton, Trace } from './trace.ts';
import { difference, skeletonOf } from './trace.ts';

/** A compiled trace: what to hand to the executable, and where each of its instructions came from. */
export interface Compiled {
  readonly skeleton: Skeleton;
  readonly program: Program;
  readonly executable: Executable;
  /** Position in the trace of each input of the program: a leaf, or a constant that has been seen to vary. */
  readonly inputs: readonly number[];
  /** Position in the trace of the node that each instruction came from. */
  readonly origins: readonly number[];
  /** The numbers that were compiled in, by position; those that vary are inputs instead. */
  readonly constants: ReadonlyMap<number, number>;
}

// Enough for every program of a large training job; the least recently used one is disposed of beyond it.
const maximumPrograms = 256;
const warnAfter = 24;
const warnFrom = 16;

/** The compiled programs of one device, by structure. */
class ProgramCache {
  readonly #entries = new Map<string, Compiled>();
  readonly #variants = new Map<string, { count: number; warned: boolean }>();
  readonly #device: Device;

  constructor(device: Device) {
    this.#device = device;
  }

  async lookup(trace: Trace): Promise<Compiled> {
    let { hash } = trace;
    for (let probe = 0; ; probe++) {
      const key = probe === 0 ? hash : `${hash}#${probe}`;
      const known = this.#entries.get(key);
      if (known === undefined) {
        hash = key;
        break;
      }
      if (difference(trace, known.skeleton) !== null) continue;
      this.#entries.delete(key);
      this.#entries.set(key, known);
      const varied = variedConstants(trace, known);
      if (varied === null) return known;
      const renewed = await this.#compile(trace, known.skeleton, varied);
      known.executable.dispose();
      this.#entries.set(key, renewed);
      return renewed;
    }
    this.#warnOnPileUp(trace);
    const compiled = await this.#compile(trace, skeletonOf(trace), new Set());
    this.#entries.set(hash, compiled);
    if (this.#entries.size > maximumPrograms) {
      const [oldestKey, oldest] = this.#entries.entries().next().value!;
      this.#entries.delete(oldestKey);
      oldest.executable.dispose();
    }
    return compiled;
  }

  async #compile(trace: Trace, skeleton: Skeleton, varying: ReadonlySet<number>): Promise<Compiled> {
    const { capabilities } = this.#device;
    const builder = new ProgramBuilder(capabilities.native);
    const values: Value[] = [];
    const madeBy: number[] = [];
    const inputs: number[] = [];
    const constants = new Map<number, number>();
    for (const [i, node] of trace.nodes.entries()) {
      if (!capabilities.dtypes.includes(node.dtype))
        throw new DTypeError(
          `${this.#device.name} does not compute in ${node.dtype}; it has ${capabilities.dtypes.join(', ')}`,
        );
      if (skeleton.operations[i] === 'leaf' || varying.has(i)) {
        inputs.push(i);
        values.push(builder.input(node.dtype, node.shape));
      } else {
        if (node.op === 'constant') constants.set(i, (node.attributes as AttributesOf<'constant'>).value);
        const arguments_ = node.inputs.map((input) => values[input.slot]!);
        values.push(builder.emit(node.op as OperationName, arguments_, node.attributes as never));
      }
      while (madeBy.length < builder.length) madeBy.push(i);
    }
    const kept: number[] = [];
    const program = builder.finish(
      trace.outputs.map((i) => values[i]!),
      kept,
    );
    const executable = await this.#device.compile(program);
    return { skeleton, program, executable, inputs, origins: kept.map((i) => madeBy[i]!), constants };
  }

  #warnOnPileUp(trace: Trace): void {
    // A handful of operations in many shapes is ordinary use; it is whole steps that should not be compiled again.
    if (trace.nodes.length < warnFrom) return;
    const signature = trace.nodes.map((node) => node.op).join();
    const known = this.#variants.get(signature) ?? { count: 0, warned: false };
    this.#variants.set(signature, known);
    known.count++;
    if (known.count < warnAfter || known.warned) return;
    known.warned = true;
    const last = [...this.#entries.values()].findLast(
      (entry) => entry.skeleton.operations.length === trace.nodes.length,
    );
    const what = last === undefined ? 'shapes or attributes' : difference(trace, last.skeleton);
    console.warn(
      `chimera: the same operations have been compiled ${known.count} times for ${this.#device.name}; what differed last: ${what}. ` +
        'Pad inputs to a few fixed shapes to compile less often.',
    );
  }
}

/** Positions of the constants that must become inputs, or `null` if the compiled numbers fit. */
function variedConstants(trace: Trace, { constants, inputs, skeleton }: Compiled): ReadonlySet<number> | null {
  let varied: Set<number> | null = null;
  for (const [i, value] of constants)
    if (!Object.is(value, (trace.nodes[i]!.attributes as AttributesOf<'constant'>).value))
      (varied ??= new Set()).add(i);
  if (varied === null) return null;
  for (const i of inputs) if (skeleton.operations[i] === 'constant') varied.add(i);
  return varied;
}

const caches = new WeakMap<Device, ProgramCache>();

/** The compiled program of a trace, compiling it if its structure is new. */
export function compiledFor(device: Device, trace: Trace): Promise<Compiled> {
  let cache = caches.get(device);
  if (cache === undefined) caches.set(device, (cache = new ProgramCache(device)));
  return cache.lookup(trace);
}
