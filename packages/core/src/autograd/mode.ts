import { recording } from '../graph/scope.ts';

function withGradMode<T>(enabled: boolean, body: () => T): T {
  if (typeof body !== 'function')
    throw new TypeError(`expected a function to run in this mode, got ${typeof body}: noGrad(() => ...)`);
  const mode: Mode = { enabled, outside: recording.gradEnabled };
  open.push(mode);
  recording.gradEnabled = enabled;
  let result: T;
  try {
    result = body();
  } catch (error) {
    end(mode);
    throw error;
  }
  if (result instanceof Promise) return result.finally(() => end(mode)) as T;
  end(mode);
  return result;
}

interface Mode {
  readonly enabled: boolean;
  /** What applies when it ends and nothing else is open. */
  outside: boolean;
}

// Asynchronous bodies may end in another order than they began in.
const open: Mode[] = [];

function end(mode: Mode): void {
  const at = open.indexOf(mode);
  open.splice(at, 1);
  const inner = open[at];
  // One that began inside of this one and is still at work: it leads out to where this one would have led.
  if (inner !== undefined) inner.outside = mode.outside;
  else recording.gradEnabled = mode.outside;
}

/**
 * Runs `body` without recording gradients: results do not require grad. An asynchronous body keeps the mode until it
 * settles. (PyTorch: `torch.no_grad`)
 */
export function noGrad<T>(body: () => T): T {
  return withGradMode(false, body);
}

/** Runs `body` with gradient recording on, also inside `noGrad`. (PyTorch: `torch.enable_grad`) */
export function enableGrad<T>(body: () => T): T {
  return withGradMode(true, body);
}

/**
 * Runs `body` with gradient recording on or off; without a body, turns it on or off from here on.
 * (PyTorch: `torch.set_grad_enabled`, as a context and as a statement)
 */
export function setGradEnabled(enabled: boolean): void;
export function setGradEnabled<T>(enabled: boolean, body: () => T): T;
export function setGradEnabled<T>(enabled: boolean, body?: () => T): T | void {
  if (typeof enabled !== 'boolean')
    throw new TypeError(`setGradEnabled: expected enabled to be a boolean, got ${typeof enabled}`);
  if (body !== undefined) return withGradMode(enabled, body);
  recording.gradEnabled = enabled;
}

/**
 * Runs `body` without recording gradients. Its results may be used in recorded operations afterwards, as constants.
 * (PyTorch: `torch.inference_mode`)
 */
export function inferenceMode<T>(body: () => T): T {
  return withGradMode(false, body);
}

/** Whether gradients are being recorded. (PyTorch: `torch.is_grad_enabled`) */
export function isGradEnabled(): boolean {
  return recording.gradEnabled;
}
