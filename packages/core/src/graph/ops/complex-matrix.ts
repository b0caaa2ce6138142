import type { Builder } from '../builder.ts';
import type { Value } from '../value.ts';

/** Complex matrices [..., m, n] as two real ones. */
export interface ComplexMatrix {
  readonly re: Value;
  readonly im: Value;
}

/** The same function of both parts. */
export function parts(x: ComplexMatrix, change: (part: Value) => Value): ComplexMatrix {
  return { re: change(x.re), im: change(x.im) };
}

/** Both parts in one matrix, below one another: [..., 2 m, n]. */
export function stacked(b: Builder, { re, im }: ComplexMatrix): Value {
  return b.concat([re, im], re.shape.length - 2);
}

/** The parts of what is stacked. */
export function unstacked(b: Builder, x: Value): ComplexMatrix {
  const axis = x.shape.length - 2;
  const m = x.shape[axis]! / 2;
  return { re: b.narrow(x, axis, 0, m), im: b.narrow(x, axis, m, m) };
}

/** The product of complex matrices, as one of real ones. */
export function times(b: Builder, x: ComplexMatrix, y: ComplexMatrix): ComplexMatrix {
  const last = x.re.shape.length - 1;
  const whole = b.concat([b.concat([x.re, b.neg(x.im)], last), b.concat([x.im, x.re], last)], last - 1);
  return unstacked(b, b.matmul(whole, stacked(b, y)));
}

/** The product, element by element, with broadcasting. */
export function scaledBy(b: Builder, x: ComplexMatrix, y: ComplexMatrix): ComplexMatrix {
  return {
    re: b.sub(b.mul(x.re, y.re), b.mul(x.im, y.im)),
    im: b.add(b.mul(x.re, y.im), b.mul(x.im, y.re)),
  };
}

export function adjoint(b: Builder, { re, im }: ComplexMatrix): ComplexMatrix {
  return { re: b.transpose(re), im: b.neg(b.transpose(im)) };
}

export function plus(b: Builder, x: ComplexMatrix, y: ComplexMatrix): ComplexMatrix {
  return { re: b.add(x.re, y.re), im: b.add(x.im, y.im) };
}

export function minus(b: Builder, x: ComplexMatrix, y: ComplexMatrix): ComplexMatrix {
  return { re: b.sub(x.re, y.re), im: b.sub(x.im, y.im) };
}

/** |x|^2, element by element. */
export function squared(b: Builder, { re, im }: ComplexMatrix): Value {
  return b.add(b.mul(re, re), b.mul(im, im));
}

/** 1/x, element by element, and 0 where |x|^2 is not above `limit`. */
export function reciprocalOf(b: Builder, x: ComplexMatrix, limit: number): ComplexMatrix {
  const size = squared(b, x);
  const isZero = b.le(size, b.like(size, limit));
  const safe = b.select(isZero, b.like(size, 1), size);
  const zero = b.like(size, 0);
  return {
    re: b.select(isZero, zero, b.div(x.re, safe)),
    im: b.select(isZero, zero, b.neg(b.div(x.im, safe))),
  };
}
