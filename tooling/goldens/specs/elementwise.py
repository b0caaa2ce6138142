"""Elementwise operations: values, dtypes, gradients and second derivatives, ties and edges, promotion, errors."""

import random

import torch

FLOAT = {"shape": [2, 3]}
ROW = {"shape": [3]}
EDGES = [0, "-0.0", 1, -1, 0.5, -2.5, "inf", "-inf", "nan"]

# name -> fill whose range lies inside the domain
UNARY = {
    "neg": "randn", "abs": "nonzero", "sign": "nonzero", "sgn": "nonzero", "square": "randn", "sqrt": "positive",
    "rsqrt": "positive", "reciprocal": "nonzero", "exp": "randn", "exp2": "randn", "expm1": "randn", "log": "positive",
    "log2": "positive", "log10": "positive", "log1p": "positive", "sin": "randn", "cos": "randn", "tan": "uniform:-1.2:1.2",
    "asin": "uniform:-0.9:0.9", "acos": "uniform:-0.9:0.9", "atan": "randn", "sinh": "randn", "cosh": "randn", "tanh": "randn",
    "asinh": "randn", "acosh": "uniform:1.2:4", "atanh": "uniform:-0.9:0.9", "sigmoid": "randn", "logit": "uniform:0.1:0.9",
    "erf": "randn", "erfc": "randn", "erfinv": "uniform:-0.9:0.9", "floor": "randn", "ceil": "randn", "round": "randn",
    "trunc": "randn", "frac": "randn", "deg2rad": "randn", "rad2deg": "randn", "lgamma": "positive", "digamma": "positive",
    "sinc": "randn", "relu": "nonzero", "nanToNum": "randn", "positive": "randn",
}
# PyTorch's second derivatives of these do not exist
FIRST_ORDER = {"erfinv"}
# Integers: what PyTorch does not promote to float32
KEEPS_INTEGERS = {"neg", "abs", "sign", "sgn", "square", "floor", "ceil", "round", "trunc", "relu", "nanToNum", "positive"}

# Edges where PyTorch's gradients are an accident of its formulas
EDGE_VALUES = {
    "lgamma": [0, 1, 2, 0.5, -0.5, -1.5, "inf"],
    "digamma": [1, 2, 0.5, -0.5, -1.5, 10, 0.01],
    "erfinv": [0, 0.5, -0.5, 0.9, -0.98],
    "tan": [0, 1, -1, 3, "nan"],
    "acosh": [1.5, 2, 100, 30000, "inf", "nan"],
    "asinh": [0, 1e-4, -1e-4, 1, -1, 300, -30000],
    "atanh": [0, 1e-4, 0.5, -0.5, 0.99],
    "sinh": [0, 1e-4, -1e-4, 1, -1, 20, "inf", "-inf"],
    "cosh": [0, 1e-4, -1e-4, 1, -1, 20, "inf", "-inf"],
    "logit": [0.25, 0.5, 0.75, 1, 0],
    "expm1": [0, 1e-5, -1e-5, 0.1, -0.4, 1, 30, -30, "-inf"],
    "log1p": [0, 1e-5, -1e-5, 0.1, -0.4, 1, 30, -1],
    "erfc": [0, 0.5, -0.5, 2, 4, 6, -3, "inf", "-inf", "nan"],
    "exp2": [0, 1, 3, -2, 0.5, 10, "-inf", "nan"],
    "sinc": [0, 1, -1, 0.5, 0.25, 1e-3],
    "sin": [0, 1, -1, 0.5, 3.5, 10], "cos": [0, 1, -1, 0.5, 3.5, 10],
    "round": [0.5, 1.5, 2.5, -0.5, -1.5, 0.49, 7],
    "asin": [0, 0.5, -0.5, 1, -1, 2], "acos": [0, 0.5, -0.5, 1, -1, 2],
    "frac": [0, 1, -1, 0.5, -2.5],
}


def values(*numbers, **more):
    return {"fill": list(numbers), **more}


def unary():
    for name, fill in UNARY.items():
        case = {"id": f"{name}/values", "call": f"x.{name}", "inputs": {"x": {"shape": [2, 3], "fill": fill}}}
        if name not in FIRST_ORDER:
            case["order"] = 2
        yield case
        edges = [number for number in EDGE_VALUES.get(name, EDGES) if number != "-0.0"]
        yield {"id": f"{name}/edges", "call": f"x.{name}", "inputs": {"x": values(*edges)}}
        # PyTorch's trigamma is good to ten digits only.
        grad = {"requiresGrad": False} if name == "digamma" else {}
        yield {"id": f"{name}/float64", "call": f"torch.{name}", "args": ["$x"], "inputs": {"x": {"shape": [4], "fill": fill, "dtype": "float64", **grad}}}
        if name != "frac":
            integers = [1, 2, 3] if name in ("acosh", "lgamma", "digamma", "log", "log2", "log10", "rsqrt", "reciprocal") else [0, 1]
            integers = integers if name not in KEEPS_INTEGERS else [-2, 0, 3]
            yield {"id": f"{name}/int32", "call": f"x.{name}", "inputs": {"x": values(*integers, dtype="int32")}}
        yield {"id": f"{name}/scalar", "call": f"x.{name}", "inputs": {"x": {"shape": [], "fill": fill}}}
    for name in ("exp", "abs", "relu", "sigmoid", "log1p", "lgamma"):
        yield {"id": f"{name}/empty", "call": f"x.{name}", "inputs": {"x": {"shape": [0, 3], "fill": "rand"}}}
    for name in ("exp", "tanh", "sqrt", "sin"):
        yield {"id": f"{name}/bool", "call": f"x.{name}", "inputs": {"x": values(1, 0, dtype="bool")}}
    for decimals in (2, 1, -1):
        yield {"id": f"round/decimals{decimals}", "call": "x.round", "args": [{"decimals": decimals}], "inputs": {"x": values(1.234, 25.0, -17.75, 0.05)}}
    yield {"id": "logit/eps", "call": "x.logit", "args": [{"eps": 0.1}], "inputs": {"x": values(0.02, 0.1, 0.5, 0.9, 0.99)}}
    yield {"id": "nanToNum/options", "call": "x.nanToNum", "args": [{"nan": 1, "posinf": 2, "neginf": -3}], "inputs": {"x": values("nan", "inf", "-inf", 4)}}
    yield {"id": "nanToNum/positional", "call": "x.nanToNum", "args": [1.5, 2, -3], "inputs": {"x": values("nan", "inf", "-inf", 4)}}
    for alias in ("absolute", "negative", "arcsin", "arccos", "arctan", "arcsinh", "arctanh", "fix"):
        yield {"id": f"{alias}/alias", "call": f"x.{alias}", "inputs": {"x": {"shape": [3], "fill": "uniform:-0.9:0.9"}}}


BINARY = {
    "add": ("randn", "randn"), "sub": ("randn", "randn"), "mul": ("randn", "randn"), "div": ("randn", "nonzero"),
    "pow": ("positive", "randn"), "maximum": ("randn", "randn"), "minimum": ("randn", "randn"), "fmax": ("randn", "randn"),
    "fmin": ("randn", "randn"), "atan2": ("randn", "nonzero"), "hypot": ("randn", "nonzero"), "logaddexp": ("randn", "randn"),
    "logaddexp2": ("randn", "randn"), "xlogy": ("randn", "positive"), "fmod": ("uniform:-5:5", "nonzero"),
    "remainder": ("uniform:-5:5", "nonzero"), "copysign": ("randn", "nonzero"), "floorDivide": ("uniform:-5:5", "nonzero"),
}
LINEAR = {"floorDivide"}


def binary():
    for name, (left, right) in BINARY.items():
        # PyTorch has no derivative of floor_divide.
        grad = {"requiresGrad": False} if name == "floorDivide" else {}
        for label, shapes in {"same": ([2, 3], [2, 3]), "broadcast": ([2, 1, 3], [4, 1]), "scalar": ([2, 3], [])}.items():
            case = {
                "id": f"{name}/{label}", "call": f"x.{name}", "args": ["$y"],
                "inputs": {"x": {"shape": shapes[0], "fill": left, **grad}, "y": {"shape": shapes[1], "fill": right, **grad}},
            }
            if label == "broadcast" and name not in LINEAR:
                case["order"] = 2
            yield case
        if name not in ("xlogy",):
            yield {
                "id": f"{name}/float64", "call": f"torch.{name}", "args": ["$x", "$y"],
                "inputs": {"x": {"shape": [3], "fill": left, "dtype": "float64", **grad}, "y": {"shape": [3], "fill": right, "dtype": "float64", **grad}},
            }
        yield {
            "id": f"{name}/empty", "call": f"x.{name}", "args": ["$y"],
            "inputs": {"x": {"shape": [0, 3], "fill": left, **grad}, "y": {"shape": [3], "fill": right, **grad}},
        }
        if name not in ("logaddexp", "logaddexp2", "hypot"):
            yield {
                "id": f"{name}/int32", "call": f"x.{name}", "args": ["$y"],
                "inputs": {"x": values(7, -7, 7, -7, 6, dtype="int32"), "y": values(2, 3, -2, -3, 3, dtype="int32")}
                if name != "pow" else {"x": values(7, -7, 1, -1, 0, 3, dtype="int32"), "y": values(2, 3, 5, 7, 0, 19, dtype="int32")},
            }
    ties = {"x": values(1, 2, 2, -1), "y": values(1, 2, 3, -2)}
    for name in ("maximum", "minimum", "fmax", "fmin", "logaddexp"):
        yield {"id": f"{name}/ties", "call": f"x.{name}", "args": ["$y"], "inputs": ties}
    for name in ("fmax", "fmin", "maximum", "minimum"):
        yield {"id": f"{name}/nan", "call": f"x.{name}", "args": ["$y"],
               "inputs": {"x": values(1, "nan", "nan", 2, requiresGrad=False), "y": values("nan", 1, "nan", "inf", requiresGrad=False)}}
    for name in ("add", "sub", "mul", "div", "pow", "remainder", "fmod", "floorDivide"):
        for number in (2, 1.5, -3):
            plain = {"requiresGrad": False} if name == "floorDivide" else {}
            case = {"id": f"{name}/number{number}", "call": f"x.{name}", "args": [number], "inputs": {"x": {"shape": [2, 3], "fill": "positive", **plain}}}
            yield case if name == "floorDivide" else {**case, "order": 2}
        yield {"id": f"{name}/int-number", "call": f"x.{name}", "args": [2], "inputs": {"x": values(-5, -2, 0, 3, 7, dtype="int32")}}
        yield {"id": f"{name}/int-fraction", "call": f"x.{name}", "args": [2.5], "inputs": {"x": values(1, 2, 0, 3, 7, dtype="int32")}}
    for exponent in (0, 1, 2, 3, 4, 5, 0.5, -0.5, -1, -2, -3, 1.7):
        yield {"id": f"pow/exponent{exponent}", "call": "x.pow", "args": [exponent], "inputs": {"x": {"shape": [4], "fill": "positive"}}, "order": 2}
    for exponent in (2, 3, 0, 1, 5):
        yield {"id": f"pow/at-zero{exponent}", "call": "x.pow", "args": [exponent], "inputs": {"x": values(0, -1, 2)}}
    yield {"id": "pow/number-base", "call": "torch.pow", "args": [2, "$x"], "inputs": {"x": FLOAT}, "order": 2}
    yield {"id": "pow/number-base-int", "call": "torch.pow", "args": [2, "$x"], "inputs": {"x": values(0, 3, 5, dtype="int32")}}
    yield {"id": "pow/edges", "call": "x.pow", "args": ["$y"],
           "inputs": {"x": values(0, 0, -2, -2, "inf", 1, requiresGrad=False), "y": values(0, 2, 3, 2, -1, "nan", requiresGrad=False)}}
    yield {"id": "pow/zero-base", "call": "x.pow", "args": ["$y"], "inputs": {"x": values(0, 0, 0), "y": values(1, 2, 0)}}
    for mode in ("trunc", "floor"):
        yield {"id": f"div/{mode}", "call": "x.div", "args": ["$y", {"roundingMode": mode}], "inputs": {"x": values(7, -7, 7, -7, 0.5), "y": values(2, 2, -2, -2, 0.3)}}
        yield {"id": f"div/{mode}-int", "call": "x.div", "args": ["$y", {"roundingMode": mode}],
               "inputs": {"x": values(7, -7, 7, -7, 6, dtype="int32"), "y": values(2, 2, -2, -2, 3, dtype="int32")}}
    yield {"id": "div/int-zero", "call": "x.div", "args": ["$y"], "inputs": {"x": values(1, -1, 0, dtype="int32"), "y": values(0, 0, 0, dtype="int32")}}
    yield {"id": "div/zero", "call": "x.div", "args": [0], "inputs": {"x": values(1, -1, requiresGrad=False)}}
    yield {"id": "floorDivide/tenth", "call": "x.floorDivide", "args": [0.1], "inputs": {"x": values(1, 0.5, -1, requiresGrad=False)}}
    for name in ("fmod", "remainder"):
        yield {"id": f"{name}/signs", "call": f"x.{name}", "args": ["$y"], "inputs": {"x": values(5.5, -5.5, 5.5, -5.5, 6, -6), "y": values(2, 2, -2, -2, 3, 3)}}
        yield {"id": f"{name}/edges", "call": f"x.{name}", "args": ["$y"],
               "inputs": {"x": values(1, "inf", 1, 1000.5, 0, requiresGrad=False), "y": values("inf", 2, 0, 0.1, 3, requiresGrad=False)}}
    for alpha in (2, -0.5):
        for name in ("add", "sub"):
            yield {"id": f"{name}/alpha{alpha}", "call": f"x.{name}", "args": ["$y", {"alpha": alpha}], "inputs": {"x": FLOAT, "y": ROW}}
    yield {"id": "sub/number-first", "call": "torch.rsub", "args": ["$x", 1], "inputs": {"x": FLOAT}}
    yield {"id": "add/bool", "call": "x.add", "args": ["$y"], "inputs": {"x": values(1, 0, 1, 0, dtype="bool"), "y": values(1, 1, 0, 0, dtype="bool")}}
    yield {"id": "mul/bool", "call": "x.mul", "args": ["$y"], "inputs": {"x": values(1, 0, 1, 0, dtype="bool"), "y": values(1, 1, 0, 0, dtype="bool")}}
    for exponent in (2, 0.5, -1):
        yield {"id": f"floatPower/{exponent}", "call": "x.floatPower", "args": [exponent], "inputs": {"x": {"shape": [4], "fill": "positive"}}}
    yield {"id": "floatPower/int", "call": "torch.floatPower", "args": ["$x", "$y"], "inputs": {"x": values(1, 2, 3, dtype="int32"), "y": values(-1, 2, 0, dtype="int32")}}
    yield {"id": "ldexp/ints", "call": "x.ldexp", "args": ["$y"], "inputs": {"x": {"shape": [3], "requiresGrad": False}, "y": values(-1, 2, 0, dtype="int32")}}
    for order in (0, 1):
        yield {"id": f"polygamma/{order}", "call": "torch.polygamma", "args": [order, "$x"], "inputs": {"x": {"shape": [4], "fill": "positive", "requiresGrad": order == 0}}}
    yield {"id": "polygamma/method", "call": "x.polygamma", "args": [1], "inputs": {"x": {"shape": [4], "fill": "positive", "requiresGrad": False}}}
    for args in (["$x", "$y"], ["$x", 2.5], ["$x", 2]):
        yield {"id": f"resultType/{args[1]}", "call": "torch.mul", "args": args, "inputs": {"x": values(1, 2, dtype="int32"), "y": {"shape": [], "dtype": "float16", "requiresGrad": False}}}
    yield {"id": "atan2/quadrants", "call": "x.atan2", "args": ["$y"],
           "inputs": {"x": values(1, 1, -1, -1, 0, 0, 1, -1, requiresGrad=False), "y": values(1, -1, 1, -1, 1, -1, 0, 0, requiresGrad=False)}}
    yield {"id": "hypot/large", "call": "x.hypot", "args": ["$y"], "inputs": {"x": values(3e20, 3, 0, requiresGrad=False), "y": values(4e20, 4, 0, requiresGrad=False)}}
    yield {"id": "xlogy/edges", "call": "x.xlogy", "args": ["$y"],
           "inputs": {"x": values(0, 0, 0, 2, 0, requiresGrad=False), "y": values(0, 1, "nan", 0, -1, requiresGrad=False)}}
    yield {"id": "copysign/number", "call": "x.copysign", "args": [-2], "inputs": {"x": values(1, -1, 0, 2)}}
    yield {"id": "logaddexp/infinite", "call": "x.logaddexp", "args": ["$y"],
           "inputs": {"x": values("-inf", "-inf", "inf", 0, requiresGrad=False), "y": values("-inf", 1, "inf", 100, requiresGrad=False)}}


def ternary():
    yield {"id": "addcmul/values", "call": "x.addcmul", "args": ["$a", "$b", {"value": 0.5}], "inputs": {"x": {"shape": [2, 3]}, "a": {"shape": [3]}, "b": {"shape": [2, 1]}}, "order": 2}
    yield {"id": "addcdiv/values", "call": "x.addcdiv", "args": ["$a", "$b", {"value": -2}], "inputs": {"x": {"shape": [2, 3]}, "a": {"shape": [3]}, "b": {"shape": [2, 1], "fill": "nonzero"}}, "order": 2}
    yield {"id": "addcmul/int", "call": "x.addcmul", "args": ["$a", "$b"], "inputs": {"x": values(1, 2, dtype="int32"), "a": values(3, 4, dtype="int32"), "b": values(5, 6, dtype="int32")}}
    for weight in (0.25, 0.75, 2):
        yield {"id": f"lerp/{weight}", "call": "x.lerp", "args": ["$y", weight], "inputs": {"x": FLOAT, "y": ROW}}
    yield {"id": "lerp/tensor", "call": "torch.lerp", "args": ["$x", "$y", "$w"], "inputs": {"x": FLOAT, "y": FLOAT, "w": {"shape": [3], "fill": "rand"}}, "order": 2}


def clamps():
    x = values(-2, -1, 0, 0.5, 1, 3, "nan")
    yield {"id": "clamp/both", "call": "x.clamp", "args": [-1, 1], "inputs": {"x": x}}
    yield {"id": "clamp/options", "call": "x.clamp", "args": [{"min": -1, "max": 1}], "inputs": {"x": x}}
    yield {"id": "clamp/min", "call": "x.clamp", "args": [{"min": 0}], "inputs": {"x": x}}
    yield {"id": "clamp/max", "call": "x.clamp", "args": [{"max": 0.5}], "inputs": {"x": x}}
    yield {"id": "clamp/crossed", "call": "x.clamp", "args": [1, -1], "inputs": {"x": x}}
    yield {"id": "clamp/null", "call": "torch.clamp", "args": ["$x", None, 1], "inputs": {"x": x}}
    yield {"id": "clamp/int", "call": "x.clamp", "args": [0, 2], "inputs": {"x": values(-1, 1, 3, dtype="int32")}}
    yield {"id": "clamp/int-fraction", "call": "x.clamp", "args": [{"min": 0.5}], "inputs": {"x": values(-1, 1, 3, dtype="int32")}}
    yield {"id": "clamp/tensors", "call": "x.clamp", "args": ["$a", "$b"], "inputs": {"x": {"shape": [2, 3]}, "a": values(-1, 0, 0.5), "b": values(0, 0.5, 1)}}
    yield {"id": "clip/alias", "call": "x.clip", "args": [-1, 1], "inputs": {"x": x}}
    yield {"id": "clampMin/number", "call": "x.clampMin", "args": [0], "inputs": {"x": x}}
    yield {"id": "clampMax/number", "call": "x.clampMax", "args": [0], "inputs": {"x": x}}
    yield {"id": "clamp/none", "call": "x.clamp", "inputs": {"x": x}, "error": "At least one of 'min' or 'max' must not be None"}


def selection():
    condition = {"shape": [2, 3], "dtype": "bool", "fill": "bool"}
    yield {"id": "where/free", "call": "torch.where", "args": ["$c", "$x", "$y"], "inputs": {"c": condition, "x": FLOAT, "y": ROW}, "order": 2}
    yield {"id": "where/method", "call": "x.where", "args": ["$c", "$y"], "inputs": {"c": condition, "x": FLOAT, "y": ROW}}
    yield {"id": "where/number", "call": "torch.where", "args": ["$c", "$x", 0], "inputs": {"c": condition, "x": FLOAT}}
    yield {"id": "where/numbers", "call": "torch.where", "args": ["$c", 1.5, -1.5], "inputs": {"c": condition}}
    yield {"id": "where/broadcast", "call": "torch.where", "args": ["$c", "$x", "$y"], "inputs": {"c": {"shape": [2, 1], "dtype": "bool", "fill": "bool"}, "x": ROW, "y": {"shape": []}}}
    yield {"id": "where/promotes", "call": "torch.where", "args": ["$c", "$x", "$y"], "inputs": {"c": condition, "x": FLOAT, "y": {"shape": [3], "dtype": "int32", "fill": "int:0:5"}}}
    yield {"id": "where/not-bool", "call": "torch.where", "args": ["$c", "$x", "$y"], "inputs": {"c": ROW, "x": ROW, "y": ROW},
           "error": "where expected condition to be a boolean tensor, but got a tensor with dtype", }
    yield {"id": "maskedFill/number", "call": "x.maskedFill", "args": ["$m", -1], "inputs": {"x": FLOAT, "m": condition}, "order": 2}
    yield {"id": "maskedFill/infinity", "call": "x.maskedFill", "args": ["$m", "-inf"], "inputs": {"x": FLOAT, "m": {"shape": [3], "dtype": "bool", "fill": "bool"}}}
    yield {"id": "maskedFill/tensor", "call": "x.maskedFill", "args": ["$m", "$v"], "inputs": {"x": FLOAT, "m": condition, "v": {"shape": []}}}
    yield {"id": "maskedFill/int", "call": "x.maskedFill", "args": ["$m", 7], "inputs": {"x": values(1, 2, 3, dtype="int32"), "m": values(1, 0, 1, dtype="bool")}}
    yield {"id": "maskedFill/bool", "call": "x.maskedFill", "args": ["$m", True], "inputs": {"x": values(0, 0, 1, dtype="bool"), "m": values(1, 0, 1, dtype="bool")}}
    yield {"id": "maskedFill/not-bool", "call": "x.maskedFill", "args": ["$m", 0], "inputs": {"x": ROW, "m": ROW}, "error": "masked_fill_ only supports boolean masks, but got mask with dtype", "torchError": "only supports boolean masks"}
    yield {"id": "heaviside/values", "call": "x.heaviside", "args": ["$v"], "inputs": {"x": values(-1, 0, 2, requiresGrad=False), "v": values(0.5, 0.5, 0.5, requiresGrad=False)}}


def softmaxes():
    for name in ("softmax", "logSoftmax"):
        for dim in (0, 1, -1):
            yield {"id": f"{name}/dim{dim}", "call": f"x.{name}", "args": [dim], "inputs": {"x": FLOAT}, "order": 2}
        yield {"id": f"{name}/options", "call": f"torch.{name}", "args": ["$x", {"dim": 1}], "inputs": {"x": {"shape": [2, 3, 2]}}}
        yield {"id": f"{name}/dtype", "call": f"x.{name}", "args": [0, {"dtype": "float64"}], "inputs": {"x": FLOAT}}
        yield {"id": f"{name}/int-dtype", "call": f"x.{name}", "args": [0, {"dtype": "float32"}], "inputs": {"x": values(1, 2, 3, dtype="int32")}}
        yield {"id": f"{name}/scalar", "call": f"x.{name}", "args": [0], "inputs": {"x": {"shape": []}}}
        yield {"id": f"{name}/large", "call": f"x.{name}", "args": [0], "inputs": {"x": values(1000, 1001, -1000)}}


def promotion():
    """Every pair of dtypes, as tensors, with a 0-d tensor on either side, and with numbers."""
    dtypes = ("bool", "int32", "float16", "float32", "float64")
    for first in dtypes:
        for second in dtypes:
            plain = {"x": values(1, 0, 1, dtype=first, requiresGrad=False), "y": values(1, 1, 0, dtype=second, requiresGrad=False)}
            right = {**plain, "y": {"shape": [], "fill": "full:1", "dtype": second, "requiresGrad": False}}
            left = {**plain, "x": {"shape": [], "fill": "full:1", "dtype": first, "requiresGrad": False}}
            for label, inputs in {"tensors": plain, "right0d": right, "left0d": left}.items():
                yield {"id": f"promotion/{label}/{first}-{second}", "call": "x.mul", "args": ["$y"], "inputs": inputs}
            yield {"id": f"promotion/div/{first}-{second}", "call": "x.div", "args": ["$y"], "inputs": {**plain, "y": values(1, 1, 1, dtype=second, requiresGrad=False)}}
            yield {"id": f"promotion/where/{first}-{second}", "call": "torch.where", "args": ["$c", "$x", "$y"], "inputs": {"c": values(1, 0, 1, dtype="bool"), **plain}}
        for number in (2, 2.5, True):
            yield {"id": f"promotion/number/{first}-{number}", "call": "x.mul", "args": [number], "inputs": {"x": values(1, 0, 1, dtype=first, requiresGrad=False)}}
        yield {"id": f"promotion/add/{first}-1", "call": "x.add", "args": [1], "inputs": {"x": values(1, 0, 1, dtype=first, requiresGrad=False)}}
    yield {"id": "promotion/gradient", "call": "x.mul", "args": ["$y"], "inputs": {"x": ROW, "y": {"shape": [2, 3], "dtype": "float64"}}}
    yield {"id": "promotion/gradient-int", "call": "x.mul", "args": ["$y"], "inputs": {"x": ROW, "y": values(1, 2, 3, dtype="int32")}}


def errors():
    yield {"id": "add/shape-error", "call": "x.add", "args": ["$y"], "inputs": {"x": FLOAT, "y": {"shape": [4]}}, "error": "The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1"}
    yield {"id": "sub/bool", "call": "x.sub", "args": ["$x"], "inputs": {"x": values(1, 0, dtype="bool")}, "error": "Subtraction, the `-` operator, with two bool tensors is not supported."}
    yield {"id": "neg/bool", "call": "x.neg", "inputs": {"x": values(1, 0, dtype="bool")}, "error": "Negation, the `-` operator, on a bool tensor is not supported."}
    yield {"id": "pow/negative-int", "call": "x.pow", "args": [-1], "inputs": {"x": values(1, 2, dtype="int32")}, "error": "Integers to negative integer powers are not allowed."}
    yield {"id": "add/alpha-int", "call": "x.add", "args": ["$x", {"alpha": 0.5}], "inputs": {"x": values(1, 2, dtype="int32")}, "error": "For integral input tensors, argument alpha must not be a floating point number."}
    yield {"id": "div/mode", "call": "x.div", "args": [2, {"roundingMode": "up"}], "inputs": {"x": ROW}, "error": "rounding_mode to be one of None, 'trunc', or 'floor' but found 'up'"}
    yield {"id": "lerp/dtype", "call": "x.lerp", "args": ["$y", 0.5], "inputs": {"x": ROW, "y": {"shape": [3], "dtype": "float64"}}, "error": "for `end` but got dtype"}
    yield {"id": "softmax/range", "call": "x.softmax", "args": [2], "inputs": {"x": FLOAT}, "error": "Dimension out of range (expected to be in range of [-2, 1], but got 2)"}


def sampled():
    """Pairs of shapes, dtypes and operations that nobody chose."""
    generator = random.Random(0)
    shapes = ([], [1], [3], [2, 3], [2, 1], [1, 3], [4, 1, 3], [2, 2, 3], [0, 3], [1, 1, 1])
    operations = ("add", "sub", "mul", "div", "maximum", "minimum", "pow", "remainder", "fmod", "atan2", "gt", "le", "eq", "ne", "logicalAnd", "logicalXor", "where", "clamp", "copysign", "floorDivide")
    for index in range(160):
        name = generator.choice(operations)
        first, second = generator.sample(shapes, 2)
        try:
            torch.broadcast_shapes(first, second)
        except RuntimeError:
            continue
        dtypes = [generator.choice(("float32", "float32", "float64", "int32", "bool")) for _ in range(2)]
        if "bool" in dtypes and name in ("sub", "div", "pow", "remainder", "fmod", "floorDivide", "clamp", "atan2"):
            continue
        # Powers of negative numbers, and what comes of a jump, are tested elsewhere.
        fills = {"float32": "positive", "float64": "positive", "int32": "int:1:5", "bool": "bool"}
        grad = {"requiresGrad": False} if name == "floorDivide" else {}
        inputs = {
            "x": {"shape": first, "dtype": dtypes[0], "fill": fills[dtypes[0]], **({} if dtypes[0] in ("int32", "bool") else grad)},
            "y": {"shape": second, "dtype": dtypes[1], "fill": fills[dtypes[1]], **({} if dtypes[1] in ("int32", "bool") else grad)},
        }
        call = {"id": f"sampled/{index}-{name}", "call": f"x.{name}", "args": ["$y"], "inputs": inputs, "seed": index}
        if name == "where":
            call |= {"call": "torch.where", "args": ["$c", "$x", "$y"]}
            inputs["c"] = {"shape": generator.choice(([], [1], second)), "dtype": "bool", "fill": "bool"}
        if name == "clamp":
            call["args"] = [{generator.choice(("min", "max")): "$y"}]
        yield call


def cases():
    for group in (sampled, unary, binary, ternary, clamps, selection, softmaxes, promotion, errors):
        yield from group()
