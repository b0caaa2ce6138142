import * as conversion from './conversion.ts';
import * as elementwise from './elementwise.ts';
import * as linear from './linear.ts';
import * as reduction from './reduction.ts';
import { Tensor } from './tensor.ts';
import * as view from './view.ts';

// The one place where functions become methods; `TensorMethods` has their types.
for (const family of [elementwise, reduction, view, linear, conversion])
  for (const [name, operation] of Object.entries(family))
    Object.defineProperty(Tensor.prototype, name, {
      configurable: true,
      writable: true,
      value(this: Tensor, ...rest: unknown[]) {
        return (operation as (...all: unknown[]) => unknown)(this, ...rest);
      },
    });
