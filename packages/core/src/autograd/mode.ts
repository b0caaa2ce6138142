import { recording } from '../graph/scope.ts';

function withGradMode<T>(enabled: boolean, body: () => T): T {
  const outer = recording.gradEnabled;
  recording.gradEnabled = enabled;
  let result: T;
  try {
    result = body();
  } catch (error) {
    recording.gradEnabled = outer;
    throw error;
  }
  if (result instanceof Promise)
    return result.finally(() => {
      recording.gradEnabled = outer;
    }) as T;
  recording.gradEnabled = outer;
  return result;
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

/** Runs `body` with gradient recording on or off. (PyTorch: `torch.set_grad_enabled` as a context) */
export function setGradEnabled<T>(enabled: boolean, body: () => T): T {
  return withGradMode(enabled, body);
}

/** Whether gradients are being recorded. (PyTorch: `torch.is_grad_enabled`) */
export function isGradEnabled(): boolean {
  return recording.gradEnabled;
}
