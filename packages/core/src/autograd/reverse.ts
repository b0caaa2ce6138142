import { GraphError } from '../errors.ts';
import type { Builder } from '../graph/builder.ts';
import { Builder as BuilderClass } from '../graph/builder.ts';
import type { DerivativeRule } from '../graph/operation.ts';
import type { AttributesOf, OperationName } from '../graph/registry.ts';
import { operationOf } from '../graph/registry.ts';
import type { Value } from '../graph/value.ts';

/** How a value was made. */
export interface Definition {
  readonly name: OperationName;
  readonly inputs: readonly Value[];
  readonly attributes: unknown;
  /** Replaces the operation's own derivative. */
  readonly rule?: DerivativeRule<unknown> | null;
}

export interface ReverseOptions {
  /** How a value was made; `null` for a leaf. */
  readonly definitionOf: (value: Value) => Definition | null;
  /** Whether gradients flow through a value. */
  readonly needs: (value: Value) => boolean;
  /** Sees, and may replace, the complete gradient of a value before it flows on. */
  readonly onGradient?: (value: Value, gradient: Value) => Value;
}

/**
 * The reverse walk: from cotangents of some values to the cotangents of everything they depend on. Rules are applied
 * once per value in reverse topological order; broadcast cotangents are summed to their input's shape here.
 */
export function reverse(b: Builder, seeds: ReadonlyMap<Value, Value>, options: ReverseOptions): Map<Value, Value> {
  const { needs, onGradient } = options;
  const gradients = new Map<Value, Value>(seeds);
  const slices = new Map<Value, SlicePart[]>();
  const definitions = new Map<Value, Definition | null>();
  const definitionOf = (value: Value): Definition | null => {
    let definition = definitions.get(value);
    if (definition === undefined) definitions.set(value, (definition = options.definitionOf(value)));
    return definition;
  };
  /** The gradient of a value to which nothing will be added any more. */
  const complete = (value: Value): Value | undefined => {
    let g = gradients.get(value);
    const parts = slices.get(value);
    if (parts !== undefined) {
      const joined = joinSlices(b, value, parts);
      g = g === undefined ? joined : b.add(g, joined);
      gradients.set(value, g);
    }
    if (g === undefined || onGradient === undefined) return g;
    g = onGradient(value, g);
    gradients.set(value, g);
    return g;
  };
  const order = reverseOrder([...seeds.keys()], { definitionOf, needs });
  // A leaf is complete, and its hooks are called, as soon as all that was computed from it has been walked through.
  const uses = new Map<Value, number>();
  for (const value of order)
    for (const input of definitionOf(value)?.inputs ?? [])
      if (needs(input) && definitionOf(input) === null) uses.set(input, (uses.get(input) ?? 0) + 1);
  for (const value of order) {
    const definition = definitionOf(value);
    if (definition === null) {
      if (!uses.has(value)) complete(value);
      continue;
    }
    const g = complete(value);
    const { inputs } = definition;
    if (g !== undefined) passOn(value, definition, g);
    for (const input of inputs) {
      const left = uses.get(input);
      if (left === undefined) continue;
      uses.set(input, left - 1);
      if (left === 1) complete(input);
    }
  }
  return gradients;

  /** From the gradient of a value to the cotangents of what it was made from. */
  function passOn(value: Value, definition: Definition, g: Value): void {
    const { inputs } = definition;
    const wanted = inputs.map(needs);
    if (!wanted.includes(true)) return;
    if (definition.name === 'slice' && !definition.rule) {
      const { starts, sizes } = definition.attributes as AttributesOf<'slice'>;
      const known = slices.get(inputs[0]!);
      if (known === undefined) slices.set(inputs[0]!, [{ starts, sizes, g }]);
      else known.push({ starts, sizes, g });
      return;
    }
    const cotangents = applyRule(b, definition, value, g, wanted);
    for (const [i, input] of inputs.entries()) {
      const cotangent = cotangents[i];
      if (!wanted[i] || cotangent === null || cotangent === undefined) continue;
      const summed = b.sumTo(cotangent, input.shape);
      const known = gradients.get(input);
      gradients.set(input, known === undefined ? summed : b.add(known, summed));
    }
  }
}

/** The cotangent of a slice of a value. */
interface SlicePart {
  readonly starts: readonly number[];
  readonly sizes: readonly number[];
  readonly g: Value;
}

/**
 * The cotangent of a value from those of its slices. Slices side by side along one axis, as the steps of a sequence or the
 * gates of a cell are, are concatenated: padding each of n slices and adding them up would touch everything n times.
 */
function joinSlices(b: Builder, value: Value, parts: readonly SlicePart[]): Value {
  const { shape } = value;
  const padded = ({ starts, sizes, g }: SlicePart): Value =>
    b.pad(
      g,
      starts,
      shape.map((extent, i) => extent - starts[i]! - sizes[i]!),
    );
  const [first, ...others] = parts as [SlicePart, ...SlicePart[]];
  if (others.length === 0) return padded(first);
  const axis = first.sizes.findIndex((size, i) => size !== shape[i]);
  const sorted = axis < 0 ? [] : parts.toSorted((x, y) => x.starts[axis]! - y.starts[axis]!);
  const isApart = sorted.every(({ starts, sizes }, i) => {
    const before = sorted[i - 1];
    return (
      sizes.every((size, d) => d === axis || size === shape[d]) &&
      (before === undefined || before.starts[axis]! + before.sizes[axis]! <= starts[axis]!)
    );
  });
  if (sorted.length === 0 || !isApart) return others.reduce((sum, part) => b.add(sum, padded(part)), padded(first));
  const pieces: Value[] = [];
  let end = 0;
  const fill = (until: number): void => {
    if (until > end)
      pieces.push(
        b.full(
          shape.map((extent, i) => (i === axis ? until - end : extent)),
          0,
          value.dtype,
        ),
      );
  };
  for (const { starts, sizes, g } of sorted) {
    fill(starts[axis]!);
    pieces.push(g);
    end = starts[axis]! + sizes[axis]!;
  }
  fill(shape[axis]!);
  return b.concat(pieces, axis);
}

function applyRule(
  b: Builder,
  definition: Definition,
  output: Value,
  g: Value,
  needs: readonly boolean[],
): readonly (Value | null)[] {
  const { name, inputs, attributes } = definition;
  const operation = operationOf(name);
  const rule = definition.rule ?? operation.vjp;
  if (rule === 'none') throw new GraphError(`derivative for ${name} is not implemented`);
  if (rule !== 'expansion') return rule(b, g, { inputs, output, attributes, needs });
  const tape = new TapeBuilder(b);
  const expanded = operation.expand!(tape, inputs, attributes);
  const wanted = new Set<Value>(inputs.filter((_, i) => needs[i]));
  const gradients = differentiate(b, new Map([[expanded, g]]), wanted, (value) =>
    wanted.has(value) ? null : tape.definitionOf(value),
  );
  return inputs.map((input) => gradients.get(input) ?? null);
}

/** The reverse walk towards given values: only what lies between them and the seeds is differentiated. */
export function differentiate(
  b: Builder,
  seeds: ReadonlyMap<Value, Value>,
  targets: ReadonlySet<Value>,
  definitionOf: (value: Value) => Definition | null,
): Map<Value, Value> {
  const dependent = new Set<Value>(targets);
  const order = reverseOrder([...seeds.keys()], { definitionOf, needs: () => true });
  for (let i = order.length - 1; i >= 0; i--) {
    const definition = definitionOf(order[i]!);
    if (definition === null || definition.inputs.length === 0) continue;
    const differentiable = definition.rule ?? operationOf(definition.name).vjp !== 'none';
    if (differentiable && definition.inputs.some((input) => dependent.has(input))) dependent.add(order[i]!);
  }
  return reverse(b, seeds, { definitionOf, needs: (value) => dependent.has(value) });
}

/** Values from the roots towards the leaves: each before everything it depends on. Iterative, since graphs are deep. */
function reverseOrder(roots: readonly Value[], { definitionOf, needs }: ReverseOptions): Value[] {
  const order: Value[] = [];
  const state = new Map<Value, number>();
  const stack: Value[] = [...roots];
  while (stack.length > 0) {
    const value = stack.at(-1)!;
    const seen = state.get(value);
    if (seen === undefined) {
      state.set(value, 0);
      const definition = definitionOf(value);
      if (definition !== null)
        // What was recorded last comes first, as in PyTorch, where a node's inputs were recorded in their order.
        for (let i = definition.inputs.length - 1; i >= 0; i--) {
          const input = definition.inputs[i]!;
          if (needs(input) && !state.has(input)) stack.push(input);
        }
    } else {
      stack.pop();
      if (seen === 0) {
        state.set(value, 1);
        order.push(value);
      }
    }
  }
  return order.reverse();
}

/** Passes operations on to another builder and remembers how each value was made. */
class TapeBuilder extends BuilderClass {
  readonly #target: Builder;
  readonly #definitions = new Map<Value, Definition>();

  constructor(target: Builder) {
    super();
    this.#target = target;
  }

  override emit<N extends OperationName>(name: N, inputs: readonly Value[], attributes: AttributesOf<N>): Value {
    const value = this.#target.emit(name, inputs, attributes);
    // Two operations may give one value (a builder that shares equal work): the first definition stands.
    if (!this.#definitions.has(value)) this.#definitions.set(value, { name, inputs, attributes });
    return value;
  }

  definitionOf(value: Value): Definition | null {
    return this.#definitions.get(value) ?? null;
  }
}
