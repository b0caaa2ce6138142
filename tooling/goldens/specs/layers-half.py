"""Layers in float16."""

from _layers import Cases, real


def half(*shape, **more):
    return real(*shape, dtype="float16", **more)


def cases():
    c = Cases()

    def add(name, variant, args, inputs, **more):
        c.layer(name, variant, args, inputs, dtype="float16", **more)

    add("Linear", "plain", [4, 3], [half(2, 4)])
    add("Linear", "wide", [64, 3], [half(2, 64)])
    add("Bilinear", "plain", [2, 3, 2], [half(4, 2), half(4, 3)])
    add("Embedding", "plain", [5, 3], [{"shape": [2, 3], "dtype": "int32", "fill": "int:0:5"}])
    add("Conv1d", "padding", [2, 3, 3, {"padding": 1}], [half(2, 2, 6)])
    add("Conv2d", "stride", [2, 3, 3, {"stride": 2, "padding": 1}], [half(2, 2, 6, 5)])
    add("Conv2d", "groups", [4, 4, 3, {"groups": 2}], [half(1, 4, 5, 5)])
    add("ConvTranspose2d", "stride", [2, 3, 3, {"stride": 2}], [half(1, 2, 3, 4)])
    add("MaxPool2d", "2", [2], [half(1, 2, 4, 6, fill="distinct")])
    add("AvgPool2d", "2", [2], [half(1, 2, 4, 6)])
    add("AdaptiveAvgPool2d", "1", [1], [half(2, 3, 4, 4)])
    c.modes("BatchNorm2d", "float16", [3], [half(3, 3, 2, 2)], dtype="float16")
    add("LayerNorm", "plain", [6], [half(3, 6)])
    add("GroupNorm", "plain", [2, 4], [half(2, 4, 3)])
    for name in ("ReLU", "GELU", "SiLU", "Sigmoid", "Tanh", "Softplus", "ELU", "LeakyReLU", "Hardswish"):
        add(name, "plain", [], [half(3, 4)])
    add("Softmax", "plain", [1], [half(3, 5)])
    add("LogSoftmax", "plain", [1], [half(3, 5)])
    add("MSELoss", "plain", [], [half(3, 4), half(3, 4)])
    add("CrossEntropyLoss", "plain", [], [half(4, 3), {"shape": [4], "dtype": "int32", "fill": "int:0:3"}])
    add("GRU", "plain", [3, 4], [half(3, 2, 3)])
    add("LSTM", "plain", [3, 4], [half(3, 2, 3)])
    add("MultiheadAttention", "plain", [4, 2], [half(3, 2, 4), half(3, 2, 4), half(3, 2, 4)])
    add("Sequential", "mlp", [{"layer": "Linear", "args": [4, 8]}, {"layer": "ReLU"}, {"layer": "Linear", "args": [8, 2]}], [half(3, 4)])
    return c
