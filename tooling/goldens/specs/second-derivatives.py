"""Derivatives twice where functions have corners, ties and zeros: what PyTorch takes there is a convention."""

from _layers import Cases, real

CORNERS = {"fill": [-3.0, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 2.0, 3.0, 6.0]}


def cases():
    found = Cases()
    activations(found)
    unary(found)
    binary(found)
    products(found)
    reductions(found)
    return found


def activations(found):
    for name, options in (
        ("elu", {}), ("elu", {"alpha": 2}), ("celu", {}), ("celu", {"alpha": 0.5}), ("selu", {}), ("leakyRelu", {}), ("leakyRelu", {"negativeSlope": 0.3}), ("relu6", {}),
        ("hardtanh", {}), ("hardswish", {}), ("hardshrink", {}), ("softshrink", {}), ("softplus", {}), ("softsign", {}), ("tanhshrink", {}), ("gelu", {}),
        ("gelu", {"approximate": "tanh"}), ("silu", {}), ("mish", {}), ("logsigmoid", {}), ("softplus", {"beta": 2, "threshold": 4}),
    ):
        variant = "-".join(str(value) for value in options.values()) or "corners"
        found.call(f"{name}/{variant}", f"F.{name}", ["$x"] + ([options] if options else []), {"x": CORNERS}, order=2)
    found.call("threshold/corners", "F.threshold", ["$x", 0.5, 2], {"x": CORNERS}, order=2)
    found.call("prelu/shared", "F.prelu", ["$x", "$w"], {"x": CORNERS, "w": {"fill": [0.25]}}, order=2)
    found.call("prelu/channels", "F.prelu", ["$x", "$w"], {"x": {"fill": [[0.0, -1.0], [1.0, 0.0], [-0.5, 2.0]]}, "w": {"fill": [0.25, -0.5]}}, order=2)
    found.call("glu/zeros", "F.glu", ["$x"], {"x": {"fill": [0.0, 1.0, 0.0, -1.0]}}, order=2)
    found.call("smoothL1Loss/corners", "F.smoothL1Loss", ["$x", "$y"], {"x": {"fill": [0.0, 1.0, -1.0, 2.0, 0.5]}, "y": {"fill": [0.0] * 5}}, order=2)
    found.call("huberLoss/corners", "F.huberLoss", ["$x", "$y"], {"x": {"fill": [0.0, 1.0, -1.0, 2.0, 0.5]}, "y": {"fill": [0.0] * 5}}, order=2)
    found.call("l1Loss/ties", "F.l1Loss", ["$x", "$y"], {"x": {"fill": [0.0, 1.0, -1.0]}, "y": {"fill": [0.0, 1.0, 2.0]}}, order=2)


def unary(found):
    for name in ("abs", "sign", "square", "tan", "tanh", "sigmoid", "atan", "asinh", "sinh", "cosh", "erf", "erfc", "expm1", "exp2", "sin", "cos", "floor", "round", "frac", "trunc", "relu", "sgn", "nanToNum", "deg2rad", "logit"):
        found.call(f"{name}/corners", f"torch.{name}", ["$x"], {"x": {"fill": [0.125, 0.25, 0.5]} if name == "logit" else CORNERS}, order=2)
    for name in ("sqrt", "log", "log2", "log10", "log1p", "rsqrt", "reciprocal", "lgamma", "digamma"):
        found.call(f"{name}/positive", f"torch.{name}", ["$x"], {"x": {"fill": [0.5, 1.0, 2.0, 4.0]}}, order=2)
    for name in ("sqrt", "log", "reciprocal", "rsqrt", "log1p", "asin", "acos", "atanh", "acosh"):
        found.call(f"{name}/pole", f"torch.{name}", ["$x"], {"x": {"fill": [0.0, 1.0, -1.0]}}, order=2)
    for exponent in (0, 1, 2, 3, 0.5, 1.5, -1, -2, 2.5, 4, 5, 1e-3):
        found.call(f"pow/{exponent}", "x.pow", [exponent], {"x": {"fill": [0.0, 1.0, 2.0]}}, order=2)
        if exponent not in (0.5, 1.5):
            found.call(f"pow/{exponent}-negative", "x.pow", [exponent], {"x": {"fill": [-0.0, -1.0, -2.0]}}, order=2)
    for args in ([0, 1], [{"min": 0}], [{"max": 1}], [-1, 0.5], [1, 0]):
        found.call(f"clamp/{args}".replace('"', ""), "x.clamp", args, {"x": CORNERS}, order=2)


def binary(found):
    ties = {"x": {"fill": [0.0, 1.0, -1.0, 2.0, 3.0]}, "y": {"fill": [0.0, 1.0, 1.0, -2.0, 2.0]}}
    for name in ("maximum", "minimum", "fmax", "fmin", "mul", "sub", "hypot", "atan2", "logaddexp", "fmod", "remainder"):
        inputs = {"x": ties["x"], "y": {"fill": [1.0, 1.0, 2.0, -2.0, 2.0]}} if name in ("fmod", "remainder", "hypot", "atan2") else ties
        found.call(f"{name}/ties", f"x.{name}", ["$y"], inputs, order=2)
    found.call("hypot/origin", "x.hypot", ["$y"], {"x": {"fill": [0.0, 0.0, 3.0]}, "y": {"fill": [0.0, 2.0, 0.0]}}, order=1)
    found.call("xlogy/zeros", "x.xlogy", ["$y"], {"x": {"fill": [0.0, 0.0, 1.0]}, "y": {"fill": [1.0, 2.0, 0.5]}}, order=2)
    found.call("pow/tensors", "x.pow", ["$y"], {"x": {"fill": [0.0, 0.0, 1.0, 2.0, 0.0, 3.0]}, "y": {"fill": [0.0, 1.0, 2.0, 0.0, 2.0, 1.5]}})
    found.call("pow/tensors-second", "x.pow", ["$y"], {"x": {"fill": [1.0, 2.0, 0.5, 3.0]}, "y": {"fill": [2.0, 0.0, 1.0, 1.5]}}, order=2)
    found.call("pow/base-number", "torch.pow", [2, "$y"], {"y": {"fill": [0.0, 1.0, -2.0]}}, order=2)
    found.call("pow/base-zero", "torch.pow", [0, "$y"], {"y": {"fill": [0.0, 1.0, 2.0]}})
    found.call("clamp/tensors", "x.clamp", ["$low", "$high"], {"x": CORNERS, "low": {"fill": [-0.5]}, "high": {"fill": [2.0]}}, order=2)
    found.call("lerp/tensors", "x.lerp", ["$y", "$w"], {**ties, "w": {"fill": [0.0, 0.5, 1.0, 0.25, 2.0]}}, order=2)
    found.call("div/second", "x.div", ["$y"], {"x": {"fill": [0.0, 1.0, -1.0]}, "y": {"fill": [1.0, 2.0, -4.0]}}, order=2)
    found.call("dist/equal", "x.dist", ["$y"], {"x": {"fill": [1.0, 2.0]}, "y": {"fill": [1.0, 2.0]}})
    found.call("cdist/equal", "torch.cdist", ["$x", "$y"], {"x": {"fill": [[1.0, 2.0], [0.0, 0.0]]}, "y": {"fill": [[1.0, 2.0]]}}, order=1)
    found.call("where/branches", "torch.where", ["$c", "$x", "$y"], {"c": {"fill": [1, 0, 1, 0, 1], "dtype": "bool"}, **ties}, order=2)
    # Short binary fractions, so that the order of additions in float32 makes no difference to the float64 gradient.
    for name, args in (("mul", ["$s"]), ("add", ["$s"]), ("div", ["$s"]), ("pow", ["$s"]), ("sub", ["$s"])):
        found.call(f"promotion/{name}-0d-float64", f"x.{name}", args, {"x": {"fill": [0.5, 2.0, 4.0]}, "s": {"fill": [2.0], "shape": [], "dtype": "float64"}}, order=2)
        found.call(f"promotion/{name}-0d-left", f"s.{name}", ["$x"], {"x": {"fill": [0.5, 2.0, 4.0]}, "s": {"fill": [2.0], "shape": [], "dtype": "float64"}}, order=2)
        found.call(f"promotion/{name}-0d-float32", f"x.{name}", args, {"x": real(3, fill="positive", dtype="float64"), "s": {"shape": [], "fill": "positive"}}, order=2)


def products(found):
    for label, fill in (("one-zero", [2.0, 0.0, 3.0]), ("two-zeros", [2.0, 0.0, 0.0]), ("three-zeros", [0.0, 0.0, 0.0]), ("none", [2.0, -1.0, 3.0]), ("four", [0.0, 2.0, 0.0, 5.0]), ("single", [3.0]), ("pair", [0.0, 4.0])):
        found.call(f"prod/{label}", "x.prod", [], {"x": {"fill": fill}}, order=2)
        found.call(f"prod/{label}-dim", "x.prod", [0], {"x": {"fill": fill}}, order=2)
        found.call(f"prod/{label}-keepdim", "x.prod", [0, {"keepdim": True}], {"x": {"fill": fill}}, order=2)
        found.call(f"cumprod/{label}", "x.cumprod", [0], {"x": {"fill": fill}}, order=2)
    found.call("prod/matrix", "x.prod", [1], {"x": {"fill": [[1.0, 0.0, 2.0], [0.0, 3.0, 0.0], [1.0, 2.0, 3.0]]}}, order=2)
    found.call("prod/scalar", "x.prod", [], {"x": real()}, order=2)
    found.call("prod/scalar-dim", "x.prod", [0], {"x": real()}, order=2)
    found.call("prod/one-column", "x.prod", [1], {"x": real(3, 1)}, order=2)
    found.call("prod/empty", "x.prod", [], {"x": real(0)}, order=2)
    found.call("prod/empty-dim", "x.prod", [0], {"x": real(0, 2)}, order=2)


def reductions(found):
    ties = {"x": {"fill": [[1.0, 3.0, 3.0, 0.0], [2.0, 2.0, 2.0, 2.0], [0.0, -1.0, -1.0, 0.0]]}}
    for name in ("amax", "amin", "max", "min", "median", "nanmedian", "mode", "cummax", "cummin", "sort", "logsumexp", "logcumsumexp", "softmax", "logSoftmax", "var", "std", "norm", "cumsum", "nansum", "aminmax", "msort", "mean", "argmax", "quantile"):
        if name in ("argmax", "msort", "norm", "aminmax", "quantile"):
            continue
        found.call(f"{name}/ties", f"x.{name}", [1], ties, order=2)
    for name in ("max", "min", "amax", "amin", "median", "var", "std", "norm", "mean", "aminmax", "nanmedian"):
        found.call(f"{name}/all", f"x.{name}", [], ties, order=2)
    for p in (0, 1, 2, 3, 1.5, "inf", "-inf", 0.5, -1):
        found.call(f"norm/p{p}", "x.norm", [p, {"dim": 1}], {"x": {"fill": [[0.25, 3.0, -4.0], [1.0, 1.0, 1.0], [2.0, 0.5, -2.0]]}}, order=2)
        found.call(f"norm/p{p}-zero", "x.norm", [p, {"dim": 1}], {"x": {"fill": [[0.0, 0.0], [1.0, 2.0]]}}, order=1)
    found.call("std/zero-second", "x.std", [1], {"x": {"fill": [[2.0, 2.0], [1.0, 2.0]]}}, order=2)
    found.call("quantile/ties", "x.quantile", [0.3, {"dim": 1}], ties, order=2)
    found.call("topk/second", "x.topk", [2], {"x": real(3, 4, fill="distinct")}, order=2)
    found.call("kthvalue/second", "x.kthvalue", [2], {"x": real(3, 4, fill="distinct")}, order=2)
    found.call("normalize/zero", "F.normalize", ["$x"], {"x": {"fill": [[0.0, 0.0], [3.0, 4.0]]}})
    found.call("renorm/limits", "x.renorm", [2, 0, 5], {"x": {"fill": [[1.0, 0.0], [3.0, 4.0], [6.0, 8.0]]}}, order=2)
    found.call("cosineSimilarity/zero", "F.cosineSimilarity", ["$x", "$y"], {"x": {"fill": [[0.0, 0.0], [3.0, 4.0]]}, "y": {"fill": [[1.0, 2.0], [-4.0, 3.0]]}})
