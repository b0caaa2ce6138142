import { expect, test } from 'vitest';
import { zeros } from '../tensor/creation.ts';
import { decode, encodeState } from './save.ts';

test('a bare pickle is named as such, and not taken for safetensors', () => {
  // How torch.save began a file before version 1.6.
  const old = Uint8Array.of(0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e);
  expect(() => decode(old)).toThrow('before PyTorch 1.6');
});

test('a safetensors file whose header begins like a pickle is read', async () => {
  for (let filler = 0; filler < 1000; filler++) {
    const bytes = await encodeState({ x: zeros([1], { device: null }) }, { note: ' '.repeat(filler) });
    if (bytes[0] !== 0x80 || bytes[1] !== 0x02) continue;
    expect([...decode(bytes).keys()]).toEqual(['x']);
    return;
  }
  expect.fail('no header of 640 bytes');
});
