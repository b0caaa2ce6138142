"""Whole networks: several layers in training, with their draws, buffers and gradients of all parameters."""

from draw import layer, real
from family import Family

network = Family("network")

ACTIVATIONS = ["GELU", "Tanh", "SiLU", "Softplus", "Sigmoid", "Mish", "Softsign", "ELU"]


@network.operation("convolutional", times=16)
def convolutional(d, name):
    channels = 2
    layers = []
    for _ in range(d.whole(1, 4)):
        # RReLU is left out: its draws depend on signs, and rounding may decide those of computed values.
        kind = d.pick("Conv2d", "Conv2d", "BatchNorm2d", "activation", "PReLU", "dropout", "GroupNorm", "InstanceNorm2d", "LocalResponseNorm", "Softmax2d", "Identity", "MaxPool2d")
        if kind == "Conv2d":
            outputs = d.whole(2, 4)
            layers.append({"layer": kind, "args": [channels, outputs, 3, d.options(padding=1, bias=False)]})
            channels = outputs
        elif kind == "activation":
            layers.append({"layer": d.pick(*ACTIVATIONS, "ReLU", "LeakyReLU", "Hardswish")})
        elif kind == "dropout":
            layers.append({"layer": d.pick("Dropout", "Dropout2d", "AlphaDropout", "FeatureAlphaDropout"), "args": [d.pick(0.1, 0.3, 0.5)]})
        else:
            arguments = {"BatchNorm2d": [channels], "GroupNorm": [1, channels], "InstanceNorm2d": [channels, d.options(affine=True)], "LocalResponseNorm": [2], "MaxPool2d": [2, {"stride": 1}]}
            layers.append({"layer": kind, "args": arguments.get(kind, [])})
    if d.chance(0.6):
        layers += [{"layer": "AdaptiveAvgPool2d", "args": [d.pick(1, 2)]}, {"layer": "Flatten"}]
    return layer("Sequential", layers, [real([3, 2, 6, 6])], mode=d.pick("train", "train", "eval"), calls=d.pick(1, 2, 3))


@network.operation("dense", times=12)
def dense(d, name):
    features = 5
    layers = []
    for _ in range(d.whole(1, 5)):
        kind = d.pick("Linear", "Linear", "Linear", "BatchNorm1d", "LayerNorm", "activation", "dropout")
        if kind == "Linear":
            outputs = d.whole(4, 6)
            layers.append({"layer": kind, "args": [features, outputs, d.options(bias=False)]})
            features = outputs
        elif kind == "activation":
            layers.append({"layer": d.pick(*ACTIVATIONS, "ReLU", "LeakyReLU")})
        elif kind == "dropout":
            layers.append({"layer": d.pick("Dropout", "AlphaDropout"), "args": [d.pick(0.1, 0.3, 0.5)]})
        else:
            layers.append({"layer": kind, "args": [features]})
    return layer("Sequential", layers, [real([6, 5])], mode=d.pick("train", "train", "eval"), calls=d.pick(1, 2, 3))
