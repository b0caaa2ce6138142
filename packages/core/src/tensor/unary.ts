import { DTypeError } from '../errors.ts';
import { isFloating } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';
import { requireOptions, requireTensor, toFloating } from './operand.ts';
import type { Tensor } from './tensor.ts';
import { wrap } from './tensor.ts';

/** Integers and booleans become float32 first, as in PyTorch. */
function floating(name: string, x: Tensor): Node {
  return toFloating(requireTensor(name, x));
}

/** The square root of x. (PyTorch: `torch.sqrt`) */
export function sqrt(x: Tensor): Tensor {
  return wrap(b.sqrt(floating('sqrt', x)));
}

/** 1 / sqrt(x). (PyTorch: `torch.rsqrt`) */
export function rsqrt(x: Tensor): Tensor {
  const node = floating('rsqrt', x);
  return wrap(b.div(b.like(node, 1), b.sqrt(node)));
}

/** e^x. (PyTorch: `torch.exp`) */
export function exp(x: Tensor): Tensor {
  return wrap(b.exp(floating('exp', x)));
}

/** 2^x. (PyTorch: `torch.exp2`) */
export function exp2(x: Tensor): Tensor {
  const node = floating('exp2', x);
  const power = b.pow(b.like(node, 2), node) as Node;
  // Simpler than the general rule, which guards against bases of 0.
  power.rule = (b, g, { output }) => [null, b.mul(g, b.mul(output, b.like(output, Math.LN2)))];
  return wrap(power);
}

/** e^x - 1, accurate near 0. (PyTorch: `torch.expm1`) */
export function expm1(x: Tensor): Tensor {
  return wrap(b.emit('expm1', [floating('expm1', x)], {}));
}

/** The natural logarithm of x. (PyTorch: `torch.log`) */
export function log(x: Tensor): Tensor {
  return wrap(b.log(floating('log', x)));
}

/** The logarithm to base 2. (PyTorch: `torch.log2`) */
export function log2(x: Tensor): Tensor {
  const node = floating('log2', x);
  return wrap(b.mul(b.log(node), b.like(node, Math.LOG2E)));
}

/** The logarithm to base 10. (PyTorch: `torch.log10`) */
export function log10(x: Tensor): Tensor {
  const node = floating('log10', x);
  return wrap(b.mul(b.log(node), b.like(node, Math.LOG10E)));
}

/** ln(1 + x), accurate near 0. (PyTorch: `torch.log1p`) */
export function log1p(x: Tensor): Tensor {
  return wrap(b.emit('log1p', [floating('log1p', x)], {}));
}

/** The sine of x, in radians. (PyTorch: `torch.sin`) */
export function sin(x: Tensor): Tensor {
  return wrap(b.sin(floating('sin', x)));
}

/** The cosine of x, in radians. (PyTorch: `torch.cos`) */
export function cos(x: Tensor): Tensor {
  return wrap(b.cos(floating('cos', x)));
}

/** The tangent of x, in radians. (PyTorch: `torch.tan`) */
export function tan(x: Tensor): Tensor {
  return wrap(b.emit('tan', [floating('tan', x)], {}));
}

/** The arcsine, in radians; NaN outside [-1, 1]. (PyTorch: `torch.asin`) */
export function asin(x: Tensor): Tensor {
  return wrap(b.emit('asin', [floating('asin', x)], {}));
}

/** The arccosine, in radians; NaN outside [-1, 1]. (PyTorch: `torch.acos`) */
export function acos(x: Tensor): Tensor {
  return wrap(b.emit('acos', [floating('acos', x)], {}));
}

/** The arctangent, in radians. (PyTorch: `torch.atan`) */
export function atan(x: Tensor): Tensor {
  return wrap(b.emit('atan', [floating('atan', x)], {}));
}

/** The hyperbolic sine. (PyTorch: `torch.sinh`) */
export function sinh(x: Tensor): Tensor {
  return wrap(b.emit('sinh', [floating('sinh', x)], {}));
}

/** The hyperbolic cosine. (PyTorch: `torch.cosh`) */
export function cosh(x: Tensor): Tensor {
  return wrap(b.emit('cosh', [floating('cosh', x)], {}));
}

/** The hyperbolic tangent. (PyTorch: `torch.tanh`) */
export function tanh(x: Tensor): Tensor {
  return wrap(b.tanh(floating('tanh', x)));
}

/** The inverse hyperbolic sine. (PyTorch: `torch.asinh`) */
export function asinh(x: Tensor): Tensor {
  return wrap(b.emit('asinh', [floating('asinh', x)], {}));
}

/** The inverse hyperbolic cosine; NaN below 1. (PyTorch: `torch.acosh`) */
export function acosh(x: Tensor): Tensor {
  return wrap(b.emit('acosh', [floating('acosh', x)], {}));
}

/** The inverse hyperbolic tangent; NaN outside [-1, 1]. (PyTorch: `torch.atanh`) */
export function atanh(x: Tensor): Tensor {
  return wrap(b.emit('atanh', [floating('atanh', x)], {}));
}

/** Degrees as radians. (PyTorch: `torch.deg2rad`) */
export function deg2rad(x: Tensor): Tensor {
  const node = floating('deg2rad', x);
  return wrap(b.mul(node, b.like(node, Math.PI / 180)));
}

/** Radians as degrees. (PyTorch: `torch.rad2deg`) */
export function rad2deg(x: Tensor): Tensor {
  const node = floating('rad2deg', x);
  return wrap(b.mul(node, b.like(node, 180 / Math.PI)));
}

/** Integers are whole already. */
function whole(name: string, x: Tensor, rounded: (node: Node) => Value): Tensor {
  const node = requireTensor(name, x);
  if (node.dtype === 'bool') throw new DTypeError(`${name}: not implemented for 'bool'`);
  return wrap(isFloating(node.dtype) ? rounded(node) : b.emit('reshape', [node], { shape: node.shape }));
}

/** The largest integer that is not above x. (PyTorch: `torch.floor`) */
export function floor(x: Tensor): Tensor {
  return whole('floor', x, (node) => b.floor(node));
}

/** The smallest integer that is not below x. (PyTorch: `torch.ceil`) */
export function ceil(x: Tensor): Tensor {
  return whole('ceil', x, (node) => b.emit('ceil', [node], {}));
}

/** x without its fraction. (PyTorch: `torch.trunc`) */
export function trunc(x: Tensor): Tensor {
  return whole('trunc', x, (node) => b.trunc(node));
}

export interface RoundOptions {
  /** Digits that are kept after the point; before it, if negative. Default 0. */
  decimals?: number;
}

/** The nearest integer, or number of `decimals` digits; halves go to the even neighbour. (PyTorch: `torch.round`) */
export function round(x: Tensor, options: RoundOptions | number = {}): Tensor {
  if (typeof options === 'object') requireOptions('round', options, ['decimals']);
  const { decimals = 0 } = typeof options === 'number' ? { decimals: options } : options;
  if (!Number.isInteger(decimals)) throw new TypeError(`round: decimals must be an integer, got ${String(decimals)}`);
  return whole('round', x, (node) => {
    const nearest = (value: Value): Value => b.emit('round', [value], {});
    if (decimals === 0) return nearest(node);
    const scale = b.like(node, 10 ** Math.abs(decimals));
    return decimals > 0 ? b.div(nearest(b.mul(node, scale)), scale) : b.mul(nearest(b.div(node, scale)), scale);
  });
}

/** The fraction of x, with its sign. (PyTorch: `torch.frac`) */
export function frac(x: Tensor): Tensor {
  const node = requireTensor('frac', x);
  if (!isFloating(node.dtype)) throw new DTypeError(`frac: not implemented for '${node.dtype}'`);
  return wrap(b.sub(node, b.trunc(node)));
}

export {
  acos as arccos,
  acosh as arccosh,
  asin as arcsin,
  asinh as arcsinh,
  atan as arctan,
  atanh as arctanh,
  trunc as fix,
};
