import { manualSeed, setDefaultDevice } from '@chimera-nn/core';
import type { Case } from '../runner/case.ts';
import { describeError } from '../runner/case.ts';
import { ExampleRun } from './context.ts';
import type { Example } from './example.ts';

/** An example as a row of the table. */
export function exampleCase(example: Example): Case {
  return {
    name: example.id,
    ...(example.budget !== undefined && { budget: example.budget }),
    run: async (device, tell) => {
      const run = new ExampleRun(example.id, device, tell);
      setDefaultDevice(device);
      // So that an example's numbers do not depend on which examples ran before it.
      manualSeed(0);
      try {
        await example.run(run);
      } catch (error) {
        return { status: 'fail', maxError: run.maxError, message: describeError(error), exhibits: run.exhibits };
      } finally {
        setDefaultDevice(null);
      }
      if (run.checks === 0) return { status: 'fail', message: 'the example checks nothing', exhibits: run.exhibits };
      return { status: 'pass', maxError: run.maxError, exhibits: run.exhibits };
    },
  };
}
