import type { ConformanceReport } from '../runner/result.ts';

/** The report as JSON. Numbers that JSON lacks become the strings "Infinity", "-Infinity" and "NaN". */
export function reportToJson(report: ConformanceReport): string {
  return `${JSON.stringify(report, (_key, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value), 1)}\n`;
}
