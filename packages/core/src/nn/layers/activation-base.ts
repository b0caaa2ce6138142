import type { Trailing } from '../arguments.ts';
import { readTrailing } from '../arguments.ts';
import { Block } from '../block.ts';
import type { InplaceOptions } from '../functional/activation-options.ts';
import { pythonFloat, pythonText } from '../python-text.ts';

/** A number as PyTorch prints it: a default as a float, a given one as it was given. */
export function shown(given: number | undefined, standard: number): string {
  return given === undefined ? pythonFloat(standard) : pythonText(given);
}

/** A printed form, with the option that it works in place. */
export function withInplace(text: string, inplace: boolean): string {
  return inplace ? (text === '' ? 'inplace=True' : `${text}, inplace=True`) : text;
}

/** What activations have in common that can work in place. */
export abstract class InplaceActivation extends Block {
  readonly inplace: boolean;

  constructor(...args: Trailing<InplaceOptions, ['inplace']>) {
    super();
    this.inplace = readTrailing<InplaceOptions>(new.target.name, args, ['inplace']).inplace ?? false;
  }

  override extraRepr(): string {
    return withInplace('', this.inplace);
  }
}
