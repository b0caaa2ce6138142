"""Activations as functions and as layers."""

from draw import call, layer, real
from family import Family

activation = Family("activation")

# The function, the layer, and options in the order of the layer's arguments.
ACTIVATIONS = {
    "F.hardtanh": ("Hardtanh", {"minVal": -0.4, "maxVal": 0.7}),
    "F.celu": ("CELU", {"alpha": 0.6}),
    "F.elu": ("ELU", {"alpha": 0.7}),
    "F.gelu": ("GELU", {"approximate": "tanh"}),
    "F.softplus": ("Softplus", {"beta": 2, "threshold": 1.5}),
    "F.hardshrink": ("Hardshrink", {"lambd": 0.3}),
    "F.softshrink": ("Softshrink", {"lambd": 0.3}),
    "F.leakyRelu": ("LeakyReLU", {"negativeSlope": 0.2}),
    "F.relu": ("ReLU", {}),
    "F.relu6": ("ReLU6", {}),
    "F.selu": ("SELU", {}),
    "F.silu": ("SiLU", {}),
    "F.mish": ("Mish", {}),
    "F.sigmoid": ("Sigmoid", {}),
    "F.tanh": ("Tanh", {}),
    "F.softsign": ("Softsign", {}),
    "F.tanhshrink": ("Tanhshrink", {}),
    "F.hardswish": ("Hardswish", {}),
    "F.hardsigmoid": ("Hardsigmoid", {}),
    "F.logsigmoid": ("LogSigmoid", {}),
}


@activation.operation(*ACTIVATIONS, times=2)
def plain(d, name):
    kind, offered = ACTIVATIONS[name]
    x = real(d.shape())
    order = 1 if kind == "Hardsigmoid" else 2  # PyTorch does not differentiate that one twice
    if d.chance(0.5):
        return layer(kind, d.trailing(**offered), [x], order=order)
    return call(name, ["$x", *d.trailing(**offered)], {"x": x}, order=order)


@activation.operation("F.threshold")
def threshold(d, name):
    x = real(d.shape())
    return d.pick(call(name, ["$x", 0.1, -2], {"x": x}, order=2), layer("Threshold", [0.1, -2], [x], order=2))


@activation.operation("F.rrelu")
def rrelu(d, name):
    # Of values that were drawn themselves: the draws depend on signs, and rounding may decide those of computed values.
    bounds = [{"lower": 0.2, "upper": 0.3}]
    x = real(d.shape(), "nonzero")
    return d.pick(call(name, ["$x", {**bounds[0], "training": d.chance(0.5)}], {"x": x}), layer("RReLU", bounds, [x], mode=d.pick("train", "eval")))


@activation.operation("F.prelu")
def prelu(d, name):
    channels = d.pick(1, 3)
    x = real([2, 3, *d.shape(ranks=(0, 2))])
    return d.pick(
        call(name, ["$x", "$w"], {"x": x, "w": real([channels])}, order=2),
        layer("PReLU", d.trailing(numParameters=3, init=0.1), [x], order=2),
    )


@activation.operation("F.glu")
def glu(d, name):
    dim = d.trailing(dim=d.pick(0, 1, -1))
    x = real([4, 2, 6])
    return d.pick(call(name, ["$x", *dim], {"x": x}, order=2), layer("GLU", dim, [x], order=2))


@activation.operation("F.softmin", "F.softmax", "F.logSoftmax")
def softmax(d, name):
    dim = [{"dim": d.pick(0, 1, -1)}]
    x = real([4, 2, 3])
    kind = {"F.softmin": "Softmin", "F.softmax": "Softmax", "F.logSoftmax": "LogSoftmax"}[name]
    return d.pick(call(name, ["$x", *dim], {"x": x}, order=2), layer(kind, dim, [x], order=2))


@activation.operation("Softmax2d")
def softmax2d(d, name):
    return layer(name, [], [real([*d.shape(ranks=(0, 1)), 3, 2, 2])], order=2)


@activation.operation("F.normalize")
def normalize(d, name):
    x = real(d.shape(ranks=(2, 4), low=2), "distinct")
    return call(name, ["$x", *d.trailing(p=d.pick(1, 2, 3), dim=d.dimension(len(x["shape"])))], {"x": x}, order=2)
