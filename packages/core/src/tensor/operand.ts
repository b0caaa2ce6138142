import { DTypeError } from '../errors.ts';
import type { DType } from '../graph/dtype.ts';
import { isFloating, promoteTypes } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder } from '../graph/node.ts';
import { getDefaultDtype } from './default-dtype.ts';
import { Tensor } from './tensor.ts';

/** What arithmetic takes beside tensors. */
export type Operand = Tensor | number | boolean;

/** Refuses anything that is not a tensor, naming the operation. */
export function requireTensor(name: string, x: unknown): Node {
  if (x instanceof Tensor) return x.node;
  throw new TypeError(`${name}: expected a Tensor, got ${describe(x)}`);
}

function describe(x: unknown): string {
  if (x === null) return 'null';
  if (x instanceof Promise) return 'a Promise (await it first)';
  if (Array.isArray(x)) return 'an array (make a tensor of it with tensor([...]))';
  return typeof x === 'object' ? (x.constructor?.name ?? 'an object') : typeof x;
}

/** The dtype of a JavaScript number beside a tensor: it only widens the tensor's kind, never its size. */
function scalarType(value: number | boolean, beside: DType): DType {
  if (typeof value === 'boolean') return beside;
  if (isFloating(beside)) return beside;
  if (!Number.isInteger(value)) return getDefaultDtype();
  return beside === 'bool' ? 'int32' : beside;
}

/** Both operands as nodes of the dtype in which they meet (PyTorch's type promotion; integers are int32). */
export function promote(name: string, a: Operand, b: Operand): [Node, Node] {
  if (a instanceof Tensor && b instanceof Tensor) {
    // As in PyTorch, a 0-d tensor does not widen a tensor with dimensions of the same kind.
    let dtype: DType;
    if (a.dtype === b.dtype) return [a.node, b.node];
    if (
      a.shape.length > 0 &&
      b.shape.length === 0 &&
      isFloating(a.dtype) >= isFloating(b.dtype) &&
      kind(a.dtype) >= kind(b.dtype)
    )
      dtype = a.dtype;
    else if (b.shape.length > 0 && a.shape.length === 0 && kind(b.dtype) >= kind(a.dtype)) dtype = b.dtype;
    else dtype = promoteTypes(a.dtype, b.dtype);
    return [recorder.cast(a.node, dtype) as Node, recorder.cast(b.node, dtype) as Node];
  }
  if (a instanceof Tensor) {
    const value = requireScalar(name, b);
    const dtype = promoteTypes(a.dtype, scalarType(value, a.dtype));
    return [recorder.cast(a.node, dtype) as Node, scalarNode(name, value, dtype)];
  }
  const value = requireScalar(name, a);
  const right = requireTensor(name, b);
  const dtype = promoteTypes(right.dtype, scalarType(value, right.dtype));
  return [scalarNode(name, value, dtype), recorder.cast(right, dtype) as Node];
}

function kind(dtype: DType): number {
  return dtype === 'bool' ? 0 : dtype === 'int32' ? 1 : 2;
}

/** A number as a 0-d constant; what does not fit int32 is refused rather than wrapped. */
function scalarNode(name: string, value: number | boolean, dtype: DType): Node {
  const number = Number(value);
  if (dtype === 'int32' && number !== (number | 0))
    throw new RangeError(
      `${name}: value cannot be converted to type int32 without overflow: ${number}. Convert the tensor to float64 first.`,
    );
  return recorder.scalar(number, dtype) as Node;
}

function requireScalar(name: string, x: unknown): number | boolean {
  if (typeof x === 'number' || typeof x === 'boolean') return x;
  throw new TypeError(`${name}: expected a Tensor or a number, got ${describe(x)}`);
}

/** A node as a floating one: integers and booleans get the default dtype, as in PyTorch's true division and `sqrt`. */
export function toFloating(node: Node): Node {
  return isFloating(node.dtype) ? node : (recorder.cast(node, getDefaultDtype()) as Node);
}

/** Refuses integers and booleans, naming the operation. */
export function requireFloatingNode(name: string, node: Node): Node {
  if (!isFloating(node.dtype)) throw new DTypeError(`${name}: expected a floating point tensor, got ${node.dtype}`);
  return node;
}

/** A node as a numeric one: booleans become int32. */
export function toNumeric(node: Node): Node {
  return node.dtype === 'bool' ? (recorder.cast(node, 'int32') as Node) : node;
}

/** The nodes of operands that meet in one floating dtype. */
export function promoteFloating(name: string, a: Operand, b: Operand): [Node, Node] {
  const [left, right] = promote(name, a, b);
  return [toFloating(left), toFloating(right)];
}

/** The nodes of operands that meet in one numeric dtype: two booleans meet in int32. */
export function promoteNumeric(name: string, a: Operand, b: Operand): [Node, Node] {
  const [left, right] = promote(name, a, b);
  return [toNumeric(left), toNumeric(right)];
}

/** The node of an operand as it is: numbers become 0-d constants of the dtype that PyTorch gives them. */
export function toNode(name: string, x: Operand): Node {
  if (x instanceof Tensor) return x.node;
  const value = requireScalar(name, x);
  const dtype = typeof value === 'boolean' ? 'bool' : Number.isInteger(value) ? 'int32' : getDefaultDtype();
  return scalarNode(name, value, dtype);
}

/** Refuses option keys that an operation does not have, so that a misspelt one is not ignored. */
export function requireOptions(name: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || options instanceof Tensor)
    throw new TypeError(`${name}: expected an options object ({ ${known.join(', ')} }), got ${describe(options)}`);
  for (const key of Object.keys(options))
    if (!known.includes(key))
      throw new TypeError(`${name}() got an unexpected keyword argument '${key}'; it takes ${known.join(', ')}`);
}
