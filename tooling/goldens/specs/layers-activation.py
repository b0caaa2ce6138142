"""Activations as layers and as functions, with values around their corners."""

from _layers import Cases, real

CORNERS = {"fill": [-30, -8, -3.5, -3, -2, -1, -0.5, -1e-3, 0, 1e-3, 0.5, 1, 2, 3, 3.5, 6, 7, 20.5, 30]}
SMOOTH = {"ELU", "CELU", "SELU", "GELU", "SiLU", "Mish", "Sigmoid", "Tanh", "Softplus", "LogSigmoid", "Softsign", "Tanhshrink"}

LAYERS = {
    "ReLU": [("default", [])],
    "ReLU6": [("default", [])],
    "LeakyReLU": [("default", []), ("slope", [0.2]), ("option", [{"negativeSlope": 0.3}])],
    "ELU": [("default", []), ("alpha", [0.5]), ("option", [{"alpha": 2}])],
    "CELU": [("default", []), ("alpha", [0.5]), ("option", [{"alpha": 2}])],
    "SELU": [("default", [])],
    "GELU": [("default", []), ("tanh", [{"approximate": "tanh"}])],
    "SiLU": [("default", [])],
    "Mish": [("default", [])],
    "Sigmoid": [("default", [])],
    "Tanh": [("default", [])],
    "Hardsigmoid": [("default", [])],
    "Hardswish": [("default", [])],
    "Hardtanh": [("default", []), ("range", [{"minVal": -2, "maxVal": 0.5}])],
    "Hardshrink": [("default", []), ("lambda", [1])],
    "Softshrink": [("default", []), ("lambda", [1])],
    "Softplus": [("default", []), ("beta", [{"beta": 2}]), ("threshold", [{"beta": 0.5, "threshold": 1}])],
    "LogSigmoid": [("default", [])],
    "Softsign": [("default", [])],
    "Tanhshrink": [("default", [])],
    "Threshold": [("plain", [0.5, 20]), ("negative", [-1, -5])],
}

FUNCTIONS = {
    "relu": [("default", [])],
    "relu6": [("default", [])],
    "leakyRelu": [("default", []), ("slope", [0.2]), ("option", [{"negativeSlope": 0.3}])],
    "elu": [("default", []), ("alpha", [{"alpha": 0.5}])],
    "celu": [("default", []), ("alpha", [{"alpha": 0.5}])],
    "selu": [("default", [])],
    "gelu": [("default", []), ("tanh", [{"approximate": "tanh"}])],
    "silu": [("default", [])],
    "mish": [("default", [])],
    "sigmoid": [("default", [])],
    "tanh": [("default", [])],
    "hardsigmoid": [("default", [])],
    "hardswish": [("default", [])],
    "hardtanh": [("default", []), ("range", [{"minVal": -2, "maxVal": 0.5}])],
    "hardshrink": [("default", []), ("lambda", [1])],
    "softshrink": [("default", []), ("lambda", [1])],
    "softplus": [("default", []), ("beta", [{"beta": 2, "threshold": 3}])],
    "logsigmoid": [("default", [])],
    "softsign": [("default", [])],
    "tanhshrink": [("default", [])],
    "threshold": [("plain", [0.5, 20])],
}


def cases():
    c = Cases()
    for name, variants in LAYERS.items():
        for variant, args in variants:
            c.layer(name, variant, args, [CORNERS])
        c.layer(name, "random", variants[0][1], [real(2, 3, 4)], **({"order": 2} if name in SMOOTH else {}))
        # PyTorch's vectorised GELU is NaN at infinity, its formula is not.
        infinite = [] if name == "GELU" else ["inf", "-inf"]
        c.layer(name, "edges", variants[0][1], [{"fill": [*infinite, "nan", 100, -100], "requiresGrad": False}])
    for name, variants in FUNCTIONS.items():
        for variant, args in variants:
            c.function(name, variant, ["$x", *args], {"x": CORNERS})
        c.function(name, "random", ["$x", *variants[0][1]], {"x": real(3, 4)})
    for inplace in ("ReLU", "ReLU6", "LeakyReLU", "ELU", "SELU", "CELU", "SiLU", "Mish", "Hardtanh", "Hardswish", "Hardsigmoid", "Dropout", "AlphaDropout"):
        c.layer(inplace, "repr-inplace", [{"inplace": True}], [], forward=None)
    c.layer("Threshold", "repr-inplace", [0.1, 20, {"inplace": True}], [], forward=None)
    c.layer("PReLU", "default", [], [CORNERS])
    c.layer("PReLU", "init", [{"init": 0.1}], [real(2, 3)])
    c.layer("PReLU", "channels", [3], [real(2, 3, 4)])
    c.layer("PReLU", "channels-images", [{"numParameters": 2, "init": 0.5}], [real(2, 2, 3, 3)])
    c.layer("RReLU", "eval", [], [CORNERS], mode="eval")
    c.layer("RReLU", "range-eval", [{"lower": 0.1, "upper": 0.2}], [CORNERS], mode="eval")
    c.layer("RReLU", "train", [], [real(3, 5)], seed=4)
    c.layer("GLU", "default", [], [real(2, 6)])
    c.layer("GLU", "dim", [0], [real(4, 3)])
    c.layer("GLU", "second", [{"dim": 1}], [real(2, 4, 3)], order=2)
    c.layer("GLU", "error-odd", [], [real(2, 5)], error="Halving dimension must be even, but dimension 1 is size 5")
    for name in ("Softmax", "LogSoftmax", "Softmin"):
        c.layer(name, "positional", [1], [real(2, 3)])
        c.layer(name, "dim0", [{"dim": 0}], [real(2, 3)])
        c.layer(name, "negative", [-1], [real(2, 3, 4)], order=2)
        c.layer(name, "middle", [{"dim": 1}], [real(2, 3, 4)])
        c.layer(name, "large", [1], [{"fill": [[1000, 1001, 999], [-1000, -1000, -1002]]}])
        c.layer(name, "infinite", [1], [{"fill": [[0, "-inf", 1], [2, 3, "-inf"]]}])
    c.layer("Softmax", "wide", [1], [real(2, 300)])
    c.layer("LogSoftmax", "wide", [1], [real(2, 300)])
    c.layer("Softmax", "one", [1], [real(3, 1)])
    c.layer("Softmax", "float64", [1], [real(3, 4, dtype="float64")])
    c.layer("Softmax2d", "plain", [], [real(2, 3, 2, 2)])
    c.layer("Softmax2d", "unbatched", [], [real(3, 2, 2)])
    c.function("softmax", "dim", ["$x", {"dim": 1}], {"x": real(2, 3)})
    c.function("softmax", "positional", ["$x", 0], {"x": real(2, 3)})
    c.function("softmax", "dtype", ["$x", {"dim": 1, "dtype": "float64"}], {"x": real(2, 3)})
    c.function("softmax", "error-dim", ["$x", {"dim": 3}], {"x": real(2, 3)}, error="Dimension out of range (expected to be in range of [-2, 1], but got 3)")
    c.function("logSoftmax", "dim", ["$x", {"dim": 1}], {"x": real(2, 3)})
    c.function("logSoftmax", "positional", ["$x", -1], {"x": real(2, 3, 2)})
    c.function("softmin", "dim", ["$x", {"dim": 1}], {"x": real(2, 3)})
    c.function("glu", "default", ["$x"], {"x": real(2, 6)})
    c.function("glu", "dim", ["$x", {"dim": 0}], {"x": real(4, 3)})
    c.function("prelu", "one", ["$x", "$w"], {"x": real(2, 3), "w": {"fill": [0.3]}})
    c.function("prelu", "channels", ["$x", "$w"], {"x": real(2, 3, 4), "w": real(3)})
    c.function("rrelu", "eval", ["$x"], {"x": CORNERS})
    c.function("rrelu", "train", ["$x", {"lower": 0.1, "upper": 0.3, "training": True}], {"x": real(3, 4)}, seed=2)
    c.function("gumbelSoftmax", "soft", ["$x", {"tau": 0.5}], {"x": real(3, 4)}, seed=1)
    c.function("gumbelSoftmax", "hard", ["$x", {"hard": True}], {"x": real(3, 4)}, seed=2)
    c.function("gumbelSoftmax", "dim0", ["$x", {"tau": 2, "dim": 0}], {"x": real(3, 4)}, seed=3)
    for name in ("relu", "sigmoid", "tanh", "softmax", "logSoftmax"):
        args = [{"dim": 1}] if "oftmax" in name else []
        c.call(f"method-{name}", f"x.{name}", args, {"x": real(2, 3)})
    return c
