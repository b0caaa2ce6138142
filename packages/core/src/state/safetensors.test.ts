import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import { StateFileError } from './state-file-error.ts';
import type { StoredTensor } from './stored-tensor.ts';

const fixtures = new URL('./fixtures/', import.meta.url);
const read = (name: string) => new Uint8Array(readFileSync(new URL(name, fixtures)));
type Described = Record<string, { dtype: string; shape: number[]; hex: string }>;
const expected = JSON.parse(readFileSync(new URL('expected.json', fixtures), 'utf8')) as Record<string, Described>;

function file(header: string | Uint8Array, dataBytes = 4, declared?: bigint): Uint8Array {
  const json = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(declared ?? BigInt(json.length));
  return new Uint8Array(Buffer.concat([length, json, Buffer.alloc(dataBytes)]));
}

const tensor = (dtype: string, shape: string, offsets: string) =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`;
const one = tensor('F32', '[1]', '[0,4]');

describe('decodeSafetensors', () => {
  test('reads what the official library wrote: every dtype, scalar, empty, unusual names, metadata', () => {
    const bytes = read('dtypes.safetensors');
    const { tensors, metadata } = decodeSafetensors(bytes);
    const golden = Object.entries(expected['dtypes.safetensors']!);
    expect(tensors.size).toBe(golden.length);
    for (const [path, { dtype, shape, hex }] of golden) {
      const found = tensors.get(path.slice(1))!;
      expect([path, found.dtype, found.shape, Buffer.from(found.data).toString('hex')]).toEqual([
        path,
        dtype,
        shape,
        hex,
      ]);
      expect(found.data.buffer, 'a view, not a copy').toBe(bytes.buffer);
    }
    expect({ ...metadata }).toEqual({ format: 'pt', naïve: 'quo"te\n' });
    expect(({} as Record<string, unknown>)['dtype']).toBeUndefined();
  });

  test('reads a file without tensors', () => {
    expect(decodeSafetensors(read('empty.safetensors')).tensors.size).toBe(0);
  });

  test('reads a file that does not begin at the start of its buffer', () => {
    const bytes = read('dtypes.safetensors');
    const padded = new Uint8Array(bytes.length + 7);
    padded.set(bytes, 3);
    expect(decodeSafetensors(padded.subarray(3, 3 + bytes.length)).tensors).toEqual(decodeSafetensors(bytes).tensors);
  });

  test('every truncation is refused', () => {
    const bytes = read('dtypes.safetensors');
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => decodeSafetensors(bytes.subarray(0, length)), `${length} bytes`).toThrow(StateFileError);
    }
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(), /0 bytes, too few/],
    [
      'a huge header length',
      file('{}', 0, 2n ** 64n - 1n),
      /claims 18446744073709551615 bytes, the format allows 100000000/,
    ],
    ['a header length over the limit', file('{}', 0, 100_000_001n), /the format allows/],
    ['a header length past the end', file('{}', 0, 3n), /claims 3 bytes but only 2 follow/],
    ['an empty header', file('', 0), /expected '\{'/],
    ['an array', file('[]', 0), /expected '\{'/],
    ['space before the header', file(` {"a":${one}}`), /expected '\{'/],
    ['text behind the header', file(`{"a":${one}} x`), /nothing but padding/],
    ['zeros behind the header', file(`{"a":${one}}\0`), /nothing but padding/],
    ['a byte order mark', file(`\ufeff{"a":${one}}`), /expected '\{'/],
    ['invalid UTF-8', file(new Uint8Array([0x7b, 0x22, 0xff, 0x22])), /not valid UTF-8/],
    ['a lone surrogate', file(`{"\\ud800":${one}}`), /a key, well formed/],
    ['an unknown escape', file(`{"\\x":${one}}`), /a key, well formed/],
    ['a control character', file(`{"a\n":${one}}`), /a key, well formed/],
    ['a string that does not end', file(`{"a\\"`), /a key, well formed/],
    ['a trailing comma', file(`{"a":${one},}`), /a key/],
    ['a tensor twice', file(`{"a":${one},"a":${one}}`), /key "a" appears twice in the header/],
    ['a tensor twice, once escaped', file(`{"a":${one},"\\u0061":${one}}`), /key "a" appears twice/],
    ['"__proto__" twice', file(`{"__proto__":${one},"__proto__":${one}}`), /key "__proto__" appears twice/],
    ['a field twice', file(`{"a":${one.replace('{', '{"dtype":"F32",')}}`), /key "dtype" appears twice in tensor "a"/],
    ['metadata twice', file(`{"__metadata__":{},"__metadata__":{},"a":${one}}`), /key "__metadata__" appears twice/],
    ['a metadata key twice', file(`{"__metadata__":{"k":"1","k":"2"},"a":${one}}`), /key "k" appears twice/],
    ['metadata that is no text', file(`{"__metadata__":{"k":1},"a":${one}}`), /expected a string/],
    ['metadata that is null', file(`{"__metadata__":null,"a":${one}}`), /expected '\{'/],
    ['an unknown field', file(`{"a":${one.replace('{', '{"device":"cpu",')}}`), /unknown field "device"/],
    ['deep nesting', file(`{"a":{"x":${'['.repeat(100_000)}`), /unknown field "x"/],
    ['deep nesting of a shape', file(`{"a":{"shape":${'['.repeat(100_000)}`), /expected a size/],
    ['deep nesting of objects', file('{"a":'.repeat(100_000)), /unknown field "a"/],
    ['no dtype', file('{"a":{"shape":[1],"data_offsets":[0,4]}}'), /lacks "dtype"/],
    ['no shape', file('{"a":{"dtype":"F32","data_offsets":[0,4]}}'), /lacks "shape"/],
    ['no offsets', file('{"a":{"dtype":"F32","shape":[1]}}'), /lacks "data_offsets"/],
    ['an array for a tensor', file('{"a":["F32",[1],[0,4]]}'), /expected '\{'/],
    ['an unknown dtype', file(`{"a":${tensor('F33', '[1]', '[0,4]')}}`), /dtype "F33", which Chimera does not read/],
    ['an inherited dtype', file(`{"a":${tensor('constructor', '[1]', '[0,4]')}}`), /dtype "constructor"/],
    ['a dtype that Chimera lacks', read('refused_float8.safetensors'), /dtype "F8_E4M3"/],
    ['a number for a dtype', file('{"a":{"dtype":1}}'), /expected a dtype/],
    ['a negative size', file(`{"a":${tensor('F32', '[-1]', '[0,4]')}}`), /non-negative integer/],
    ['minus zero', file(`{"a":${tensor('F32', '[1]', '[-0,4]')}}`), /non-negative integer/],
    ['a size with a fraction', file(`{"a":${tensor('F32', '[1.0]', '[0,4]')}}`), /non-negative integer/],
    ['a size with an exponent', file(`{"a":${tensor('F32', '[1e0]', '[0,4]')}}`), /non-negative integer/],
    ['a size with a leading zero', file(`{"a":${tensor('F32', '[01]', '[0,4]')}}`), /non-negative integer/],
    ['a size in a string', file(`{"a":${tensor('F32', '["1"]', '[0,4]')}}`), /non-negative integer/],
    ['a null shape', file(`{"a":${tensor('F32', 'null', '[0,4]')}}`), /expected '\['/],
    ['a size of 2^53', file(`{"a":${tensor('F32', '[9007199254740992]', '[0,4]')}}`), /below 2\^53/],
    ['a size of 30 digits', file(`{"a":${tensor('F32', `[${'9'.repeat(30)}]`, '[0,4]')}}`), /non-negative integer/],
    [
      'sizes whose product is inexact',
      file(`{"a":${tensor('F32', '[4503599627370496,4]', '[0,4]')}}`),
      /too many elements/,
    ],
    [
      'sizes that overflow before a zero',
      file(`{"a":${tensor('F32', '[4503599627370496,4,0]', '[0,0]')}}`, 0),
      /too many elements/,
    ],
    [
      'too few bytes for the shape',
      file(`{"a":${tensor('F32', '[2]', '[0,4]')}}`),
      /F32 of shape \[2\] needs 8 bytes, its offsets \[0, 4\) hold 4/,
    ],
    ['too many bytes for the shape', file(`{"a":${tensor('U8', '[3]', '[0,4]')}}`), /needs 3 bytes/],
    ['three offsets', file(`{"a":${tensor('F32', '[1]', '[0,4,4]')}}`), /must be \[begin, end\], found 3 numbers/],
    ['no offset', file(`{"a":${tensor('F32', '[1]', '[]')}}`), /found 0 numbers/],
    ['reversed offsets', file(`{"a":${tensor('F32', '[0]', '[4,0]')}}`), /ends before it begins/],
    [
      'offsets past the end',
      file(`{"a":${tensor('F32', '[2]', '[0,8]')}}`),
      /reaches past the end of the data, which has 4 bytes/,
    ],
    [
      'huge offsets',
      file(`{"a":${tensor('F32', '[1]', '[9007199254740980,9007199254740984]')}}`),
      /leaves bytes 0 to 9007199254740980 unused/,
    ],
    ['a gap in front', file(`{"a":${tensor('F32', '[1]', '[4,8]')}}`, 8), /leaves bytes 0 to 4 unused/],
    ['a gap between', file(`{"a":${one},"b":${tensor('F32', '[1]', '[8,12]')}}`, 12), /leaves bytes 4 to 8 unused/],
    ['bytes behind', file(`{"a":${one}}`, 5), /1 bytes at the end of the file belong to no tensor/],
    ['bytes without tensors', file('{}', 4), /4 bytes at the end/],
    [
      'overlapping tensors',
      file(`{"a":${tensor('F32', '[2]', '[0,8]')},"b":${tensor('F32', '[1]', '[4,8]')}}`, 8),
      /"b" at \[4, 8\) overlaps/,
    ],
    ['the same bytes twice', file(`{"a":${one},"b":${one}}`), /"b" at \[0, 4\) overlaps/],
    ['an empty tensor inside another', file(`{"a":${one},"b":${tensor('F32', '[0]', '[2,2]')}}`), /overlaps/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(StateFileError);
    expect(() => decodeSafetensors(bytes)).toThrow(message);
  });

  test.each<[string, Uint8Array, string[]]>([
    [
      'tensors in another order than their bytes',
      file(`{"b":${tensor('F32', '[]', '[4,8]')},"a":${one}}`, 8),
      ['b', 'a'],
    ],
    ['an empty tensor at the end', file(`{"a":${one},"z":${tensor('F32', '[0]', '[4,4]')}}`), ['a', 'z']],
    ['an empty tensor with a large size', file(`{"z":${tensor('F32', '[4503599627370496,0]', '[0,0]')}}`, 0), ['z']],
    [
      'white space between tokens',
      file(`{ "a" :\t{ "dtype": "F32" , "shape" : [ 1 ] ,\r\n"data_offsets" : [ 0 , 4 ] } }\n `),
      ['a'],
    ],
    ['escapes', file(`{"\\u00e9\\n\\ud83d\\ude42":${one}}`), ['é\n🙂']],
    ['an empty name', file(`{"":${one}}`), ['']],
  ])('reads %s', (_, bytes, names) => {
    expect([...decodeSafetensors(bytes).tensors.keys()]).toEqual(names);
  });

  test('a long name is cut in the message', () => {
    const name = 'n'.repeat(1_000_000);
    const decode = () => decodeSafetensors(file(`{"${name}":${one},"${name}":${one}}`));
    expect(decode).toThrow(/^safetensors: key "n{200}\.\.\." appears twice in the header$/);
  });

  test('refuses what is not bytes', () => {
    expect(() => decodeSafetensors(new ArrayBuffer(8) as unknown as Uint8Array)).toThrow(TypeError);
    expect(() => decodeSafetensors('{}' as unknown as Uint8Array)).toThrow(/expected a Uint8Array, found string/);
  });

  // A reader whose time grew with the square of the length would not come back within the minute.
  test('reads a long header', { timeout: 60_000 }, () => {
    const count = 200_000;
    const entries = Array.from({ length: count }, (_, index) => `"${index}":${tensor('F32', '[0]', '[0,0]')}`);
    expect(decodeSafetensors(file(`{${entries.join(',')}}`, 0)).tensors.size).toBe(count);
    const name = 'n'.repeat(5_000_000);
    expect(decodeSafetensors(file(`{"${name}":${one}}`)).tensors.has(name)).toBe(true);
  });
});

describe('encodeSafetensors', () => {
  const tensors = new Map<string, StoredTensor>([
    ['10', { dtype: 'U8', shape: [3], data: new Uint8Array([1, 2, 3]) }],
    ['9', { dtype: 'F32', shape: [], data: new Uint8Array([0, 0, 32, 64]) }],
    ['__proto__', { dtype: 'I64', shape: [1], data: new Uint8Array([5, 0, 0, 0, 0, 0, 0, 0]) }],
    ['größe "x"\n', { dtype: 'BF16', shape: [0, 2], data: new Uint8Array() }],
  ]);

  test('what it writes reads back, in order', () => {
    const decoded = decodeSafetensors(encodeSafetensors(tensors, { format: 'pt', b: '', a: 'é' }));
    expect([...decoded.tensors]).toEqual([...tensors]);
    expect(Object.entries(decoded.metadata)).toEqual([
      ['format', 'pt'],
      ['b', ''],
      ['a', 'é'],
    ]);
  });

  test('pads the header to 8 bytes and aligns every tensor to its element size', () => {
    const bytes = encodeSafetensors(tensors);
    const headerBytes = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(headerBytes % 8).toBe(0);
    const header = Buffer.from(bytes.subarray(8, 8 + headerBytes)).toString();
    expect(header).toMatch(/^\{.*\} *$/s);
    expect(header.length - header.trimEnd().length).toBeLessThan(8);
    const decoded = decodeSafetensors(bytes).tensors;
    expect(decoded.get('__proto__')!.data.byteOffset % 8).toBe(0);
    expect(decoded.get('9')!.data.byteOffset % 4).toBe(0);
  });

  test('is deterministic, and leaves an official file what it was', () => {
    expect(encodeSafetensors(tensors, { a: '1' })).toEqual(encodeSafetensors(new Map(tensors), { a: '1' }));
    const official = decodeSafetensors(read('dtypes.safetensors'));
    const again = decodeSafetensors(encodeSafetensors(official.tensors, official.metadata));
    expect([...again.tensors]).toEqual([...official.tensors]);
    expect(again.metadata).toEqual(official.metadata);
  });

  test('writes a file without tensors', () => {
    expect(encodeSafetensors(new Map())).toEqual(read('empty.safetensors'));
  });

  test.each<[string, string, StoredTensor, RegExp]>([
    ['the reserved name', '__metadata__', { dtype: 'U8', shape: [0], data: new Uint8Array() }, /reserves it/],
    ['a name that is no text', '\ud800', { dtype: 'U8', shape: [0], data: new Uint8Array() }, /not valid Unicode/],
    [
      'too few bytes',
      'w',
      { dtype: 'F32', shape: [2], data: new Uint8Array(4) },
      /tensor "w": F32 of shape \[2\] needs 8 bytes but data has 4/,
    ],
    ['a size with a fraction', 'w', { dtype: 'U8', shape: [1.5], data: new Uint8Array(1) }, /non-negative integers/],
    ['a negative size', 'w', { dtype: 'U8', shape: [-1, -1], data: new Uint8Array(1) }, /non-negative integers/],
    [
      'an unknown dtype',
      'w',
      { dtype: 'F8' as 'F16', shape: [1], data: new Uint8Array(1) },
      /dtype "F8" cannot be stored/,
    ],
  ])('refuses %s', (_, name, value, message) => {
    expect(() => encodeSafetensors(new Map([[name, value]]))).toThrow(message);
  });

  test('refuses metadata that is not text', () => {
    expect(() => encodeSafetensors(new Map(), { epoch: 3 as unknown as string })).toThrow(
      /metadata must be text, found number/,
    );
  });
});
