/** Whether two plain values are equal in every part. NaN equals NaN; -0 equals 0. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const left = listOf(a);
  const right = listOf(b);
  if (left !== undefined || right !== undefined)
    return left !== undefined && left.length === right?.length && left.every((value, i) => deepEqual(value, right[i]));
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && deepEqual(a[key as keyof typeof a], b[key as keyof typeof b]))
  );
}

function listOf(value: object): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return Array.from(value as unknown as ArrayLike<number>);
  return undefined;
}

/** A value as text in a message, cut where it is long. */
export function show(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(listOf(Object(value)) ?? value) ?? String(value));
  return text.length > 400 ? `${text.slice(0, 400)}...` : text;
}
