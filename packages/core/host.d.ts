// What every JavaScript host has and the compiler's ES library does not declare. Core is built against this alone,
// so that it cannot come to need Node or a browser; tests see Node's own types instead.

declare const console: {
  log(...values: unknown[]): void;
  warn(message: string): void;
};

declare function structuredClone<T>(value: T): T;
