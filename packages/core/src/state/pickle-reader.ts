import { StateFileError } from './state-file-error.ts';
import { decodeUtf8 } from './utf8.ts';

/** A class or function that a pickle names. It is never looked up in the running program. */
export class PickleGlobal {
  readonly module: string;
  readonly name: string;

  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }

  toString(): string {
    return `${this.module}.${this.name}`;
  }
}

/** A tuple while it is being read; {@link PickleHost.value} makes something else of it. */
export class PickleTuple {
  readonly items: readonly unknown[];

  constructor(items: readonly unknown[]) {
    this.items = items;
  }
}

/** What the reader does not decide: everything that a pickle can build beyond plain data. */
export interface PickleHost {
  /** What a name stands for, or throws. */
  global(name: PickleGlobal): unknown;
  /** What an object outside of the pickle is. */
  persistent(id: unknown): unknown;
  /** The result of calling `callable`, which {@link global} returned. */
  call(callable: unknown, args: readonly unknown[]): unknown;
  /** Gives `target` its attributes. */
  build(target: unknown, state: unknown): void;
  /** A key of a dict or a member of a set, or throws. */
  key(value: unknown): unknown;
}

/** Integers beyond this many bytes are taken for an attempt to waste time. */
const MAX_INTEGER_BYTES = 255;

/**
 * Runs a pickle program, protocols 2 to 5, as far as checkpoints use it.
 *
 * Dicts become `Map`, sets `Set`, lists arrays, tuples {@link PickleTuple}. Memory stays in proportion to the
 * program: nothing is allocated from a length that the bytes do not back.
 *
 * @throws StateFileError for a damaged program, an instruction that checkpoints do not use, or what the host refuses
 */
export function readPickle(bytes: Uint8Array, host: PickleHost): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const memo = new Map<number, unknown>();
  const outer: unknown[][] = [];
  let stack: unknown[] = [];
  let position = 0;
  let opcodeAt = 0;

  function fail(problem: string): never {
    throw new StateFileError(`checkpoint: ${problem} at byte ${opcodeAt} of data.pkl`);
  }

  function take(length: number): Uint8Array {
    if (length > bytes.length - position) fail(`the pickle is truncated: ${length} bytes needed`);
    position += length;
    return bytes.subarray(position - length, position);
  }

  function unsigned(width: 1 | 2 | 4 | 8): number {
    const at = position;
    take(width);
    if (width === 1) return view.getUint8(at);
    if (width === 2) return view.getUint16(at, true);
    if (width === 4) return view.getUint32(at, true);
    return Number(view.getBigUint64(at, true));
  }

  function utf8(length: number): string {
    return decodeUtf8(take(length)) ?? fail('text is not valid UTF-8');
  }

  function line(): string {
    const end = bytes.indexOf(0x0a, position);
    if (end < 0) fail('a name does not end');
    const text = utf8(end - position);
    position += 1;
    return text;
  }

  function bigInteger(length: number): number | bigint {
    if (length > MAX_INTEGER_BYTES) fail(`an integer of ${length} bytes`);
    let value = 0n;
    const digits = take(length);
    for (let index = length - 1; index >= 0; index -= 1) value = (value << 8n) | BigInt(digits[index]!);
    value = BigInt.asIntN(length * 8, value);
    const rounded = Number(value);
    return Number.isSafeInteger(rounded) ? rounded : value;
  }

  function pop(): unknown {
    if (stack.length === 0) fail('the stack is empty');
    return stack.pop();
  }

  function top(): unknown {
    if (stack.length === 0) fail('the stack is empty');
    return stack.at(-1);
  }

  function popToMark(): unknown[] {
    const items = stack;
    stack = outer.pop() ?? fail('there is no mark');
    return items;
  }

  function tuple(length: number): void {
    if (stack.length < length) fail('the stack is empty');
    stack.push(new PickleTuple(stack.splice(stack.length - length)));
  }

  function append(items: readonly unknown[]): void {
    const list = top();
    if (!Array.isArray(list)) fail('appending to something that is not a list');
    for (const item of items) list.push(item);
  }

  function setItems(items: readonly unknown[]): void {
    const dict = top();
    if (!(dict instanceof Map)) fail('setting an item of something that is not a dict');
    if (items.length % 2 !== 0) fail('a key without a value');
    for (let index = 0; index < items.length; index += 2) dict.set(host.key(items[index]), items[index + 1]);
  }

  function addItems(items: readonly unknown[]): void {
    const set = top();
    if (!(set instanceof Set)) fail('adding to something that is not a set');
    for (const item of items) set.add(host.key(item));
  }

  function recall(index: number): void {
    if (!memo.has(index)) fail(`nothing was remembered as ${index}`);
    stack.push(memo.get(index));
  }

  function named(module: unknown, name: unknown): void {
    if (typeof module !== 'string' || typeof name !== 'string') fail('a name that is not text');
    stack.push(host.global(new PickleGlobal(module, name)));
  }

  function reduce(): void {
    const args = pop();
    const callable = pop();
    if (!(args instanceof PickleTuple)) fail('arguments that are not a tuple');
    stack.push(host.call(callable, args.items));
  }

  for (;;) {
    opcodeAt = position;
    const opcode = unsigned(1);
    switch (opcode) {
      case 0x80: {
        // PROTO
        const protocol = unsigned(1);
        if (protocol < 2 || protocol > 5) fail(`pickle protocol ${protocol}, which is not 2 to 5,`);
        break;
      }
      case 0x95: // FRAME
        if (unsigned(8) > bytes.length - position) fail('a frame reaches past the end');
        break;
      case 0x2e: {
        // STOP
        const result = pop();
        if (stack.length > 0 || outer.length > 0) fail('values are left over');
        return result;
      }

      case 0x4e: // NONE
        stack.push(null);
        break;
      case 0x88: // NEWTRUE
        stack.push(true);
        break;
      case 0x89: // NEWFALSE
        stack.push(false);
        break;
      case 0x4a: // BININT
        stack.push(unsigned(4) | 0);
        break;
      case 0x4b: // BININT1
        stack.push(unsigned(1));
        break;
      case 0x4d: // BININT2
        stack.push(unsigned(2));
        break;
      case 0x8a: // LONG1
        stack.push(bigInteger(unsigned(1)));
        break;
      case 0x8b: // LONG4
        stack.push(bigInteger(unsigned(4)));
        break;
      case 0x47: {
        // BINFLOAT
        const at = position;
        take(8);
        stack.push(view.getFloat64(at, false));
        break;
      }

      case 0x58: // BINUNICODE
        stack.push(utf8(unsigned(4)));
        break;
      case 0x8c: // SHORT_BINUNICODE
        stack.push(utf8(unsigned(1)));
        break;
      case 0x8d: // BINUNICODE8
        stack.push(utf8(unsigned(8)));
        break;
      case 0x42: // BINBYTES
        stack.push(take(unsigned(4)));
        break;
      case 0x43: // SHORT_BINBYTES
        stack.push(take(unsigned(1)));
        break;
      case 0x8e: // BINBYTES8
        stack.push(take(unsigned(8)));
        break;

      case 0x28: // MARK
        outer.push(stack);
        stack = [];
        break;
      case 0x29: // EMPTY_TUPLE
        tuple(0);
        break;
      case 0x85: // TUPLE1
        tuple(1);
        break;
      case 0x86: // TUPLE2
        tuple(2);
        break;
      case 0x87: // TUPLE3
        tuple(3);
        break;
      case 0x74: {
        // TUPLE
        const items = popToMark();
        stack.push(new PickleTuple(items));
        break;
      }
      case 0x5d: // EMPTY_LIST
        stack.push([]);
        break;
      case 0x61: // APPEND
        append([pop()]);
        break;
      case 0x65: // APPENDS
        append(popToMark());
        break;
      case 0x7d: // EMPTY_DICT
        stack.push(new Map());
        break;
      case 0x73: {
        // SETITEM
        const value = pop();
        setItems([pop(), value]);
        break;
      }
      case 0x75: // SETITEMS
        setItems(popToMark());
        break;
      case 0x8f: // EMPTY_SET
        stack.push(new Set());
        break;
      case 0x90: // ADDITEMS
        addItems(popToMark());
        break;

      case 0x71: // BINPUT
        memo.set(unsigned(1), top());
        break;
      case 0x72: // LONG_BINPUT
        memo.set(unsigned(4), top());
        break;
      case 0x94: // MEMOIZE
        memo.set(memo.size, top());
        break;
      case 0x68: // BINGET
        recall(unsigned(1));
        break;
      case 0x6a: // LONG_BINGET
        recall(unsigned(4));
        break;

      case 0x63: {
        // GLOBAL
        const module = line();
        named(module, line());
        break;
      }
      case 0x93: {
        // STACK_GLOBAL
        const name = pop();
        named(pop(), name);
        break;
      }
      case 0x52: // REDUCE
        reduce();
        break;
      case 0x62: {
        // BUILD
        const state = pop();
        host.build(top(), state);
        break;
      }
      case 0x51: // BINPERSID
        stack.push(host.persistent(pop()));
        break;

      default:
        fail(`pickle instruction 0x${opcode.toString(16).padStart(2, '0')}, which checkpoints do not use,`);
    }
  }
}
