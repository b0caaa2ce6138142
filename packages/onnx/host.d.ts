// What every JavaScript host has and the compiler's ES library does not declare. The package is built against this alone,
// so that it cannot come to need Node or a browser; tests see Node's own types instead.

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
