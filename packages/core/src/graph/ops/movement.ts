import { DTypeError, ShapeError } from '../../errors.ts';
import { primitive } from '../operation.ts';
import type { Shape } from '../shape.ts';
import { broadcastShapes, sameShape, sizeOf } from '../shape.ts';
import type { Value } from '../value.ts';
import { requireSame } from './elementwise.ts';

export const movement = {
  // y = x in another shape; dx = dy in the old one
  reshape: primitive<{ readonly shape: Shape }>({
    doc: 'the same elements in row-major order in another shape',
    arity: 1,
    infer: ([x], { shape }) => {
      if (sizeOf(shape) !== sizeOf(x!.shape))
        throw new ShapeError(`shape '[${shape.join(', ')}]' is invalid for input of size ${sizeOf(x!.shape)}`);
      return { dtype: x!.dtype, shape };
    },
    vjp: (b, g, { inputs: [x] }) => [b.reshape(g, x!.shape)],
  }),
  // y's axis i is x's axis permutation[i]
  permute: primitive<{ readonly permutation: readonly number[] }>({
    doc: 'axes in another order',
    arity: 1,
    infer: ([x], { permutation }) => {
      if (
        permutation.length !== x!.shape.length ||
        new Set(permutation).size !== permutation.length ||
        permutation.some((axis) => x!.shape[axis] === undefined)
      )
        throw new ShapeError(
          `permute: [${permutation.join(', ')}] is not an order of the ${x!.shape.length} axes of shape [${x!.shape.join(', ')}]`,
        );
      return { dtype: x!.dtype, shape: permutation.map((axis) => x!.shape[axis]!) };
    },
    vjp: (b, g, { attributes: { permutation } }) => [
      b.permute(
        g,
        permutation.map((_, i) => permutation.indexOf(i)),
      ),
    ],
  }),
  // The reverse walk sums the cotangent back to x's shape.
  broadcastTo: primitive<{ readonly shape: Shape }>({
    doc: 'x repeated along axes of extent 1 and along new leading axes',
    arity: 1,
    infer: ([x], { shape }) => {
      if (shape.length < x!.shape.length || !sameShape(broadcastShapes(x!.shape, shape, 'expand'), shape))
        throw new ShapeError(`expand: shape [${x!.shape.join(', ')}] cannot be expanded to [${shape.join(', ')}]`);
      return { dtype: x!.dtype, shape };
    },
    vjp: (_b, g) => [g],
  }),
  slice: primitive<{ readonly starts: readonly number[]; readonly sizes: readonly number[] }>({
    doc: 'the box of sizes elements from starts on',
    arity: 1,
    infer: ([x], { starts, sizes }) => {
      const { shape } = x!;
      if (
        starts.length !== shape.length ||
        sizes.length !== shape.length ||
        starts.some((start, i) => start < 0 || sizes[i]! < 0 || start + sizes[i]! > shape[i]!)
      )
        throw new ShapeError(
          `slice: starts [${starts.join(', ')}] and sizes [${sizes.join(', ')}] do not fit shape [${shape.join(', ')}]`,
        );
      return { dtype: x!.dtype, shape: sizes };
    },
    vjp: (b, g, { inputs: [x], attributes: { starts, sizes } }) => [
      b.pad(
        g,
        starts,
        x!.shape.map((extent, i) => extent - starts[i]! - sizes[i]!),
      ),
    ],
  }),
  pad: primitive<{ readonly lo: readonly number[]; readonly hi: readonly number[]; readonly value: number }>({
    doc: 'x with lo elements of value before and hi after, per axis',
    arity: 1,
    infer: ([x], { lo, hi }) => {
      const { shape } = x!;
      if (
        lo.length !== shape.length ||
        hi.length !== shape.length ||
        [...lo, ...hi].some((n) => n < 0 || !Number.isInteger(n))
      )
        throw new ShapeError(`pad: [${lo.join(', ')}] and [${hi.join(', ')}] do not fit shape [${shape.join(', ')}]`);
      return { dtype: x!.dtype, shape: shape.map((extent, i) => extent + lo[i]! + hi[i]!) };
    },
    vjp: (b, g, { inputs: [x], attributes: { lo } }) => [b.slice(g, lo, x!.shape)],
  }),
  concat: primitive<{ readonly axis: number }>({
    doc: 'the inputs one after another along an axis',
    arity: 'list',
    infer: (inputs, { axis }) => {
      const [first] = inputs;
      if (first === undefined) throw new ShapeError('cat: expected a non-empty list of tensors');
      let extent = 0;
      for (const x of inputs) {
        requireSame('cat', first, x);
        if (x.shape.length !== first.shape.length || x.shape.some((n, i) => i !== axis && n !== first.shape[i]))
          throw new ShapeError(
            `cat: Sizes of tensors must match except in dimension ${axis}: got [${first.shape.join(', ')}] and [${x.shape.join(', ')}]`,
          );
        extent += x.shape[axis]!;
      }
      return { dtype: first.dtype, shape: first.shape.map((n, i) => (i === axis ? extent : n)) };
    },
    vjp: (b, g, { inputs, attributes: { axis }, needs }) => {
      let start = 0;
      return inputs.map((x, i) => {
        const size = x.shape[axis]!;
        start += size;
        return needs[i] ? b.narrow(g, axis, start - size, size) : null;
      });
    },
  }),
  flip: primitive<{ readonly axes: readonly number[] }>({
    doc: 'x backwards along axes',
    arity: 1,
    infer: ([x]) => ({ dtype: x!.dtype, shape: x!.shape }),
    vjp: (b, g, { attributes: { axes } }) => [b.flip(g, axes)],
  }),

  // y = x at indices along axis; dx adds dy back at the indices
  gather: primitive<{ readonly axis: number }>({
    doc: 'x at indices along an axis, which the shape of the indices replaces; indices must lie in 0..extent-1',
    arity: 2,
    infer: ([x, indices], { axis }) => {
      requireIndices('gather', indices!);
      return { dtype: x!.dtype, shape: [...x!.shape.slice(0, axis), ...indices!.shape, ...x!.shape.slice(axis + 1)] };
    },
    vjp: (b, g, { inputs: [x, indices], attributes: { axis } }) => [
      b.scatterAdd(g, indices!, axis, x!.shape[axis]!),
      null,
    ],
  }),
  // The adjoint of gather: zeros with the updates added at the indices
  scatterAdd: primitive<{ readonly axis: number; readonly size: number }>({
    doc: 'zeros of extent size along axis, to which the updates are added at the indices',
    arity: 2,
    infer: ([updates, indices], { axis, size }) => {
      requireIndices('scatterAdd', indices!);
      const { shape } = updates!;
      const rank = indices!.shape.length;
      if (!sameShape(shape.slice(axis, axis + rank), indices!.shape))
        throw new ShapeError(
          `scatterAdd: updates [${shape.join(', ')}] do not hold indices [${indices!.shape.join(', ')}] at axis ${axis}`,
        );
      return { dtype: updates!.dtype, shape: [...shape.slice(0, axis), size, ...shape.slice(axis + rank)] };
    },
    vjp: (b, g, { inputs: [, indices], attributes: { axis } }) => [b.gather(g, indices!, axis), null],
  }),
} as const;

function requireIndices(name: string, indices: Value): void {
  if (indices.dtype !== 'int32') throw new DTypeError(`${name}: Expected dtype int32 for index, got ${indices.dtype}`);
}
