import { expect, it } from 'vitest';
import { Parameter } from '../../nn/parameter.ts';
import { zeros } from '../../tensor/creation.ts';
import { SGD } from '../sgd.ts';
import { CosineAnnealingLR, CosineAnnealingWarmRestarts } from './annealing.ts';
import { SequentialLR } from './combined.ts';
import { CyclicLR } from './cyclic.ts';
import { ConstantLR } from './factor.ts';
import { LambdaLR } from './lambda.ts';
import { OneCycleLR } from './one-cycle.ts';
import { ExponentialLR, MultiStepLR, StepLR } from './step.ts';
import { SWALR } from './swa-lr.ts';

const optimizer = (): SGD => new SGD([new Parameter(zeros([1]))], { lr: 1, momentum: 0.9 });

it('schedulers take by name what they need', () => {
  expect(new StepLR(optimizer(), { stepSize: 2, gamma: 0.5 })).toMatchObject({ stepSize: 2, gamma: 0.5 });
  expect(new MultiStepLR(optimizer(), { milestones: [1, 3], gamma: 0.5 }).milestones.size).toBe(2);
  expect(new ExponentialLR(optimizer(), { gamma: 0.5 }).gamma).toBe(0.5);
  expect(new CosineAnnealingLR(optimizer(), { tMax: 4 }).tMax).toBe(4);
  expect(new CosineAnnealingWarmRestarts(optimizer(), { t0: 4, tMult: 2 })).toMatchObject({ t0: 4, tMult: 2 });
  expect(new LambdaLR(optimizer(), { lrLambda: () => 0.5 }).getLastLr()).toEqual([0.5]);
  expect(new OneCycleLR(optimizer(), { maxLr: 2, totalSteps: 10 }).totalSteps).toBe(10);
  expect(new CyclicLR(optimizer(), { baseLr: 0.5, maxLr: 2 }).getLastLr()).toEqual([0.5]);
  expect(new SWALR(optimizer(), { swaLr: 0.05 }).annealEpochs).toBe(10);
  const trained = optimizer();
  const schedulers = [new ConstantLR(trained), new ConstantLR(trained)];
  expect(new SequentialLR(trained, { schedulers, milestones: [1] }).schedulers).toHaveLength(2);
});

it('schedulers refuse to guess what they need', () => {
  expect(() => new StepLR(optimizer(), {} as { stepSize: number })).toThrow(
    "StepLR() missing a required argument: 'stepSize'",
  );
  expect(() => new StepLR(optimizer(), '2' as unknown as number)).toThrow('positive whole number');
  expect(() => new StepLR(optimizer(), { stepSize: 2, gama: 1 } as { stepSize: number })).toThrow("'gama'");
  expect(() => new OneCycleLR(optimizer(), undefined as unknown as number)).toThrow("'maxLr'");
});
