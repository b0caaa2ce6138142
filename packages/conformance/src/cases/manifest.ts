import type { Golden } from './golden-file.ts';

/** A value as a spec writes it: JSON in which strings such as `$x` and objects such as `{ layer: ... }` stand for more. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** How an input is handed over. */
export interface InputEntry {
  readonly requiresGrad?: boolean;
  /** The call gets a clone, so that it may change it in place. */
  readonly clone?: boolean;
}

/** What PyTorch said about any kind of case. */
interface Entry {
  readonly id: string;
  readonly seed?: number;
  readonly inputs?: { readonly [name: string]: InputEntry };
  /** Part of the message of the error that is expected. `null`: any message. */
  readonly error?: string | null;
  /** The result's structure, in which `{ $tensor: i }` is the golden `out.i`. */
  readonly result?: Json;
  /** Which tensors of the result require gradients. */
  readonly differentiable?: readonly number[];
  /** Names of goldens `grad.<name>`. */
  readonly gradients?: readonly string[];
  /** Names of goldens `grad2.<name>`: gradients of a function of the gradients. */
  readonly gradients2?: readonly string[];
  /** 2: also second derivatives. */
  readonly order?: number;
  /** Lines of Python that give what PyTorch gave, for people who want to see it. */
  readonly python?: readonly string[];
}

/** A call of a function or method. */
export interface CallEntry extends Entry {
  readonly call: string;
  readonly args?: readonly Json[];
  /** Inputs whose values are compared again after the call, as `after.<name>`. */
  readonly after?: readonly string[];
  /** Results by name whose squares are compared, since their signs are open. */
  readonly squared?: readonly string[];
}

/** A layer: made from its seed, called, differentiated. */
export interface LayerEntry extends Entry {
  readonly layer: string;
  readonly args?: readonly Json[];
  /** Functions that the layer is handed to before anything else, each with its further arguments. */
  readonly through?: readonly (readonly [string, ...Json[]])[];
  readonly mode?: 'train' | 'eval';
  readonly calls?: number;
  /** Arguments of the call. Default: every input. `null`: it is not called. */
  readonly forward?: readonly Json[] | null;
  readonly dtype?: 'float16' | 'float64';
  /** Its parameters exist after the first call. */
  readonly lazy?: boolean;
  readonly repr: string;
  /** The printed form of a lazy layer after its first call. */
  readonly reprAfter?: string;
  readonly state: readonly string[];
  /** Where it differs from `state`. */
  readonly parameters?: readonly string[];
  readonly buffers?: readonly string[];
}

/** A function of `nn.init`. */
export interface InitEntry extends Entry {
  readonly init: string;
  readonly args?: readonly Json[];
  readonly shape: readonly number[];
}

/** Some steps of an optimizer with given gradients, or with an objective of its own. */
export interface OptimizerEntry extends Entry {
  readonly optimizer: string;
  readonly options?: { readonly [key: string]: Json };
  readonly groups: readonly { readonly count: number; readonly options: { readonly [key: string]: Json } }[];
  readonly steps: number;
  readonly objective?: 'quadratic' | 'quartic';
  /** Before this step another optimizer takes over what the first one saved. */
  readonly resume?: number;
  /** The printed form after the last step. */
  readonly repr: string;
  /** What is saved after the last step: state by position and name, in which `{ $tensor: name }` is a golden and null anything, and options. */
  readonly saved: {
    readonly state: { readonly [position: string]: { readonly [name: string]: Json } };
    readonly groups: readonly (readonly (readonly [string, Json])[])[];
  };
}

/** Learning rates over some steps. */
export interface SchedulerEntry extends Entry {
  readonly scheduler: string;
  readonly args?: readonly Json[];
  readonly optimizer?: string;
  readonly options?: { readonly [key: string]: Json };
  readonly lrs?: readonly number[];
  readonly metrics?: readonly Json[];
  /** The steps that the scheduler is told to go to. */
  readonly epochs?: readonly number[];
  /** Before this step another scheduler takes over what the first one saved. */
  readonly resume?: number;
  readonly history: readonly (readonly number[])[];
  /** What the scheduler says that the rates are after the last step. */
  readonly last: readonly number[];
  /** What it saves then. */
  readonly saved: Json;
  readonly momenta?: readonly (readonly number[])[];
}

export type CaseEntry = CallEntry | LayerEntry | InitEntry | OptimizerEntry | SchedulerEntry;

/** One family of cases with what PyTorch gave. */
export interface Family {
  readonly name: string;
  readonly cases: readonly CaseEntry[];
  /** Goldens by `<id>#<name>`. */
  readonly goldens: ReadonlyMap<string, Golden>;
}
