import { ChimeraError } from '../errors.ts';

/** A state file that is damaged, hostile or of a kind that Chimera does not read, or state that a format cannot hold. */
export class StateFileError extends ChimeraError {
  override name = 'StateFileError';
}

/** A name from a file as it may stand in a message: in quotes, escaped, and not longer than a line or two. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 200 ? `${name.slice(0, 200)}...` : name);
}
