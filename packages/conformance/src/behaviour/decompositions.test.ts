import { eye, linalg, manualSeed, randn, setDefaultDevice, tensor } from '@chimera-nn/core';
import type { Tensor } from '@chimera-nn/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { referenceDevice } from '../reference/device.ts';

// The signs of vectors, and vectors to equal values, are open: what holds for all of them is checked here, the rest by goldens.

beforeAll(() => setDefaultDevice(referenceDevice()));

const double = { dtype: 'float64' } as const;

function square(n: number, entry: (i: number, j: number) => number): Tensor {
  return tensor(
    Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => entry(i, j))),
    double,
  );
}

/** An orthogonal matrix. */
function turn(n: number, seed: number): Tensor {
  manualSeed(seed);
  return linalg.qr(randn([n, n], double)).Q;
}

/** A symmetric matrix with given eigenvalues. */
function withValues(values: readonly number[], seed: number): Tensor {
  const q = turn(values.length, seed);
  return q.mul(tensor([...values], double)).matmul(q.T);
}

async function distance(x: Tensor, y: Tensor): Promise<number> {
  return x.sub(y).abs().max().item();
}

function numbers(n: number, value: (i: number) => number): number[] {
  return Array.from({ length: n }, (_, i) => value(i));
}

const matrices: readonly (readonly [string, (n: number) => Tensor])[] = [
  [
    'values of all sizes',
    (n) =>
      withValues(
        numbers(n, (i) => 10 ** -i),
        1,
      ),
  ],
  [
    'two clusters',
    (n) =>
      withValues(
        numbers(n, (i) => (i % 2 === 0 ? 1 : 2 + 1e-5 * i)),
        2,
      ),
  ],
  [
    'values 1 and -1',
    (n) =>
      withValues(
        numbers(n, (i) => (i % 3 === 0 ? -1 : 1)),
        3,
      ),
  ],
  [
    'half the rank',
    (n) =>
      withValues(
        numbers(n, (i) => (i < n / 2 ? 0 : i - 1)),
        4,
      ),
  ],
  [
    'nearly a multiple of the identity',
    (n) =>
      withValues(
        numbers(n, (i) => 1 + 1e-9 * i),
        5,
      ),
  ],
  ['a Hilbert matrix', (n) => square(n, (i, j) => 1 / (i + j + 1))],
  ['ones', (n) => square(n, () => 1)],
  ['zeros', (n) => square(n, () => 0)],
  ['a diagonal', (n) => square(n, (i, j) => (i === j ? i - 1 : 0))],
  ['an exchange', (n) => square(n, (i, j) => (i + j === n - 1 ? 1 : 0))],
  [
    'huge numbers',
    (n) =>
      withValues(
        numbers(n, (i) => 1e200 * (i + 1)),
        6,
      ),
  ],
  [
    'tiny numbers',
    (n) =>
      withValues(
        numbers(n, (i) => 1e-200 * (i + 1)),
        7,
      ),
  ],
];

describe.each(matrices)('%s', (_name, make) => {
  it.each([2, 3, 6, 11])('eigenpairs of %i by %i', async (n) => {
    const a = make(n);
    const [values, vectors] = linalg.eigh(a);
    const scale = (await a.abs().max().item()) || 1;
    expect(await distance(vectors!.mul(values!).matmul(vectors!.T), a)).toBeLessThan(1e-13 * scale * n);
    expect(await distance(vectors!.T.matmul(vectors!), eye(n, double))).toBeLessThan(1e-14 * n);
    const sorted = await values!.data();
    expect([...sorted]).toEqual([...sorted].sort((x, y) => x - y));
  });

  it.each([2, 3, 6, 11])('singular values of %i by %i, and of its first columns', async (n) => {
    for (const a of [make(n), make(n).narrow(1, 0, Math.ceil(n / 2)), make(n).narrow(0, 0, Math.ceil(n / 2))]) {
      const [m, columns] = a.shape as [number, number];
      const [U, S, Vh] = linalg.svd(a);
      const k = Math.min(m, columns);
      const scale = (await a.abs().max().item()) || 1;
      const product = U!
        .narrow(1, 0, k)
        .mul(S!)
        .matmul(Vh!.narrow(0, 0, k));
      expect(await distance(product, a)).toBeLessThan(1e-13 * scale * n);
      expect(await distance(U!.T.matmul(U!), eye(m, double))).toBeLessThan(1e-14 * n);
      expect(await distance(Vh!.matmul(Vh!.T), eye(columns, double))).toBeLessThan(1e-14 * n);
      const sorted = await S!.data();
      expect([...sorted]).toEqual([...sorted].sort((x, y) => y - x));
      expect(Math.min(...sorted)).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('pseudoinverses', () => {
  it('fulfil the four conditions of Penrose, whatever the rank', async () => {
    for (const a of [withValues([3, 0, 0, -2, 1], 8), turn(5, 9).narrow(1, 0, 2), withValues([1, 1, 0], 10)]) {
      const p = linalg.pinv(a);
      expect(await distance(a.matmul(p).matmul(a), a)).toBeLessThan(1e-13);
      expect(await distance(p.matmul(a).matmul(p), p)).toBeLessThan(1e-13);
      expect(await distance(a.matmul(p), a.matmul(p).T)).toBeLessThan(1e-13);
      expect(await distance(p.matmul(a), p.matmul(a).T)).toBeLessThan(1e-13);
    }
  });

  it('solve what has a solution, with the shortest one', async () => {
    const a = withValues([3, 0, 0, -2, 1], 11);
    const x = linalg.lstsq(a, a.sum(1, { keepdim: true })).solution;
    expect(await distance(a.matmul(x), a.sum(1, { keepdim: true }))).toBeLessThan(1e-13);
    expect(await x.norm().item()).toBeLessThanOrEqual(Math.sqrt(5));
  });
});

const general: readonly (readonly [string, (n: number) => Tensor])[] = [
  ['random numbers', (n) => turn(n, 12).mul(turn(n, 13)).add(0.1)],
  ['a rotation', (n) => turn(n, 14)],
  ['a cycle', (n) => square(n, (i, j) => (i === (j + 1) % n ? 1 : 0))],
  [
    'a symmetric matrix',
    (n) =>
      withValues(
        numbers(n, (i) => i - 1.5),
        15,
      ),
  ],
  ['a skew matrix', (n) => turn(n, 16).sub(turn(n, 16).T)],
  ['a triangle', (n) => square(n, (i, j) => (i <= j ? i + 2 * j + 1 : 0))],
  ['a diagonal', (n) => square(n, (i, j) => (i === j ? 3 - i : 0))],
  ['huge numbers', (n) => turn(n, 17).mul(turn(n, 18)).mul(1e200)],
];

describe.each(general)('%s', (_name, make) => {
  it.each([2, 3, 5, 8])('eigenvectors of %i by %i', async (n) => {
    const a = make(n);
    const { eigenvalues: w, eigenvectors: v } = linalg.eig(a);
    const scale = (await a.abs().max().item()) || 1;
    const real = a.matmul(v.real).sub(v.real.mul(w.real).sub(v.imag.mul(w.imag)));
    const imag = a.matmul(v.imag).sub(v.real.mul(w.imag).add(v.imag.mul(w.real)));
    expect(await real.abs().max().item()).toBeLessThan(1e-12 * scale * n);
    expect(await imag.abs().max().item()).toBeLessThan(1e-12 * scale * n);
    const lengths = v.real.square().add(v.imag.square()).sum(0);
    expect(await lengths.sub(1).abs().max().item()).toBeLessThan(1e-13 * n);
    expect(Math.abs((await w.real.sum().item()) - (await a.trace().item()))).toBeLessThan(1e-12 * scale * n);
    expect(Math.abs(await w.imag.sum().item())).toBeLessThan(1e-12 * scale * n);
  });
});

it('a defective matrix has its eigenvalue as often as it should, and vectors of length 1', async () => {
  const a = square(3, (i, j) => (i === j ? 2 : j === i + 1 ? 1 : 0));
  const { eigenvalues, eigenvectors } = linalg.eig(a);
  expect(await eigenvalues.real.sub(2).abs().max().item()).toBeLessThan(1e-12);
  expect(await eigenvectors.real.square().sum(0).sub(1).abs().max().item()).toBeLessThan(1e-12);
});

it('the largest entry of a vector is positive, so that every device gives the same vectors', async () => {
  manualSeed(1);
  const a = randn([3, 4, 4], double);
  for (const vectors of [linalg.eigh(a).eigenvectors, linalg.svd(a).U]) {
    const largest = vectors.abs().argmax(1).unsqueeze(1);
    expect(await vectors.gather(1, largest).min().item()).toBeGreaterThan(0);
  }
});

it('gradients of what does not depend on the choice of vectors exist for equal eigenvalues too', async () => {
  const a = square(3, (i, j) => (i === j ? 2 : 0)).requiresGrad_();
  linalg.eigvalsh(a).square().sum().backward();
  expect(await a.grad!.tolist()).toEqual([
    [4, 0, 0],
    [0, 4, 0],
    [0, 0, 4],
  ]);
});

it('what is not finite stays so, and ends', async () => {
  const a = square(3, () => Number.NaN);
  expect(await linalg.eigvalsh(a).isnan().all().item()).toBeTruthy();
  expect(await linalg.svdvals(a).isnan().all().item()).toBeTruthy();
});
