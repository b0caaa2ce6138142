import { requireOptions } from './operand.ts';

/** How tensors are printed. */
export interface PrintOptions {
  /** Digits after the point. Default 4. */
  precision: number;
  /** Tensors of more elements are abbreviated. Default 1000. */
  threshold: number;
  /** Elements that an abbreviated dimension shows at its beginning and end. Default 3. */
  edgeitems: number;
  /** Characters per line. Default 80. */
  linewidth: number;
  /** Whether numbers are written with exponents; `null`: where they need it. Default `null`. */
  sciMode: boolean | null;
}

/** What `setPrintoptions` takes: options, or a set of them by name. */
export interface PrintOptionsChange extends Partial<PrintOptions> {
  /** `default`; `short`: 2 digits, 2 edge items; `full`: nothing is abbreviated. */
  profile?: 'default' | 'short' | 'full';
}

const defaults: PrintOptions = { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80, sciMode: null };
const profiles = {
  default: { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80 },
  short: { precision: 2, threshold: 1000, edgeitems: 2, linewidth: 80 },
  full: { precision: 4, threshold: Number.POSITIVE_INFINITY, edgeitems: 3, linewidth: 80 },
} as const;
const keys = ['precision', 'threshold', 'edgeitems', 'linewidth', 'sciMode'] as const;

let current: PrintOptions = defaults;

/** Sets how tensors are printed from now on. As in PyTorch, `sciMode` returns to `null` unless it is given. (PyTorch: `torch.set_printoptions`) */
export function setPrintoptions(options: PrintOptionsChange = {}): void {
  current = changed(current, options, true);
}

/** How tensors are printed. (PyTorch: `torch.get_printoptions`) */
export function getPrintoptions(): PrintOptions {
  return { ...current };
}

/** The current options with changes for one call. */
export function printOptionsWith(options: PrintOptionsChange): PrintOptions {
  return changed(current, options, false);
}

function changed(from: PrintOptions, options: PrintOptionsChange, resetsMode: boolean): PrintOptions {
  requireOptions('set_printoptions', options, ['profile', ...keys]);
  const { profile, ...rest } = options;
  if (profile !== undefined && !Object.hasOwn(profiles, profile))
    throw new TypeError(`set_printoptions: profile must be 'default', 'short' or 'full', got '${profile}'`);
  const result: PrintOptions = {
    ...from,
    ...(resetsMode && { sciMode: null }),
    ...(profile === undefined ? {} : profiles[profile]),
  };
  for (const key of keys) {
    const value = rest[key];
    if (value === undefined) continue;
    if (key !== 'sciMode' && (typeof value !== 'number' || !(value >= 0)))
      throw new TypeError(`set_printoptions: ${key} must be a number, got ${String(value)}`);
    Object.assign(result, { [key]: value });
  }
  return result;
}
