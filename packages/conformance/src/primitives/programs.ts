import type { Builder, HostValue, Value } from '@chimera-nn/core';
import { booleans, floats, integers, scattered } from './sample.ts';

/** A program of several operations: what single operations cannot show about a device. */
export interface ProgramSample {
  readonly name: string;
  readonly inputs: readonly HostValue[];
  readonly build: (b: Builder, inputs: readonly Value[]) => readonly Value[];
}

export const programSamples: readonly ProgramSample[] = [
  { name: 'an output that is an input', inputs: [scattered([2, 3], 301)], build: (_b, [x]) => [x!] },
  {
    name: 'an output repeated',
    inputs: [scattered([3], 302)],
    build: (b, [x]) => {
      const y = b.neg(x!);
      return [y, x!, y];
    },
  },
  {
    name: 'an input that nothing uses',
    inputs: [scattered([2], 303), scattered([4], 304)],
    build: (b, [, y]) => [b.exp(y!)],
  },
  { name: 'no inputs', inputs: [], build: (b) => [b.full([2, 2], 3), b.scalar(-1, 'int32'), b.iota(3)] },
  {
    name: 'a result used many times',
    inputs: [scattered([3], 305)],
    build: (b, [x]) => {
      const y = b.tanh(x!);
      return [b.add(y, b.mul(y, y)), b.sub(y, x!)];
    },
  },
  {
    name: 'no operations on an empty tensor',
    inputs: [floats([0, 2])],
    build: (b, [x]) => [x!, b.reduceSum(x!, [0]), b.concat([x!, b.full([1, 2], 7)], 0)],
  },
  {
    name: 'three dtypes at once',
    inputs: [scattered([4], 306), integers([4], 3, 0, 1, 1), booleans([4], 1, 0, 1, 0)],
    build: (b, [x, i, c]) => [
      b.select(c!, b.gather(x!, i!, 0), b.cast(i!, 'float32')),
      b.and(c!, b.lt(x!, b.like(x!, 0))),
      b.add(i!, b.cast(c!, 'int32')),
    ],
  },
  {
    name: 'a chain of 60 operations',
    inputs: [scattered([4], 307, 0.25, 1)],
    build: (b, [x]) => {
      let y = x!;
      for (let i = 0; i < 20; i++) y = b.sub(b.mul(b.add(y, b.like(y, 1)), b.like(y, 0.5)), b.like(y, 1 / 64));
      return [y];
    },
  },
  {
    name: 'one value as both operands',
    inputs: [scattered([5], 318), integers([3], 1, -2, 3), booleans([2], 1, 0)],
    build: (b, [x, i, c]) => [
      b.eq(x!, x!),
      b.lt(x!, x!),
      b.not(b.eq(x!, x!)),
      b.mul(x!, x!),
      b.maximum(x!, x!),
      b.eq(i!, i!),
      b.add(i!, i!),
      b.and(c!, c!),
      b.concat([x!, x!], 0),
    ],
  },
  {
    name: 'logic on logic',
    inputs: [scattered([6], 319), scattered([6], 320), integers([6], 0, 1, 2, 3, 4, 5)],
    build: (b, [x, y, i]) => {
      const larger = b.ge(x!, y!);
      const odd = b.not(b.eq(x!, x!));
      const kept = b.or(odd, b.and(larger, b.not(b.eq(y!, y!))));
      const first = b.lt(i!, b.scalar(2, 'int32'));
      const either = b.or(kept, first);
      return [
        larger,
        kept,
        either,
        b.select(either, x!, y!),
        b.select(b.not(either), i!, b.scalar(-1, 'int32')),
        b.cast(either, 'float32'),
        b.select(odd, odd, first),
        b.select(odd, larger, odd),
        b.select(odd, larger, first),
      ];
    },
  },
  {
    // Engines keep what they compiled for one way round, and must not take it for the other.
    name: 'broadcasting one way and the other',
    inputs: [scattered([3, 4], 322), scattered([3, 1], 323)],
    build: (b, [x, y]) => {
      const [p, q] = [b.lt(x!, b.like(x!, 0)), b.lt(y!, b.like(y!, 0.5))];
      const pairs = [
        [x!, y!],
        [y!, x!],
      ] as const;
      return [
        b.and(p, q),
        b.and(q, p),
        b.or(p, q),
        b.or(q, p),
        b.eq(p, q),
        b.eq(q, p),
        b.select(q, p, q),
        ...pairs.flatMap(([c, d]) => [
          b.add(c, d),
          b.sub(c, d),
          b.maximum(c, d),
          b.lt(c, d),
          b.select(b.lt(c, d), c, d),
        ]),
      ];
    },
  },
  {
    name: 'a running maximum by doubling',
    inputs: [scattered([2, 5], 321)],
    build: (b, [x]) => {
      let [values, indices] = [x!, b.broadcastTo(b.iota(5), [2, 5])];
      for (const by of [1, 2, 4]) {
        const shifted = (value: Value): Value =>
          b.concat([b.narrow(value, 1, 0, by), b.narrow(value, 1, 0, 5 - by)], 1);
        const [earlier, before] = [shifted(values), shifted(indices)];
        const keeps = b.or(b.ge(values, earlier), b.lt(b.iota(5), b.scalar(by, 'int32')));
        values = b.select(keeps, values, earlier);
        indices = b.select(keeps, indices, before);
      }
      return [values, indices, b.gatherElements(x!, indices, 1)];
    },
  },
  {
    name: 'a linear layer with relu',
    inputs: [scattered([2, 20], 308, 0, 1), scattered([16, 20], 309, -0.25, 0.25), scattered([16], 310)],
    build: (b, [x, w, bias]) => [b.relu(b.add(b.matmul(x!, w!, { transposeB: true }), bias!))],
  },
  {
    name: 'a step of gradient descent',
    inputs: [
      scattered([8, 5], 311),
      scattered([3, 5], 312),
      scattered([3], 313),
      scattered([8, 3], 314),
      floats([], 0.1),
    ],
    build: (b, [x, w, bias, y, rate]) => {
      const error = b.sub(b.add(b.matmul(x!, w!, { transposeB: true }), bias!), y!);
      const g = b.mul(error, b.like(error, 2 / 24));
      const step = (p: Value, gradient: Value): Value => b.sub(p, b.mul(rate!, gradient));
      return [
        b.reduceMean(b.mul(error, error), [0, 1]),
        step(w!, b.matmul(g, x!, { transposeA: true })),
        step(bias!, b.reduceSum(g, [0])),
      ];
    },
  },
  {
    name: 'a convolution, pooling and a cross-entropy',
    inputs: [
      scattered([2, 1, 8, 8], 315),
      scattered([4, 1, 3, 3], 316, -0.5, 0.5),
      scattered([3, 36], 317, -0.25, 0.25),
      integers([2], 2, 0),
    ],
    build: (b, [x, w, v, labels]) => {
      const image = b.relu(
        b.conv2d(x!, w!, { stride: [1, 1], padLo: [0, 0], padHi: [0, 0], dilation: [1, 1], groups: 1 }),
      );
      const pooled = b.maxPool2d(image, {
        size: [2, 2],
        stride: [2, 2],
        padLo: [0, 0],
        padHi: [0, 0],
        dilation: [1, 1],
      });
      const logits = b.matmul(b.reshape(pooled, [2, 36]), v!, { transposeB: true });
      const picked = b.mul(b.logSoftmax(logits, 1), b.oneHot(labels!, 3, 'float32'));
      return [logits, b.neg(b.reduceMean(b.reduceSum(picked, [1]), [0]))];
    },
  },
];
