/**
 * What a layer's `forward` takes after its inputs: values in PyTorch's order, ended by an options object or not. A union of
 * tuples would say which comes where, but a layer with such a `forward` is not assignable to `Block`.
 */
export type CallArguments<Options> = readonly (Options | Options[keyof Options])[];
