"""The same calls in place: values and gradients afterwards."""

import torch

from binary import binary
from cases import snake
from family import Family
from indexing import indexing
from reduction import reduction
from unary import unary
from view import view

inplace = Family("inplace")

# What ends in an underscore but is not the plain call in place.
LEFT_OUT = ["detach", "set", "resize", "asStrided", "floatPower"]
# They have none in PyTorch, or that of the values that were overwritten.
WITHOUT_GRADIENT = ["logicalNot", "logicalAnd", "logicalOr", "logicalXor", "acosh", "arccosh", "asinh", "arcsinh", "atanh", "arctanh", "floorDivide", "heaviside", "ldexp"]


def has_form(name):
    return "." not in name and name not in LEFT_OUT and hasattr(torch.Tensor, snake(name) + "_")


SOURCES = [(name, function) for family in (unary, binary, indexing, reduction, view) for name, function in family.operations]


@inplace.operation(*dict.fromkeys(f"{name}_" for name, _ in SOURCES if has_form(name)))
def changed(d, name):
    plain = name.removesuffix("_")
    function = d.pick(*(function for source, function in SOURCES if source == plain))
    case = next(filter(None, (fitting(function(d, plain), plain) for _ in range(20))), None)
    if case is None:
        return None
    inputs = dict(case["inputs"])
    inputs["x"] = {**inputs["x"], "clone": True, **d.pick({"requiresGrad": False}, {} if plain not in WITHOUT_GRADIENT else {"requiresGrad": False})}
    return {"call": f"x.{name}", "args": case["args"], "inputs": inputs, "after": ["x"], "order": case.get("order", 1)}


def fitting(case, plain):
    """The case as a method of x, where x may hold the result; otherwise None."""
    if case is None or "call" not in case:
        return None
    if case["call"] == f"torch.{plain}" and case["args"][:1] == ["$x"]:
        case = {**case, "call": f"x.{plain}", "args": case["args"][1:]}
    if case["call"] != f"x.{plain}" or "shape" not in case["inputs"]["x"]:
        return None
    used = [case["inputs"][argument[1:]] for argument in case["args"] if isinstance(argument, str) and argument.startswith("$")]
    into = case["inputs"]["x"]
    return case if all(fits(spec, into) for spec in used) else None


KINDS = ["bool", "int32", "float32", "float64"]


def fits(spec, into):
    """Whether the result has the shape and a dtype that x can hold."""
    kinds = [KINDS.index(one.get("dtype", "float32")) for one in (spec, into)]
    shape = spec.get("shape", [])
    holds = all(extent in (1, other) for extent, other in zip(reversed(shape), reversed(into["shape"])))
    return holds and len(shape) <= len(into["shape"]) and kinds[0] <= kinds[1]
