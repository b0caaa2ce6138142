let isOn = true;

/** Whether initialisation puts values into tensors. */
export function isFilling(): boolean {
  return isOn;
}

/** Runs `body` while functions of `nn.init` do nothing. */
export function withoutFilling<T>(body: () => T): T {
  const before = isOn;
  isOn = false;
  try {
    return body();
  } finally {
    isOn = before;
  }
}
