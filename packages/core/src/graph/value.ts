import type { DType } from './dtype.ts';
import type { Shape } from './shape.ts';

/** What every operation takes and gives: something of known dtype and shape, recorded or inside a program. */
export interface Value {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** What a shape rule answers. */
export type ValueType = Value;

/** Attributes are plain data: printable, comparable, hashable. */
export type Attribute = number | boolean | string | readonly number[];
export type Attributes = Readonly<Record<string, Attribute>>;
export type NoAttributes = Readonly<Record<never, never>>;
