import { runTarget } from '../runner/run-target.ts';
import { openNodeDevice } from './devices.ts';
import type { ProcessMessage, ProcessRequest } from './process.ts';

// The process in which the command line runs one device.
function tell(message: ProcessMessage, then?: () => void): void {
  process.send!(message, undefined, undefined, () => then?.());
}

process.once('message', ({ target, ...options }: ProcessRequest) => {
  void runTarget(
    { name: target, open: () => openNodeDevice(target) },
    { ...options, onProgress: (progress) => tell({ progress }) },
  ).then((report) => {
    // Engines keep threads and timers of their own alive after their device has been closed.
    tell({ report }, () => process.exit());
  });
});
process.once('disconnect', () => process.exit(1));
