import { ChimeraError } from '../../errors.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { Block } from '../block.ts';
import { Parameter } from '../parameter.ts';
import { registered, typeName } from '../registration.ts';
import { resolveIndex } from './indexed.ts';

// PyTorch's two containers name types in two ways.
const tensorTypes = { float32: 'FloatTensor', float64: 'DoubleTensor', float16: 'HalfTensor', int32: 'LongTensor', bool: 'BoolTensor' };

/** How PyTorch prints one entry of a list or dict of parameters. */
function describeEntry(name: string, type: string, value: Tensor): string {
  return `(${name}): Parameter containing: [${type} of size ${value.shape.join('x')}]`;
}

/** Plain tensors become parameters, as in PyTorch. */
function asParameter(value: unknown): unknown {
  return value instanceof Tensor && !(value instanceof Parameter) ? new Parameter(value) : value;
}

function put(block: Block, name: string, value: unknown): void {
  Object.defineProperty(block, name, { value: asParameter(value), writable: true, enumerable: true, configurable: true });
}

/** Parameters in a list. Tensors that are put in become parameters. (PyTorch: `torch.nn.ParameterList`) */
export class ParameterList extends Block {
  constructor(values: Iterable<Tensor> | null = null) {
    super();
    if (values !== null) this.extend(values);
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
    if (!(value instanceof Tensor)) throw new TypeError(`ParameterList.append: expected a Tensor, got ${typeName(value)}`);
    put(this, String(this.length), value);
    return this;
  }
  /** Adds parameters at the end. (PyTorch: `extend`) */
  extend(values: Iterable<Tensor>): this {
    if (values === null || typeof values !== 'object' || !(Symbol.iterator in values) || values instanceof Tensor)
      throw new TypeError(`ParameterList.extend should be called with an iterable, but got ${typeName(values)}`);
    for (const value of values) this.append(value);
    return this;
  }
  *[Symbol.iterator](): IterableIterator<Parameter> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }
  override extraRepr(): string {
    return [...registered(this).parameters].map(([name, value]) => `  ${describeEntry(name, `torch.${value!.dtype === 'int32' ? 'int64' : value!.dtype}`, value!)}`).join('\n');
  }
}

/** Parameters by name, in order of insertion. Tensors that are put in become parameters. (PyTorch: `torch.nn.ParameterDict`) */
export class ParameterDict extends Block {
  constructor(values: ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>> | Iterable<readonly [string, Tensor]> | null = null) {
    super();
    if (values !== null) this.update(values);
  }

  /** The parameter of a name. Throws if there is none. (PyTorch: `dict[name]`) */
  get(name: string): Parameter {
    const parameter = registered(this).parameters.get(name);
    if (!parameter) throw new ChimeraError(`ParameterDict has no key '${name}'`);
    return parameter;
  }
  /** Puts a parameter under a name. (PyTorch: `dict[name] = p`) */
  set(name: string, value: Tensor): this {
    if (!(value instanceof Tensor)) throw new TypeError(`ParameterDict: expected a Tensor, got ${typeName(value)}`);
    put(this, name, value);
    return this;
  }
  /** Whether there is a parameter of a name. */
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
  /** Takes all parameters out. (PyTorch: `clear`) */
  clear(): void {
    for (const name of [...this.keys()]) this.delete(name);
  }
  /** Puts parameters under names. (PyTorch: `update`) */
  update(values: ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>> | Iterable<readonly [string, Tensor]>): this {
    const entries = values instanceof ParameterDict ? values.entries() : Symbol.iterator in values ? values : Object.entries(values);
    for (const [name, value] of entries as Iterable<readonly [string, Tensor]>) this.set(name, value);
    return this;
  }
  /** The number of parameters. */
  override get length(): number {
    return registered(this).parameters.size;
  }
  keys(): IterableIterator<string> {
    return registered(this).parameters.keys();
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
    return [...this.entries()].map(([name, value]) => `  ${describeEntry(name, `torch.${tensorTypes[value.dtype]}`, value)}`).join('\n');
  }
}
