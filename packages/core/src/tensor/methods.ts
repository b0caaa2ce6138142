import type * as conversion from './conversion.ts';
import type * as elementwise from './elementwise.ts';
import type * as linear from './linear.ts';
import type * as reduction from './reduction.ts';
import type * as view from './view.ts';

/** A function of a tensor as a method of it. */
type Method<F> = F extends (self: infer _Self, ...rest: infer Rest) => infer Result ? (...rest: Rest) => Result : never;
type Methods<Module> = { [Name in keyof Module]: Method<Module[Name]> };

/** Every operation as a method: `add(x, y)` is `x.add(y)`. */
export interface TensorMethods
  extends Methods<typeof elementwise>,
    Methods<typeof reduction>,
    Methods<typeof view>,
    Methods<typeof linear>,
    Methods<typeof conversion> {}
