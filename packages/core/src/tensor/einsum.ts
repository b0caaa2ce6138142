import { ShapeError } from '../errors.ts';
import { recorder as b } from '../graph/node.ts';
import { sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { fresh, strided } from './movement.ts';
import { matrixProduct } from './product.ts';
import { listOf, promoteAll, requireTensors } from './tensor-list.ts';
import type { TensorList } from './tensor-list.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/** A value whose axes have names. Each name occurs once. */
interface Named {
  readonly value: Value;
  readonly names: readonly string[];
}

/** What an equation says: the names of each operand's axes and of the result's. Dimensions of `...` are named `.0`, `.1`, ... */
interface Equation {
  readonly operands: readonly (readonly string[])[];
  readonly output: readonly string[];
}

const dots = '...';

/** `'i...j'` as ['i', '...', 'j']. */
function tokens(text: string, what: string): string[] {
  const out: string[] = [];
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (character === ' ') continue;
    if (character === '.') {
      if (text.slice(i, i + 3) !== dots)
        throw new ShapeError(`einsum(): found '.' for ${what} that is not part of any ellipsis`);
      if (out.includes(dots))
        throw new ShapeError(`einsum(): found '.' for ${what} for which an ellipsis was already found`);
      out.push(dots);
      i += 2;
    } else if (/[a-zA-Z]/.test(character)) out.push(character);
    else
      throw new ShapeError(
        `einsum(): invalid subscript given at index ${i} in the equation string, subscripts must be in [a-zA-Z]`,
      );
  }
  return out;
}

function parse(equation: string, ranks: readonly number[]): Equation {
  const arrow = equation.indexOf('->');
  const left = (arrow < 0 ? equation : equation.slice(0, arrow)).split(',');
  if (left.length !== ranks.length)
    throw new ShapeError(
      left.length > ranks.length
        ? 'einsum(): fewer operands were provided than specified in the equation'
        : 'einsum(): more operands were provided than specified in the equation',
    );
  const lists = left.map((text, i) => tokens(text, `operand ${i}`));
  let wide = 0;
  for (const [i, list] of lists.entries()) {
    const own = ranks[i]! - list.filter((name) => name !== dots).length;
    const hasDots = list.includes(dots);
    if (own < 0 || (own > 0 && !hasDots))
      throw new ShapeError(
        `einsum(): the number of subscripts in the equation (${ranks[i]! - own}) ${hasDots ? 'is more than' : 'does not match'} the number of dimensions (${ranks[i]}) for operand ${i}${hasDots ? '' : ' and no ellipsis was given'}`,
      );
    if (hasDots) wide = Math.max(wide, own);
  }
  // The dimensions of an ellipsis line up from the right.
  const covered = (count: number): string[] => Array.from({ length: count }, (_, i) => `.${wide - count + i}`);
  const operands = lists.map((list, i) =>
    list.flatMap((name) => (name === dots ? covered(ranks[i]! - list.length + 1) : [name])),
  );
  const all = operands.flat();
  if (arrow < 0) {
    const letters = [
      ...new Set(all.filter((name) => !name.startsWith('.') && all.indexOf(name) === all.lastIndexOf(name))),
    ];
    // Capital letters come first, as in the order of characters.
    return {
      operands,
      output: [
        ...(lists.some((list) => list.includes(dots)) ? covered(wide) : []),
        ...letters.sort((p, q) => (p < q ? -1 : 1)),
      ],
    };
  }
  const output = tokens(equation.slice(arrow + 2), 'the output').flatMap((name) =>
    name === dots ? covered(wide) : [name],
  );
  for (const name of output) {
    if (output.indexOf(name) !== output.lastIndexOf(name))
      throw new ShapeError(`einsum(): output subscript ${name} appears more than once in the output`);
    if (!all.includes(name))
      throw new ShapeError(`einsum(): output subscript ${name} does not appear in the equation for any input operand`);
  }
  return { operands, output };
}

/** One axis per name: repeated names take the diagonal. */
function withoutRepeats(value: Value, names: readonly string[], operand: number): Named {
  for (const [second, name] of names.entries()) {
    const first = names.indexOf(name);
    if (first === second) continue;
    const [n, m] = [value.shape[first]!, value.shape[second]!];
    if (n !== m)
      throw new ShapeError(
        `einsum(): subscript ${name} is repeated for operand ${operand} but the sizes don't match, ${m} != ${n}`,
      );
    const rest = names.map((_, i) => i).filter((i) => i !== first && i !== second);
    const moved = b.permute(value, [...rest, first, second]);
    const flat = b.reshape(moved, [...moved.shape.slice(0, -2), n * n]);
    return withoutRepeats(strided(flat, rest.length, 0, n, n + 1), [...rest.map((i) => names[i]!), name], operand);
  }
  return { value, names };
}

function summed({ value, names }: Named, keep: (name: string) => boolean): Named {
  const axes = names.map((_, i) => i).filter((i) => !keep(names[i]!));
  return axes.length === 0 ? { value, names } : { value: b.reduceSum(value, axes), names: names.filter(keep) };
}

function arranged({ value, names }: Named, order: readonly string[]): Value {
  return b.permute(
    value,
    order.map((name) => names.indexOf(name)),
  );
}

/** Two operands made one: names that nobody needs any more are summed over. */
function contract(first: Named, second: Named, needed: ReadonlySet<string>): Named {
  const left = summed(first, (name) => needed.has(name) || second.names.includes(name));
  const right = summed(second, (name) => needed.has(name) || first.names.includes(name));
  const shared = left.names.filter((name) => right.names.includes(name));
  const batch = shared.filter((name) => needed.has(name));
  const inner = shared.filter((name) => !needed.has(name));
  const rows = left.names.filter((name) => !shared.includes(name));
  const columns = right.names.filter((name) => !shared.includes(name));
  const size = (named: Named, names: readonly string[]): number[] =>
    names.map((name) => named.value.shape[named.names.indexOf(name)]!);
  const [batchShape, rowShape, columnShape, k] = [
    size(left, batch),
    size(left, rows),
    size(right, columns),
    sizeOf(size(left, inner)),
  ];
  const names = [...batch, ...rows, ...columns];
  if (inner.length === 0) {
    const l = b.reshape(arranged(left, [...batch, ...rows]), [...batchShape, ...rowShape, ...columnShape.map(() => 1)]);
    const r = b.reshape(arranged(right, [...batch, ...columns]), [
      ...batchShape,
      ...rowShape.map(() => 1),
      ...columnShape,
    ]);
    return { value: b.mul(l, r), names };
  }
  const head = batch.length === 0 ? [] : [sizeOf(batchShape)];
  const l = b.reshape(arranged(left, [...batch, ...rows, ...inner]), [...head, sizeOf(rowShape), k]);
  const r = b.reshape(arranged(right, [...batch, ...inner, ...columns]), [...head, k, sizeOf(columnShape)]);
  return { value: b.reshape(matrixProduct(l, r), [...batchShape, ...rowShape, ...columnShape]), names };
}

/**
 * Sums of products in Einstein's notation: `einsum('ij,jk->ik', a, b)` is a matrix product, `'ii->i'` a diagonal,
 * `'bij,bjk->bik'` a batch of products, `'...ij->...ji'` a transpose. Without `->` the result has the letters that occur
 * once, in order. Dimensions of size 1 broadcast. (PyTorch: `torch.einsum`)
 */
export function einsum(equation: string, ...operands: TensorList): Tensor {
  if (typeof equation !== 'string')
    throw new TypeError(`einsum(): expected an equation as a string, got ${typeof equation}`);
  const nodes = requireTensors('einsum', listOf(operands));
  if (nodes.length === 0) throw new ShapeError('einsum(): must provide at least one operand');
  const { operands: axes, output } = parse(
    equation,
    nodes.map(({ shape }) => shape.length),
  );
  const sizes = new Map<string, number>();
  const named = promoteAll(nodes).map((value, i) => withoutRepeats(value, axes[i]!, i));
  for (const [i, { value, names }] of named.entries())
    for (const [axis, name] of names.entries()) {
      const size = value.shape[axis]!;
      const known = sizes.get(name) ?? 1;
      if (size !== 1 && known !== 1 && size !== known)
        throw new ShapeError(
          `einsum(): subscript ${name} has size ${size} for operand ${i} which does not broadcast with previously seen size ${known}`,
        );
      if (known === 1) sizes.set(name, size);
    }
  // An axis of size 1 that broadcasts against a larger one is as good as absent.
  let parts = named.map(({ value, names }): Named => {
    const kept = names.filter((name, axis) => value.shape[axis] === sizes.get(name));
    return {
      value: b.reshape(
        value,
        kept.map((name) => sizes.get(name)!),
      ),
      names: kept,
    };
  });
  while (parts.length > 1) {
    const needed = new Set([...output, ...parts.slice(2).flatMap(({ names }) => names)]);
    parts = [contract(parts[0]!, parts[1]!, needed), ...parts.slice(2)];
  }
  const last = summed(parts[0]!, (name) => output.includes(name));
  return wrap(fresh(arranged(last, output), ...nodes));
}
