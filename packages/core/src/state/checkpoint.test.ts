import { readFileSync } from 'node:fs';
import { unzipSync, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { isStoredTensor } from './checkpoint-value.ts';
import type { CheckpointValue } from './checkpoint-value.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import { StateFileError } from './state-file-error.ts';
import type { StoredTensor } from './stored-tensor.ts';

const fixtures = new URL('./fixtures/', import.meta.url);
const read = (name: string) => new Uint8Array(readFileSync(new URL(name, fixtures)));
type Described = Record<string, { dtype: string; shape: number[]; hex: string }>;
const expected = JSON.parse(readFileSync(new URL('expected.json', fixtures), 'utf8')) as Record<string, Described>;

function* tensorsOf(value: CheckpointValue, path = ''): Generator<[string, StoredTensor]> {
  if (isStoredTensor(value)) yield [path, value];
  else if (value instanceof Map) for (const [key, item] of value) yield* tensorsOf(item, `${path}/${key}`);
  else if (Array.isArray(value))
    for (const [index, item] of value.entries()) yield* tensorsOf(item as CheckpointValue, `${path}/${index}`);
}

function described(value: CheckpointValue): Described {
  return Object.fromEntries(
    [...tensorsOf(value)].map(([path, { dtype, shape, data }]) => [
      path,
      { dtype, shape, hex: Buffer.from(data).toString('hex') },
    ]),
  );
}

function entry(value: CheckpointValue | undefined, ...path: (string | number)[]): CheckpointValue {
  let found = value;
  for (const step of path)
    found = found instanceof Map ? found.get(step) : (found as readonly CheckpointValue[])[step as number];
  return found!;
}

/** Pickle programs, written as text: a backslash escape per byte that is not ASCII. */
const latin1 = (program: string) => new Uint8Array(Buffer.from(program, 'latin1'));
const text = (value: string) => `X${String.fromCharCode(value.length)}\0\0\0${value}`;
const storage = (type: string, key: string, count: number) =>
  `(${text('storage')}ctorch\n${type}\n${text(key)}${text('cpu')}K${String.fromCharCode(count)}tQ`;
const int = (value: number) => `J${Buffer.from(new Int32Array([value]).buffer).toString('latin1')}`;
const tuple = (values: number[]) => `(${values.map(int).join('')}t`;
const rebuild = (window: { storage?: string; offset?: number; shape: number[]; strides: number[] }) =>
  `ctorch._utils\n_rebuild_tensor_v2\n(${window.storage ?? storage('FloatStorage', '0', 6)}${int(window.offset ?? 0)}${tuple(window.shape)}${tuple(window.strides)}\x89ccollections\nOrderedDict\n)RtR`;

/** Six F32 elements in record data/0. */
const records = { 'data/0': new Uint8Array(new Float32Array([0, 1, 2, 3, 4, 5]).buffer) };

function archive(program: string, extra: Record<string, Uint8Array> = records, level: 0 | 6 = 0): Uint8Array {
  const files = { 'data.pkl': latin1(program), ...extra };
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, data]) => [`a/${name}`, data])), { level });
}

const run = (body: string) => decodeCheckpoint(archive(`\x80\x02${body}.`));

describe('decodeCheckpoint reads what PyTorch wrote', () => {
  test.each(Object.keys(expected).filter((name) => name.endsWith('.pt')))('%s', (name) => {
    expect(described(decodeCheckpoint(read(name)))).toEqual(expected[name]);
  });

  test.each(['values.pt', 'values_protocol4.pt'])('plain values of %s', (name) => {
    const values = decodeCheckpoint(read(name));
    expect(values).toEqual(
      new Map<string, unknown>([
        ['none', null],
        ['true', true],
        ['false', false],
        [
          'integers',
          [0, 255, 256, 65535, 65536, -1, -(2 ** 31), 2 ** 31, 2 ** 53 - 1, -(2 ** 53) + 1, 2n ** 53n, -(2n ** 70n)],
        ],
        ['floats', [0.5, -0, 1e300, Infinity, -Infinity, NaN]],
        ['text', 'größe 重み 🙂'],
        ['bytes', Uint8Array.from({ length: 256 }, (_, index) => index)],
        ['no bytes', new Uint8Array()],
        ['tuples', [[], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4]]],
        ['list', [[], [1, [2]]]],
        ['set', new Set([1])],
        ['no set', new Set()],
        [
          'dict',
          new Map<unknown, string>([
            [1, 'int key'],
            ['1', 'str key'],
            [null, 'none key'],
            [2.5, 'float key'],
          ]),
        ],
        [
          'ordered',
          new Map([
            ['z', 1],
            ['a', 2],
          ]),
        ],
        ['size', { torch: 'size', dims: [2, 3] }],
        [
          'devices',
          [
            { torch: 'device', device: 'cpu' },
            { torch: 'device', device: 'cuda:1' },
          ],
        ],
        ['dtypes', ['float32', 'bfloat16', 'int64', 'bool'].map((dtype) => ({ torch: 'dtype', dtype }))],
        ['__proto__', new Map([['polluted', true]])],
      ]),
    );
    expect(Object.isFrozen(entry(values, 'tuples'))).toBe(true);
    expect(Object.isFrozen(entry(values, 'list'))).toBe(false);
    expect(Object.is(entry(values, 'floats', 1), -0)).toBe(true);
    expect([...(entry(values, 'ordered') as Map<string, number>).keys()]).toEqual(['z', 'a']);
  });

  test('a long list, beyond one byte of memo and one batch of APPENDS', () => {
    expect(decodeCheckpoint(read('long.pt'))).toEqual(Array.from({ length: 1500 }, (_, index) => `entry ${index}`));
  });

  test('a Counter, as schedulers keep milestones', () => {
    expect(run('ccollections\nCounter\n}(K\x02K\x01K\x04K\x03u\x85R')).toEqual(
      new Map([
        [2, 1],
        [4, 3],
      ]),
    );
    expect(() => run(`ccollections\nCounter\n${text('ab')}\x85R`)).toThrow(/Counter of something that is not a dict/);
  });

  test('a training checkpoint keeps its structure', () => {
    const training = decodeCheckpoint(read('training.pt'));
    expect(entry(training, 'epoch')).toBe(3);
    expect([...(entry(training, 'model') as Map<string, CheckpointValue>).keys()]).toEqual([
      '0.weight',
      '0.bias',
      '1.weight',
      '1.bias',
      '1.running_mean',
      '1.running_var',
      '1.num_batches_tracked',
      '2.weight',
      '2.bias',
    ]);
    expect(entry(training, 'optimizer', 'param_groups', 0, 'lr')).toBe(0.01);
    expect(entry(training, 'optimizer', 'param_groups', 0, 'betas')).toEqual([0.9, 0.999]);
  });

  test('shared storages stay shared where they are contiguous', () => {
    const tied = decodeCheckpoint(read('tied.pt'));
    const [encoder, decoder] = [entry(tied, 'encoder.weight'), entry(tied, 'decoder.weight')] as StoredTensor[];
    expect(decoder!.data.buffer).toBe(encoder!.data.buffer);
    expect(decoder!.data.byteOffset).toBe(encoder!.data.byteOffset);
  });
});

describe('decodeCheckpoint refuses', () => {
  test.each<[string, RegExp]>([
    ['refused_command.pt', /the file wants "(posix|nt)\.system", which is refused/],
    ['refused_model.pt', /"torch\.nn\.modules\.linear\.Linear", which is refused.*state_dict/],
    ['refused_complex.pt', /"torch\.ComplexFloatStorage" holds a dtype that Chimera does not read/],
    ['refused_uint16.pt', /"torch\._utils\._rebuild_tensor_v3", which is refused/],
    ['refused_negative.pt', /metadata/],
    ['refused_legacy.pt', /PyTorch before 1\.6/],
    ['refused_torchscript.pt', /TorchScript/],
    ['dtypes.safetensors', /not a file of torch\.save/],
  ])('%s', (name, message) => {
    expect(() => decodeCheckpoint(read(name))).toThrow(StateFileError);
    expect(() => decodeCheckpoint(read(name))).toThrow(message);
  });

  test.each(['dtypes.pt', 'values.pt', 'values_protocol4.pt', 'tied.pt'])('every truncation of %s', (name) => {
    const bytes = read(name);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => decodeCheckpoint(bytes.subarray(0, length)), `${length} bytes`).toThrow(StateFileError);
    }
  });

  test.each(['dtypes.pt', 'values.pt', 'values_protocol4.pt', 'tied.pt'])(
    'every truncation of the pickle in %s',
    (name) => {
      const files = unzipSync(read(name));
      const pickle = Object.keys(files).find((path) => path.endsWith('/data.pkl'))!;
      const whole = files[pickle]!;
      for (let length = 0; length < whole.length; length += 1) {
        const bytes = zipSync({ ...files, [pickle]: whole.subarray(0, length) }, { level: 0 });
        expect(() => decodeCheckpoint(bytes), `${length} bytes`).toThrow(StateFileError);
      }
    },
  );

  test.each<[string, string, RegExp]>([
    ['a function by its full name', 'cbuiltins\neval\n(X\x01\0\0\x001tR', /"builtins\.eval", which is refused/],
    ['a function named on the stack', '\x8c\x08builtins\x8c\x04eval\x93', /"builtins\.eval", which is refused/],
    ['a name that an object inherits', 'ctorch\nconstructor\n', /"torch\.constructor"/],
    ['a class that is instantiated without a call', 'ccollections\nOrderedDict\n)\x81', /instruction 0x81/],
    ['an instruction of protocol 0', 'I1\n', /instruction 0x49/],
    ['protocol 1', '\x80\x01N', /protocol 1/],
    ['protocol 6', '\x80\x06N', /protocol 6/],
    ['values left over', 'NN', /values are left over/],
    ['a mark left over', '(N', /values are left over/],
    ['an empty stack', '', /stack is empty/],
    ['a tuple of a stack too small', 'N\x86', /stack is empty/],
    ['items without a mark', ']e', /there is no mark/],
    ['a memo that was not filled', 'h\x05', /nothing was remembered as 5/],
    ['text longer than the file', 'X\xff\xff\xff\xffa', /truncated: 4294967295 bytes needed/],
    ['text of 2^64 bytes', '\x8d\xff\xff\xff\xff\xff\xff\xff\xffa', /truncated/],
    ['bytes longer than the file', 'B\xff\xff\xff\xffa', /truncated/],
    ['a frame longer than the file', '\x95\xff\xff\xff\xff\xff\xff\xff\xffN', /frame reaches past the end/],
    ['a huge integer', '\x8b\xff\xff\xff\x7f', /an integer of 2147483647 bytes/],
    ['text that is no UTF-8', 'X\x01\0\0\0\xff', /not valid UTF-8/],
    ['a name that does not end', 'cposix', /a name does not end/],
    ['appending to a dict', '}Na', /not a list/],
    ['an item of a list', ']NNs', /not a dict/],
    ['a key without a value', '}(Nu', /a key without a value/],
    ['a list for a key', '}]Ns', /a key of a dict/],
    ['a tuple for a key', '})Ns', /a key of a dict/],
    ['a call of a string', `${text('f')})R`, /not a function/],
    ['arguments that are a list', 'ccollections\nOrderedDict\n]R', /not a tuple/],
    ['a class on its own', 'ccollections\nOrderedDict\n', /collections\.OrderedDict on its own/],
    ['a storage on its own', storage('FloatStorage', '0', 6), /a storage on its own/],
    ['a storage type in a list', ']ctorch\nFloatStorage\na', /a storage on its own/],
    ['attributes for a dict', '}}b', /attributes for something/],
    ['attributes for a tensor', `${rebuild({ shape: [6], strides: [1] })}}b`, /attributes for something/],
    ['a persistent id that is no storage', `${text('x')}Q`, /not a storage/],
    ['a list that holds itself', ']q\x00h\x00a', /holds itself/],
    ['a dict that holds itself', '}q\x00Nh\x00s', /holds itself/],
    ['a loop through a tuple', ']q\x00h\x00\x85a', /holds itself/],
    ['deep nesting', `${']'.repeat(10_000)}${'a'.repeat(9_999)}`, /nested more than 256 deep/],
    ['deep nesting of tuples', `)${'\x85'.repeat(100_000)}`, /nested more than 256 deep/],
    ['depth through shared parts', `)${'\x85'.repeat(200)}q\x00\x85${'\x85'.repeat(100)}`, /nested more than 256 deep/],
    [
      'doubling',
      `N${Array.from({ length: 60 }, (_, index) => `\x85q${String.fromCharCode(index)}h${String.fromCharCode(index)}\x86`).join('')}`,
      /repeat one another too often/,
    ],
  ])('%s', (_, body, message) => {
    expect(() => run(body)).toThrow(StateFileError);
    expect(() => run(body)).toThrow(message);
  });

  test.each<[string, Parameters<typeof rebuild>[0], RegExp]>([
    ['one element too many', { shape: [7], strides: [1] }, /reaches element 6 of a storage of 6/],
    ['an offset too far', { offset: 1, shape: [6], strides: [1] }, /reaches element 6 of a storage of 6/],
    ['a stride too far', { shape: [2], strides: [6] }, /reaches element 6/],
    ['huge strides', { shape: [65536, 65536], strides: [2 ** 31 - 1, 2 ** 31 - 1] }, /of a storage of 6/],
    ['a negative size', { shape: [-1], strides: [1] }, /not a non-negative integer/],
    ['a negative stride', { offset: 5, shape: [6], strides: [-1] }, /not a non-negative integer/],
    ['a negative offset', { offset: -1, shape: [6], strides: [1] }, /strides and offset must be non-negative/],
    ['too few strides', { shape: [2, 3], strides: [1] }, /one stride per size/],
    ['an inexact product', { shape: [2 ** 30, 2 ** 30, 2 ** 30], strides: [0, 0, 0] }, /exact product/],
    ['a large expansion', { shape: [2 ** 30], strides: [0] }, /bytes would be copied/],
    [
      '65 dimensions',
      { shape: new Array<number>(65).fill(1), strides: new Array<number>(65).fill(1) },
      /at most 64 sizes/,
    ],
    [
      'a missing storage',
      { storage: storage('FloatStorage', '1', 6), shape: [6], strides: [1] },
      /storage "1" is not in the archive/,
    ],
    [
      'a storage that leads elsewhere',
      { storage: storage('FloatStorage', '../data.pkl', 6), shape: [6], strides: [1] },
      /is not in the archive/,
    ],
    [
      'a storage with another size',
      { storage: storage('FloatStorage', '0', 5), shape: [5], strides: [1] },
      /5 F32 needs 20 bytes but its record has 24/,
    ],
    [
      'a storage with another dtype',
      { storage: storage('HalfStorage', '0', 6), shape: [6], strides: [1] },
      /6 F16 needs 12 bytes/,
    ],
  ])('a tensor with %s', (_, window, message) => {
    expect(() => run(rebuild(window))).toThrow(StateFileError);
    expect(() => run(rebuild(window))).toThrow(message);
  });

  test('copies that add up, however small the pickle that asks for them', () => {
    const expansion = rebuild({ shape: [1 << 20], strides: [0] });
    const many = `\x80\x02](${expansion.repeat(20)}e.`;
    expect(() => decodeCheckpoint(archive(many))).toThrow(/bytes would be copied/);
    const list = decodeCheckpoint(archive(many), { maxCopiedBytes: 100 * 2 ** 20 }) as StoredTensor[];
    expect(list.map(({ data }) => data.length)).toEqual(new Array(20).fill(4 << 20));
    const sets = `](${'K\x01'.repeat(100_000)}eq\x00${'cbuiltins\nset\nh\x00\x85R'.repeat(5_000)}`;
    expect(() => run(`(${sets}t`)).toThrow(/bytes would be copied/);
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['no pickle', zipSync({ 'a/version': latin1('3') }, { level: 0 }), /one record data\.pkl, found 0/],
    ['two pickles', zipSync({ 'a/data.pkl': latin1('N.'), 'b/data.pkl': latin1('N.') }, { level: 0 }), /found 2/],
    [
      'a record outside of the folder',
      zipSync({ __proto__x: latin1('N.') }, { level: 0 }),
      /not in the archive's folder/,
    ],
    ['compressed records', archive('\x80\x02N.', { 'data/0': new Uint8Array(100_000) }, 6), /is compressed/],
    ['an unknown byte order', archive('\x80\x02N.', { byteorder: latin1('middle') }), /unknown byte order "middle"/],
    ['a version of the future', archive('\x80\x02N.', { version: latin1('11\n') }), /version "11"/],
    ['a version that is no number', archive('\x80\x02N.', { version: latin1('1e1') }), /version "1e1"/],
  ])('an archive with %s', (_, bytes, message) => {
    expect(() => decodeCheckpoint(bytes)).toThrow(StateFileError);
    expect(() => decodeCheckpoint(bytes)).toThrow(message);
  });

  test('an archive whose directory claims more than the file can hold, quickly', () => {
    // The real record's directory entry, first with a size of 4 GiB, then listed 65535 times.
    const bytes = archive('\x80\x02N.', {});
    const directory = Buffer.from(bytes).indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    const large = Uint8Array.from(bytes);
    large.fill(0xf0, directory + 20, directory + 28);
    expect(() => decodeCheckpoint(large)).toThrow(/claim more bytes than the file has/);
    const repeated = Uint8Array.from(bytes);
    repeated.fill(0xff, bytes.length - 14, bytes.length - 10);
    expect(() => decodeCheckpoint(repeated)).toThrow(StateFileError);
    // The same through a 64-bit directory that claims four billion entries.
    const wide = Buffer.from(read('values.pt'));
    const end64 = wide.lastIndexOf(Buffer.from([0x50, 0x4b, 6, 6]));
    wide.fill(0xff, end64 + 24, end64 + 40);
    expect(() => decodeCheckpoint(new Uint8Array(wide))).toThrow(StateFileError);
  });

  test('a big-endian tensor is swapped element by element', () => {
    const value = decodeCheckpoint(
      archive(`\x80\x02${rebuild({ shape: [6], strides: [1] })}.`, { ...records, byteorder: latin1('big') }),
    );
    expect([...(value as StoredTensor).data.subarray(4, 8)]).toEqual([0x3f, 0x80, 0, 0]);
  });
});

describe('encodeCheckpoint', () => {
  test.each(Object.keys(expected).filter((name) => name.endsWith('.pt')))('what %s holds reads back', (name) => {
    const value = decodeCheckpoint(read(name));
    const again = decodeCheckpoint(encodeCheckpoint(value));
    expect(again).toEqual(value);
    expect(encodeCheckpoint(again)).toEqual(encodeCheckpoint(value));
  });

  test('integers, floats and tuples keep their kind', () => {
    const values = [
      0,
      -1,
      127,
      128,
      255,
      256,
      -256,
      2 ** 31 - 1,
      2 ** 31,
      -(2 ** 31) - 1,
      2 ** 53 - 1,
      2n ** 64n,
      -(2n ** 63n),
      0.1,
      -0,
      NaN,
      2 ** 60,
    ];
    const decoded = decodeCheckpoint(encodeCheckpoint(Object.freeze([...values]))) as readonly CheckpointValue[];
    expect(decoded).toEqual(values);
    expect(Object.isFrozen(decoded)).toBe(true);
    expect(Object.is(decoded[14], -0)).toBe(true);
  });

  test('the same bytes are stored once, and aligned to 64', () => {
    const data = new Uint8Array(new Float32Array([1, 2, 3, 4]).buffer);
    const tied: StoredTensor = { dtype: 'F32', shape: [4], data };
    const value = new Map<string, CheckpointValue>([
      ['a', tied],
      ['b', { ...tied, shape: [2, 2] }],
      ['c', { ...tied, data: data.slice() }],
    ]);
    const bytes = encodeCheckpoint(value);
    const found = unzipSync(bytes);
    expect(Object.keys(found)).toEqual([
      'archive/data.pkl',
      'archive/byteorder',
      'archive/data/0',
      'archive/data/1',
      'archive/version',
    ]);
    const at = Buffer.from(bytes).indexOf(Buffer.from(data));
    expect(at % 64).toBe(0);
    const decoded = decodeCheckpoint(bytes) as Map<string, StoredTensor>;
    expect(decoded.get('a')!.data.buffer).toBe(decoded.get('b')!.data.buffer);
    expect(decoded.get('c')!.data.buffer).not.toBe(decoded.get('a')!.data.buffer);
  });

  const loop: CheckpointValue[] = [];
  loop.push(loop);
  test.each<[string, unknown, RegExp]>([
    ['a loop', loop, /hold themselves/],
    ['a plain object', { lr: 0.1 }, /use a Map for a dict/],
    ['undefined', [undefined], /a value of type undefined cannot be written/],
    ['a function', () => 1, /cannot be written/],
    ['a key that is a list', new Map([[[], 1]]), /keys must be/],
    ['text that is no text', '\ud800', /not valid Unicode/],
    ['an unknown dtype', { torch: 'dtype', dtype: 'float33' }, /no dtype "float33"/],
    ['a tensor without enough bytes', { dtype: 'F32', shape: [2], data: new Uint8Array(4) }, /needs 8 bytes/],
  ])('refuses %s', (_, value, message) => {
    expect(() => encodeCheckpoint(value as CheckpointValue)).toThrow(StateFileError);
    expect(() => encodeCheckpoint(value as CheckpointValue)).toThrow(message);
  });
});
