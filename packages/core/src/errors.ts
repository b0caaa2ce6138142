/** The base of every error that Chimera throws on purpose. */
export class ChimeraError extends Error {
  override name = 'ChimeraError';
}

/** Shapes that an operation cannot combine, or a dimension that does not exist. */
export class ShapeError extends ChimeraError {
  override name = 'ShapeError';
}

/** A dtype that an operation or a device cannot take. */
export class DTypeError extends ChimeraError {
  override name = 'DTypeError';
}

/** An unopened, closed or mismatched device, or an engine that is missing. */
export class DeviceError extends ChimeraError {
  override name = 'DeviceError';
}

/** A value that can no longer be computed, or a gradient that does not exist. */
export class GraphError extends ChimeraError {
  override name = 'GraphError';
}

/** State that does not fit a model: missing, unexpected or mismatched entries. */
export class StateError extends ChimeraError {
  override name = 'StateError';
}

/**
 * A failure inside an engine while a program was compiled or run. Adapters throw it with the index of the
 * instruction that failed; core adds the operation and the path of the block that recorded it.
 */
export class ExecutionError extends ChimeraError {
  override name = 'ExecutionError';
  /** Index into `Program.instructions`, or `undefined` when the engine cannot tell. */
  readonly instruction: number | undefined;

  constructor(message: string, options: { instruction?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.instruction = options.instruction;
  }
}
