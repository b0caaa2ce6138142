/** A value as Python's `repr` writes it: True, None, 1e-05, 'zeros', (3, 3). A whole number stays one: 1, not 1.0. */
export function pythonText(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number')
    return Number.isInteger(value) && Math.abs(value) < 1e21 ? String(value) : pythonFloat(value);
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return pythonTuple(value);
  throw new TypeError(`a ${typeof value} has no form in Python`);
}

/** A tuple: (3,), (3, 3). */
export function pythonTuple(values: readonly unknown[]): string {
  return values.length === 1 ? `(${pythonText(values[0])},)` : `(${values.map(pythonText).join(', ')})`;
}

/** A number as Python writes a float: 1.0, 0.1, 1e-05, inf. */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const [digits, exponentText] = value.toExponential().split('e') as [string, string];
  const exponent = Number(exponentText);
  // Python turns to exponents below 1e-4 and from 1e16 on, JavaScript below 1e-6 and from 1e21 on.
  if (value !== 0 && (exponent < -4 || exponent >= 16))
    return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  const plain = exponent < 0 ? value.toFixed(digits.replace(/^-?\d\.?/, '').length - exponent) : String(value);
  return plain.includes('.') ? plain : `${plain}.0`;
}
