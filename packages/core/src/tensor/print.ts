import { Tensor } from './tensor.ts';

/**
 * Writes values to the console, separated by spaces: tensors as PyTorch prints them, everything else as `String` gives
 * it. (Python: `print`, but asynchronous)
 */
export async function print(...values: readonly unknown[]): Promise<void> {
  const texts = await Promise.all(
    values.map(async (value) => (value instanceof Tensor ? value.format() : String(value))),
  );
  console.log(texts.join(' '));
}
