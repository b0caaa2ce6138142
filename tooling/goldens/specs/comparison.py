"""Comparisons, logic, tests of numbers."""


def values(*numbers, **more):
    return {"fill": list(numbers), **more}


X = values(1, 2, 3, -1, "nan", "inf")
Y = values(1, 3, 2, -1, "nan", "inf")


def cases():
    for name in ("gt", "ge", "lt", "le", "eq", "ne", "greater", "greaterEqual", "less", "lessEqual", "notEqual"):
        yield {"id": f"{name}/tensors", "call": f"x.{name}", "args": ["$y"], "inputs": {"x": X, "y": Y}}
        yield {"id": f"{name}/broadcast", "call": f"torch.{name}", "args": ["$x", "$y"], "inputs": {"x": {"shape": [2, 1, 3], "fill": "int:0:3"}, "y": {"shape": [4, 1], "fill": "int:0:3"}}}
        yield {"id": f"{name}/number", "call": f"x.{name}", "args": [2], "inputs": {"x": X}}
        yield {"id": f"{name}/int-fraction", "call": f"x.{name}", "args": [1.5], "inputs": {"x": values(1, 2, dtype="int32")}}
        yield {"id": f"{name}/bool", "call": f"x.{name}", "args": ["$y"], "inputs": {"x": values(1, 0, 1, 0, dtype="bool"), "y": values(1, 1, 0, 0, dtype="bool")}}
        yield {"id": f"{name}/int-float", "call": f"x.{name}", "args": ["$y"], "inputs": {"x": values(1, 2, 3, dtype="int32"), "y": values(1, 2.5, 2.5)}}
        yield {"id": f"{name}/empty", "call": f"x.{name}", "args": [1], "inputs": {"x": {"shape": [0, 2]}}}
    for name in ("logicalAnd", "logicalOr", "logicalXor"):
        yield {"id": f"{name}/bool", "call": f"x.{name}", "args": ["$y"], "inputs": {"x": values(1, 0, 1, 0, dtype="bool"), "y": values(1, 1, 0, 0, dtype="bool")}}
        yield {"id": f"{name}/numbers", "call": f"x.{name}", "args": ["$y"], "inputs": {"x": values(0, 2, -1, 0.5), "y": values(0, 0, 3, 1, dtype="int32")}}
    for name in ("bitwiseAnd", "bitwiseOr", "bitwiseXor"):
        yield {"id": f"{name}/bool", "call": f"x.{name}", "args": ["$y"], "inputs": {"x": values(1, 0, 1, 0, dtype="bool"), "y": values(1, 1, 0, 0, dtype="bool")}}
    for dtype in ("bool", "int32", "float32"):
        yield {"id": f"logicalNot/{dtype}", "call": "x.logicalNot", "inputs": {"x": values(0, 1, 0, dtype=dtype)}}
    yield {"id": "bitwiseNot/bool", "call": "x.bitwiseNot", "inputs": {"x": values(0, 1, dtype="bool")}}
    yield {"id": "bitwiseNot/int", "call": "x.bitwiseNot", "inputs": {"x": values(0, 1, -5, dtype="int32")}}
    edges = values(0, 1, -1, "nan", "inf", "-inf")
    for name in ("isnan", "isinf", "isfinite", "isposinf", "isneginf", "signbit"):
        yield {"id": f"{name}/edges", "call": f"x.{name}", "inputs": {"x": values(0, 1, -1, "inf", "-inf") if name == "signbit" else edges}}
        yield {"id": f"{name}/int", "call": f"x.{name}", "inputs": {"x": values(0, 1, -1, dtype="int32")}}
    close = {"x": values(1, 1, 1, "nan", "inf", 100), "y": values(1, 1.000001, 1.1, "nan", "inf", 100.001)}
    yield {"id": "isclose/defaults", "call": "x.isclose", "args": ["$y"], "inputs": close}
    yield {"id": "isclose/options", "call": "torch.isclose", "args": ["$x", "$y", {"rtol": 0, "atol": 0.2, "equalNan": True}], "inputs": close}
    yield {"id": "isclose/int", "call": "x.isclose", "args": ["$y"], "inputs": {"x": values(1, 2, dtype="int32"), "y": values(1, 3, dtype="int32")}}
    yield {"id": "isclose/positional", "call": "x.isclose", "args": ["$y", 0, 0.2], "inputs": close}
    yield {"id": "allclose/positional", "call": "x.allclose", "args": ["$y", 1e-3, 0.2, True], "inputs": close}
    yield {"id": "allclose/no", "call": "x.allclose", "args": ["$y"], "inputs": close}
    yield {"id": "allclose/yes", "call": "torch.allclose", "args": ["$x", "$y", {"atol": 0.2, "equalNan": True}], "inputs": close}
    yield {"id": "equal/yes", "call": "x.equal", "args": ["$x"], "inputs": {"x": {"shape": [2, 3]}}}
    yield {"id": "equal/no", "call": "torch.equal", "args": ["$x", "$y"], "inputs": {"x": {"shape": [2, 3]}, "y": {"shape": [2, 3]}}}
    yield {"id": "equal/shapes", "call": "x.equal", "args": ["$y"], "inputs": {"x": {"shape": [2, 3]}, "y": {"shape": [3]}}}
    yield {"id": "gt/shape-error", "call": "x.gt", "args": ["$y"], "inputs": {"x": {"shape": [2]}, "y": {"shape": [3]}}, "error": "The size of tensor a (2) must match the size of tensor b (3)"}
    yield {"id": "bitwiseAnd/float", "call": "x.bitwiseAnd", "args": ["$x"], "inputs": {"x": {"shape": [2]}}, "error": "bitwise_and", "torchError": "not implemented for 'Float'"}
