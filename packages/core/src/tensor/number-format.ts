// Numbers as Python's format specifications write them. JavaScript's own differ at exact halves, which it rounds up
// where Python takes the even digit, in the width of exponents, and in the names of the infinities.

/** `{:.<digits>f}` */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  const magnitude = Math.abs(value);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (magnitude >= 1e21) return `${sign}${BigInt(magnitude)}${digits > 0 ? `.${'0'.repeat(digits)}` : ''}`;
  return sign + toEven(magnitude.toFixed(digits), magnitude.toFixed(Math.min(100, digits + 40)), digits);
}

/** `{:.<digits>e}` */
export function scientific(value: number, digits: number): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  const magnitude = Math.abs(value);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [mantissa, exponent] = magnitude.toExponential(digits).split('e') as [string, string];
  const [exact, exactExponent] = magnitude.toExponential(Math.min(100, digits + 40)).split('e') as [string, string];
  const digitsOf = exponent === exactExponent ? toEven(mantissa, exact, digits) : mantissa;
  return `${sign}${digitsOf}e${exponent.startsWith('-') ? '-' : '+'}${exponent.slice(1).padStart(2, '0')}`;
}

function nonFinite(value: number): string {
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
}

/** Corrects an exact half that has been rounded up to an odd digit. */
function toEven(rounded: string, exact: string, digits: number): string {
  const kept = exact.slice(0, exact.indexOf('.') + 1 + digits);
  if (!/^50*$/.test(exact.slice(kept.length))) return rounded;
  const down = digits === 0 ? kept.slice(0, -1) : kept;
  return Number(down.at(-1)) % 2 === 0 ? down : rounded;
}
