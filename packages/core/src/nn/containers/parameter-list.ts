import { ChimeraError } from '../../errors.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { Block, selfKey } from '../block.ts';
import { Parameter } from '../parameter.ts';
import { registered, typeName } from '../registration.ts';
import { position, resolveIndex, sliced } from './indexed.ts';
import { requirePair } from './module-dict.ts';

// PyTorch's two containers name types in two ways.
const tensorTypes = {
  float32: 'FloatTensor',
  float64: 'DoubleTensor',
  float16: 'HalfTensor',
  int32: 'LongTensor',
  bool: 'BoolTensor',
};

/** How PyTorch prints one entry of a list or dict of parameters. */
function describeEntry(name: string, type: string, value: Tensor): string {
  return `  (${name}): Parameter containing: [${type} of size ${value.shape.join('x')}]`;
}

/** Plain tensors become parameters, as in PyTorch. */
function asParameter(value: unknown): unknown {
  return value instanceof Tensor && !(value instanceof Parameter)
    ? new Parameter(value, { requiresGrad: value.isFloatingPoint() })
    : value;
}

function put(block: Block, name: string, value: unknown): void {
  Object.defineProperty(block, name, {
    value: asParameter(value),
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

/** `list[-1]` and `list[0] = tensor` go by position. */
function indexingHandler(base: ProxyHandler<object>): ProxyHandler<object> {
  return {
    ...base,
    get(target, name, receiver) {
      if (typeof name === 'string' && position.test(name))
        return (target as { [selfKey]: ParameterList })[selfKey].at(Number(name));
      return Reflect.get(target, name, receiver);
    },
    set(target, name, value: unknown, receiver) {
      if (typeof name === 'string' && position.test(name)) {
        (target as { [selfKey]: ParameterList })[selfKey].set(Number(name), value as Tensor);
        return true;
      }
      return Reflect.set(target, name, value, receiver);
    },
  };
}

/** Parameters in a list. Tensors that are put in become parameters. (PyTorch: `torch.nn.ParameterList`) */
export class ParameterList extends Block {
  [index: number]: Parameter;

  constructor(values: Iterable<Tensor> | null = null) {
    super();
    if (values !== null) this.extend(values);
  }

  protected override proxyHandler(base: ProxyHandler<object>): ProxyHandler<object> {
    return indexingHandler(base);
  }

  override forward(): never {
    throw new ChimeraError('ParameterList should not be called.');
  }

  /** The number of parameters. (PyTorch: `len(list)`) */
  override get length(): number {
    return registered(this).parameters.size;
  }
  /** The parameter at a position; negative ones count from the end. (PyTorch: `list[i]`) */
  at(index: number): Parameter {
    return registered(this).parameters.get(String(resolveIndex(index, this.length)))!;
  }
  /** Puts a parameter at a position. (PyTorch: `list[i] = p`) */
  set(index: number, value: Tensor): this {
    put(this, String(resolveIndex(index, this.length)), value);
    return this;
  }
  /** Adds a parameter at the end. (PyTorch: `append`) */
  append(value: Tensor): this {
    if (!(value instanceof Tensor))
      throw new TypeError(`ParameterList.append: expected a Tensor, got ${typeName(value)}`);
    put(this, String(this.length), value);
    return this;
  }
  /** Adds parameters at the end. (PyTorch: `extend`, `list += values`) */
  extend(values: Iterable<Tensor>): this {
    if (
      values === null ||
      (typeof values !== 'object' && typeof values !== 'function') ||
      !(Symbol.iterator in values) ||
      values instanceof Tensor
    )
      throw new TypeError(`ParameterList.extend should be called with an iterable, but got ${typeName(values)}`);
    for (const value of Array.from(values)) this.append(value);
    return this;
  }
  /** A new ParameterList of the same parameters from `start` to before `end`. (PyTorch: `list[a:b:step]`) */
  slice(start?: number | null, end?: number | null, step = 1): ParameterList {
    return new ParameterList(sliced([...this], start, end, step));
  }
  *[Symbol.iterator](): IterableIterator<Parameter> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }
  override extraRepr(): string {
    return [...this]
      .map((value, i) => describeEntry(String(i), `torch.${value.dtype === 'int32' ? 'int64' : value.dtype}`, value))
      .join('\n');
  }
}

/** What a ParameterDict can be filled from. */
export type ParameterEntries =
  | ReadonlyMap<string, Tensor | null>
  | Readonly<Record<string, Tensor | null>>
  | Iterable<readonly [string, Tensor | null]>
  | ParameterDict;

/** Parameters by name, in order of insertion. Tensors that are put in become parameters. (PyTorch: `torch.nn.ParameterDict`) */
export class ParameterDict extends Block {
  /** `values`: see `update`. */
  constructor(values: ParameterEntries | null = null) {
    super();
    if (values !== null) this.update(values);
  }

  override forward(): never {
    throw new ChimeraError('ParameterDict should not be called.');
  }

  /** The parameter of a name, or `otherwise`. Throws if there is neither. (PyTorch: `dict[name]`, `get`) */
  get(name: string): Parameter;
  get<T>(name: string, otherwise: T): Parameter | T;
  get(name: string, ...otherwise: readonly unknown[]): unknown {
    const parameter = registered(this).parameters.get(name);
    if (parameter) return parameter;
    if (otherwise.length > 0) return otherwise[0];
    throw new ChimeraError(
      `ParameterDict has no key '${name}'; it has ${[...this.keys()].map((key) => `'${key}'`).join(', ') || 'none'}`,
    );
  }
  /** Puts a parameter under a name; `null` keeps the name for one. (PyTorch: `dict[name] = p`) */
  set(name: string, value: Tensor | null): this {
    if (typeof name !== 'string')
      throw new TypeError(
        `Index given to ParameterDict cannot be used as a key as it is not a string (type is '${typeName(name)}').`,
      );
    if (value !== null && !(value instanceof Tensor))
      throw new TypeError(`ParameterDict: expected a Tensor, got ${typeName(value)}`);
    if (value !== null) put(this, name, value);
    else if (this.has(name)) put(this, name, null);
    else this.registerParameter(name, null);
    return this;
  }
  /** Whether there is a parameter of a name. (PyTorch: `name in dict`) */
  has(name: string): boolean {
    return registered(this).parameters.has(name);
  }
  /** Takes a parameter out; false if there was none. (PyTorch: `del dict[name]`) */
  delete(name: string): boolean {
    return this.has(name) && Reflect.deleteProperty(this, name);
  }
  /** Takes a parameter out and gives it. (PyTorch: `pop`) */
  pop(name: string): Parameter {
    const parameter = this.get(name);
    this.delete(name);
    return parameter;
  }
  /** Takes the last parameter out and gives it with its name. (PyTorch: `popitem`) */
  popitem(): [string, Parameter | null] {
    const last = [...registered(this).parameters].at(-1);
    if (last === undefined) throw new ChimeraError('popitem(): dictionary is empty');
    this.delete(last[0]);
    return last;
  }
  /** The parameter of a name; without one, `value` is put there first. (PyTorch: `setdefault`) */
  setdefault(name: string, value: Tensor | null = null): Parameter | null {
    if (!this.has(name)) this.set(name, value);
    return registered(this).parameters.get(name) ?? null;
  }
  /** A new ParameterDict with `value` under every name. (PyTorch: `fromkeys`) */
  fromkeys(names: Iterable<string>, value: Tensor | null = null): ParameterDict {
    return new ParameterDict([...names].map((name) => [name, value] as const));
  }
  /** A new ParameterDict of the same parameters. (PyTorch: `copy`) */
  copy(): ParameterDict {
    return new ParameterDict(new Map(registered(this).parameters));
  }
  /** A new ParameterDict of this one's parameters and then another's. (PyTorch: `a | b`) */
  union(other: ParameterDict): ParameterDict {
    return this.copy().update(other);
  }
  /** Takes all parameters out. (PyTorch: `clear`) */
  clear(): void {
    for (const name of this.keys()) this.delete(name);
  }
  /**
   * Puts parameters under names. Maps, pairs and other ParameterDicts keep their order; a plain object is sorted by name,
   * as PyTorch sorts a dict. (PyTorch: `update`, `dict |= other`)
   */
  update(values: ParameterEntries): this {
    if (
      values === null ||
      typeof values === 'undefined' ||
      (typeof values !== 'object' && !(values instanceof ParameterDict))
    )
      throw new TypeError(
        `ParametersDict.update should be called with an iterable of key/value pairs, but got ${typeName(values)}`,
      );
    for (const [i, entry] of [...entriesOf(values)].entries()) {
      requirePair('ParameterDict', i, entry);
      this.set(entry[0], entry[1]);
    }
    return this;
  }
  /** The number of parameters. (PyTorch: `len(dict)`) */
  override get length(): number {
    return registered(this).parameters.size;
  }
  keys(): IterableIterator<string> {
    return registered(this).parameters.keys();
  }
  /** The names from the last to the first. (PyTorch: `reversed(dict)`) */
  reversed(): IterableIterator<string> {
    return [...this.keys()].reverse().values();
  }
  values(): IterableIterator<Parameter> {
    return registered(this).parameters.values() as IterableIterator<Parameter>;
  }
  /** Names and parameters. (PyTorch: `items`) */
  entries(): IterableIterator<[string, Parameter]> {
    return registered(this).parameters.entries() as IterableIterator<[string, Parameter]>;
  }
  /** As `entries`. */
  items(): IterableIterator<[string, Parameter]> {
    return this.entries();
  }
  [Symbol.iterator](): IterableIterator<string> {
    return this.keys();
  }
  override extraRepr(): string {
    return [...registered(this).parameters]
      .map(([name, value]) =>
        value === null
          ? `  (${name}): Object of type: NoneType`
          : describeEntry(name, `torch.${tensorTypes[value.dtype]}`, value),
      )
      .join('\n');
  }
}

function entriesOf(values: ParameterEntries): Iterable<readonly [string, Tensor | null]> {
  if (values instanceof ParameterDict) return registered(values).parameters;
  if (Symbol.iterator in values) return values as Iterable<readonly [string, Tensor | null]>;
  return Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
