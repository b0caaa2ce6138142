import type { Builder } from '../graph/builder.ts';
import { recording } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';

/**
 * A gradient that depends on x in form only. Functions that are linear piece by piece have second derivatives, which are
 * zeros: a gradient that is recorded must lead to x for them to be found.
 */
export function leadingTo(x: Value, b: Builder, gradient: Value): Value {
  return recording.gradEnabled ? b.select(b.scalar(1, 'bool'), gradient, x) : gradient;
}
