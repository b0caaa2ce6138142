import { ShapeError } from '../../errors.ts';
import { recorder as b } from '../../graph/node.ts';
import { hostNumbers } from '../../tensor/host-values.ts';
import { requireIndex } from '../../tensor/index-arguments.ts';
import { option, requireInteger } from '../../tensor/integers.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { wrap } from '../../tensor/tensor.ts';

export interface OneHotOptions {
  /** Default (-1): one more than the largest label, which must then be known: of a tensor made on the host. */
  numClasses?: number;
}

/** Labels [...] as rows [..., numClasses] with 1 at the label and 0 elsewhere. int32. (PyTorch: `F.one_hot`) */
export function oneHot(x: Tensor, numClasses: number | OneHotOptions = -1): Tensor {
  const node = requireIndex('one_hot', x);
  let classes = requireInteger('oneHot', option(numClasses, 'numClasses', -1), 'an integer numClasses');
  const known = hostNumbers(node);
  if (known !== null) {
    if (known.length === 0 && classes <= 0)
      throw new ShapeError('Can not infer total number of classes from empty tensor.');
    if (known.some((label) => label < 0)) throw new ShapeError('Class values must be non-negative.');
    if (classes !== -1 && known.some((label) => label >= classes))
      throw new ShapeError('Class values must be smaller than num_classes.');
    if (classes === -1) classes = Array.from(known).reduce((largest, label) => Math.max(largest, label), 0) + 1;
  } else if (classes === -1)
    throw new TypeError(
      'oneHot: the labels have not been computed, so the number of classes is not known: pass numClasses',
    );
  if (classes < 1) throw new ShapeError('num_classes should be positive');
  return wrap(b.oneHot(node, classes, 'int32'));
}
