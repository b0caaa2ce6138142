import type { Block } from '../block.ts';

/** A list index as a position from 0, or a RangeError with PyTorch's text. */
export function resolveIndex(index: number, length: number): number {
  if (!Number.isInteger(index)) throw new TypeError(`index must be an integer, got ${String(index)}`);
  if (index < -length || index >= length) throw new RangeError(`index ${index} is out of range`);
  return index < 0 ? index + length : index;
}

/** Lets `list[0]` and `list[-1]` read by position, whatever the children's names are. */
export function indexingHandler(base: ProxyHandler<object>): ProxyHandler<object> {
  return {
    ...base,
    get(target, name, receiver: { at(index: number): Block }) {
      if (typeof name === 'string' && /^-?\d+$/.test(name)) return receiver.at(Number(name));
      return Reflect.get(target, name, receiver);
    },
  };
}
