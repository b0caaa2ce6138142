import type { Block } from '../block.ts';
import { withoutFilling } from '../filling.ts';

/**
 * A layer whose parameters are not drawn, for weights that are loaded or set afterwards: no random numbers are used, and the
 * values are what memory is made with, zeros. (PyTorch: `nn.utils.skip_init`)
 *
 * ```ts
 * const layer = nn.utils.skipInit(nn.Linear, 1024, 1024, { bias: false });
 * ```
 */
export function skipInit<Args extends readonly unknown[], B extends Block>(
  kind: new (...args: Args) => B,
  ...args: Args
): B {
  if (typeof kind !== 'function') throw new TypeError(`Expected a Module; got ${String(kind)}`);
  return withoutFilling(() => new kind(...args));
}
