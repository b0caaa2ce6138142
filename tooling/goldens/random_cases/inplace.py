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
LEFT_OUT = ["detach", "set", "resize", "asStrided"]
# Their gradient would be that of the values that were overwritten.
WITHOUT_GRADIENT = ["logicalNot"]


def has_form(name):
    return "." not in name and name not in LEFT_OUT and hasattr(torch.Tensor, snake(name) + "_")


SOURCES = [(name, function) for family in (unary, binary, indexing, reduction, view) for name, function in family.operations]


@inplace.operation(*dict.fromkeys(f"{name}_" for name, _ in SOURCES if has_form(name)))
def changed(d, name):
    plain = name.removesuffix("_")
    function = d.pick(*(function for source, function in SOURCES if source == plain))
    case = function(d, plain)
    if case is None or "call" not in case:
        return None
    path, arguments, inputs = case["call"], case["args"], dict(case["inputs"])
    if path == f"torch.{plain}" and arguments and arguments[0] == "$x":
        path, arguments = f"x.{plain}", arguments[1:]
    if path != f"x.{plain}":
        return None
    inputs["x"] = {**inputs["x"], "clone": True, **d.pick({"requiresGrad": False}, {} if plain not in WITHOUT_GRADIENT else {"requiresGrad": False})}
    return {"call": path + "_", "args": arguments, "inputs": inputs, "after": ["x"], "order": case.get("order", 1)}
