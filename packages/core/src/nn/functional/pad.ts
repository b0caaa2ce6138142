import { ShapeError } from '../../errors.ts';
import { integers } from '../../tensor/integers.ts';
import { fresh } from '../../tensor/movement.ts';
import { requireTensor } from '../../tensor/operand.ts';
import { padConstant, padSpatial } from '../../tensor/padding.ts';
import type { PadMode } from '../../tensor/padding.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';

export type { PadMode } from '../../tensor/padding.ts';

export interface PadOptions {
  /** `'constant'`, `'reflect'` (without the edge), `'replicate'` (the edge) or `'circular'`. Default `'constant'`. */
  mode?: PadMode;
  /** What constant padding consists of. Default 0. */
  value?: number | null;
}

/**
 * Elements added at the ends of the last dimensions: `pad` is [left, right] of the last dimension, then of the one before
 * it, and so on; negative numbers crop. Constant padding takes any tensor; the other modes pad the last dimension of 2-d
 * or 3-d input, the last two of 3-d or 4-d input, or the last three of 4-d or 5-d input. (PyTorch: `F.pad`)
 */
export function pad(
  x: Tensor,
  pad: readonly number[],
  mode: PadMode | PadOptions = 'constant',
  value: number | null = null,
): Tensor {
  const node = requireTensor('pad', x);
  const sizes = integers('pad', [pad]);
  const options = typeof mode === 'string' ? { mode, value } : mode;
  if (sizes.length % 2 !== 0) throw new ShapeError(`Padding length must be divisible by 2, but got ${sizes.length}`);
  if (sizes.length > 2 * node.shape.length)
    throw new ShapeError(
      `Padding length should be less than or equal to two times the input dimension but got padding length ${sizes.length} and input of dimension ${node.shape.length}`,
    );
  const how = options.mode ?? 'constant';
  const fill = options.value ?? null;
  if (how === 'constant') return wrap(fresh(padConstant(node, sizes, fill ?? 0), node));
  if (how !== 'reflect' && how !== 'replicate' && how !== 'circular')
    throw new TypeError(`Unrecognised padding mode ${String(how)}`);
  if (fill !== null && fill !== 0) throw new ShapeError(`Padding mode "${how}" doesn't take in value argument`);
  return wrap(fresh(padSpatial(node, sizes, how), node));
}
