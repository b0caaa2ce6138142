import { full, nn, ones } from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';

/** Properties of any name, as dynamic code sets them. */
export type Loose = Record<string, unknown>;

export function parameter(...shape: number[]): nn.Parameter {
  return new nn.Parameter(ones(shape));
}

/** A block that does nothing. */
export class Piece extends nn.Block {
  override forward(x: Tensor): Tensor {
    return x;
  }
}

/** `new Piece()` whose properties may have any name. */
export function piece(): Piece & Loose {
  return new Piece() as Piece & Loose;
}

export class Scale extends nn.Block {
  factor: nn.Parameter;
  constructor(factor: number) {
    super();
    this.factor = new nn.Parameter(full([2], factor, { dtype: 'float32' }));
  }
  override forward(x: Tensor): Tensor {
    return x.mul(this.factor);
  }
}

export function names(pairs: Iterable<readonly [string, unknown]>): string[] {
  return [...pairs].map(([name]) => name);
}

/** Own parameters, buffers and children, and the names of the state. */
export function listing(block: nn.Block): string[][] {
  return [
    [...block._parameters.keys()],
    [...block._buffers.keys()],
    [...block._modules.keys()],
    [...block.stateDict().keys()],
  ];
}

/** Blocks, parameters and buffers that occur several times. */
export function sharedTree(): Piece & Loose {
  const shared = new nn.Linear(2, 2);
  const inner = piece();
  inner['a'] = shared;
  const b = new nn.Linear(2, 2, { bias: false });
  inner['b'] = b;
  b.weight = shared.weight;
  const root = piece();
  root['first'] = shared;
  root['inner'] = inner;
  root['second'] = shared;
  root['norm'] = new nn.BatchNorm1d(2);
  root['again'] = root['norm'];
  root['nothing'] = null;
  root['own'] = shared.weight;
  root.addModule('gap', null);
  return root;
}
