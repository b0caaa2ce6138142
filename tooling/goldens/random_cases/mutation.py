"""Breaks calls, so that PyTorch refuses most of them."""


def broken(d, case):
    """The case with some numbers, shapes and dtypes changed."""
    inputs = case["inputs"]
    specs = inputs.items() if isinstance(inputs, dict) else enumerate(inputs)
    changed = {name: broken_input(d, spec) for name, spec in specs}
    arguments = broken_argument(d, case["args"]) if case.get("args") and d.chance(0.7) else case.get("args")
    case = {**case, "args": arguments, "inputs": changed if isinstance(inputs, dict) else list(changed.values())}
    return {key: value for key, value in case.items() if key not in ("order", "squared", "after")}


def broken_argument(d, value):
    if isinstance(value, list):
        return [broken_argument(d, entry) for entry in value]
    if isinstance(value, dict) and "layer" not in value:
        return {key: broken_argument(d, entry) for key, entry in value.items()}
    if isinstance(value, int) and not isinstance(value, bool) and d.chance(0.35):
        return value + d.pick(-7, -3, -1, 1, 3, 7)
    return value


def broken_input(d, spec):
    spec = dict(spec)
    # Where a list of values or a square matrix is drawn, the shape is not free.
    if "shape" in spec and spec.get("fill", "randn") not in ("definite", "symmetric") and d.chance(0.3):
        spec["shape"] = broken_shape(d, spec["shape"])
    if "shape" in spec and d.chance(0.1):
        spec["dtype"] = d.pick("int32", "bool", "float64")
        spec["fill"] = {"int32": "int:0:4", "bool": "bool", "float64": "randn"}[spec["dtype"]]
        spec.pop("requiresGrad", None)
    return spec


def broken_shape(d, shape):
    shape = list(shape)
    if not shape or d.chance(0.3):
        return [*shape, d.whole(1, 3)]
    if d.chance(0.5):
        shape[d.whole(0, len(shape) - 1)] += d.pick(1, 2)
        return shape
    return shape[:-1]


# What PyTorch says where it has a limit of its own, or where Python is at fault, not the numbers.
FOREIGN = [
    "not implemented",
    "unexpected keyword",
    "missing",
    "argument",
    "not supported",
    "only supports",
    "no counterpart",
    "Could not run",
    "Autograd not support dtype",
    # Kernels that do not promote, where others do.
    "input tensors must have the same dtype",
    "Expected both inputs to be Half",
    "expected scalar type",
    "desired output type Long",
    "desired output type Bool",
    "desired output type bool",
    "must share same datatype",
    "desired output type long int",
    "could not infer output dtype",
    # It depends on values, which nobody has computed yet.
    "ZeroDivisionError",
    "positive-definite",
    # Some kernels say it, others do not.
    "Calculated output size per channel",
    "expected weight to be at least",
    "output with shape [] doesn't match the broadcast shape [1]",
    "index 0 is out of range",
    "primitive descriptor",
    "does not have an identity",
    "`shifts` required",
]


def is_foreign(error):
    return any(text in str(error) for text in FOREIGN)
