import { quoted, StateFileError } from './state-file-error.ts';

/** One tensor's entry, as written: nothing but the JSON types has been checked. */
export interface HeaderEntry {
  dtype: string;
  shape: number[];
  /** Offsets `[begin, end)` into the bytes behind the header. */
  dataOffsets: readonly [begin: number, end: number];
}

export interface Header {
  entries: Map<string, HeaderEntry>;
  metadata: Map<string, string>;
}

/** JSON's white space; anything else between tokens is an error. */
const WHITE_SPACE = /[ \t\n\r]*/y;
/** A non-negative integer as JSON writes it: no sign, fraction, exponent or leading zero. */
const INTEGER = /(?:0|[1-9][0-9]{0,15})(?![0-9.eE])/y;

/**
 * Reads the JSON header of a safetensors file.
 *
 * It accepts exactly the format's grammar and nothing more. `JSON.parse` would not do: it hides repeated keys, turns
 * `1.0` and `1e0` into integers, rounds large ones, and recurses into values that a header cannot have.
 */
export function parseHeader(text: string): Header {
  let position = 0;

  function fail(expected: string): never {
    const found =
      position < text.length ? JSON.stringify(text.slice(position, position + 20)) : 'the end of the header';
    throw new StateFileError(
      `safetensors: expected ${expected} at character ${position} of the header, found ${found}`,
    );
  }

  function match(pattern: RegExp): string | undefined {
    pattern.lastIndex = position;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) position += found.length;
    return found;
  }

  function accept(token: string): boolean {
    match(WHITE_SPACE);
    if (text[position] !== token) return false;
    position += 1;
    return true;
  }

  function expect(token: string): void {
    if (!accept(token)) fail(`'${token}'`);
  }

  function string(what: string): string {
    match(WHITE_SPACE);
    if (text[position] !== '"') fail(what);
    const start = position;
    let end = start + 1;
    while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
    let value: string | undefined;
    try {
      // One string is all it can be; JSON.parse is strict about escapes and control characters.
      value = JSON.parse(text.slice(start, end + 1)) as string;
    } catch {
      // Reported below, with the position.
    }
    if (value === undefined || !value.isWellFormed()) fail(`${what}, well formed,`);
    position = end + 1;
    return value;
  }

  function integer(what: string): number {
    match(WHITE_SPACE);
    const start = position;
    const value = Number(match(INTEGER) ?? fail(what));
    if (!Number.isSafeInteger(value)) {
      position = start;
      fail(`${what} below 2^53`);
    }
    return value;
  }

  /** `{ "key": value, ... }`, each key once. `readValue` stands behind the colon when it is called. */
  function object(what: string, readValue: (key: string) => void): void {
    const keys = new Set<string>();
    expect('{');
    if (accept('}')) return;
    do {
      match(WHITE_SPACE);
      const start = position;
      const key = string('a key');
      if (keys.has(key)) {
        position = start;
        throw new StateFileError(`safetensors: key ${quoted(key)} appears twice in ${what}`);
      }
      keys.add(key);
      expect(':');
      readValue(key);
    } while (accept(','));
    expect('}');
  }

  function integers(what: string): number[] {
    const values: number[] = [];
    expect('[');
    if (accept(']')) return values;
    do values.push(integer(`${what}, a non-negative integer`));
    while (accept(','));
    expect(']');
    return values;
  }

  function entry(name: string): HeaderEntry {
    const label = `tensor ${quoted(name)}`;
    let dtype: string | undefined;
    let shape: number[] | undefined;
    let offsets: number[] | undefined;
    object(label, (key) => {
      if (key === 'dtype') dtype = string('a dtype');
      else if (key === 'shape') shape = integers('a size');
      else if (key === 'data_offsets') offsets = integers('an offset');
      else throw new StateFileError(`safetensors: ${label} has the unknown field ${quoted(key)}`);
    });
    if (dtype === undefined) throw new StateFileError(`safetensors: ${label} lacks "dtype"`);
    if (shape === undefined) throw new StateFileError(`safetensors: ${label} lacks "shape"`);
    if (offsets === undefined) throw new StateFileError(`safetensors: ${label} lacks "data_offsets"`);
    const [begin, end] = offsets;
    if (begin === undefined || end === undefined || offsets.length !== 2) {
      throw new StateFileError(
        `safetensors: "data_offsets" of ${label} must be [begin, end], found ${offsets.length} numbers`,
      );
    }
    return { dtype, shape, dataOffsets: [begin, end] };
  }

  const entries = new Map<string, HeaderEntry>();
  const metadata = new Map<string, string>();
  if (text[0] !== '{') fail(`'{'`);
  object('the header', (key) => {
    if (key === '__metadata__') object('"__metadata__"', (name) => metadata.set(name, string('a string')));
    else entries.set(key, entry(key));
  });
  match(WHITE_SPACE);
  if (position < text.length) fail('nothing but padding');
  return { entries, metadata };
}
