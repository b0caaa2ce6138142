import { ChimeraError } from '../errors.ts';

/** A state file that is damaged, hostile or of a kind that Chimera does not read, or state that a format cannot hold. */
export class StateFileError extends ChimeraError {
  override name = 'StateFileError';
}
