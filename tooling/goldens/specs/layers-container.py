"""Containers, printed trees, lazy layers."""

from _layers import Cases, real


def part(name, *args):
    return {"layer": name, "args": list(args)}


def cases():
    c = Cases()
    c.layer("Sequential", "mlp", [part("Linear", 20, 256), part("ReLU"), part("Linear", 256, 10)], [], forward=None)
    c.layer("Sequential", "small", [part("Linear", 4, 5), part("Tanh"), part("Linear", 5, 2)], [real(3, 4)], order=2, seed=1)
    c.layer("Sequential", "empty", [], [real(3, 4)])
    c.layer("Sequential", "one", [part("Linear", 4, 2)], [real(3, 4)])
    c.layer("Sequential", "nested", [part("Sequential", part("Linear", 4, 3), part("Sigmoid")), part("Sequential", part("Linear", 3, 2), part("Softmax", 1))], [real(3, 4)])
    c.layer("Sequential", "lenet", [part("Conv2d", 1, 2, 3, {"padding": 1}), part("Sigmoid"), part("AvgPool2d", 2), part("Flatten"), part("Linear", 18, 4)], [real(2, 1, 6, 6)])
    c.layer("Sequential", "batch-norm", [part("Conv2d", 1, 3, 3), part("BatchNorm2d", 3), part("ReLU"), part("MaxPool2d", 2), part("Flatten"), part("Linear", 12, 2)], [real(3, 1, 6, 6)], calls=2)
    c.layer("Sequential", "batch-norm-eval", [part("Linear", 4, 3), part("BatchNorm1d", 3), part("GELU")], [real(3, 4)], mode="eval")
    c.layer("Sequential", "embedding", [part("Embedding", 5, 3), part("Flatten"), part("LayerNorm", 6), part("Linear", 6, 1)], [{"shape": [4, 2], "dtype": "int32", "fill": "int:0:5"}])
    c.layer("Sequential", "same-repeated", [part("Linear", 2, 2), part("Linear", 2, 2), part("Linear", 2, 2)], [], forward=None)
    c.layer("ModuleList", "repr", [[part("Linear", 2, 3), part("ReLU")]], [], forward=None)
    c.layer("ModuleList", "repeated", [[part("Linear", 2, 2), part("Linear", 2, 2), part("Linear", 2, 2), part("ReLU")]], [], forward=None)
    c.layer("ModuleList", "empty", [], [], forward=None)
    c.layer("ModuleList", "nested", [[part("Sequential", part("Linear", 2, 3), part("ReLU")), part("ModuleList", [part("Tanh")])]], [], forward=None)
    for name, args, x in (
        ("LazyLinear", [3], real(2, 4)),
        ("LazyConv1d", [3, 2], real(2, 2, 5)),
        ("LazyConv2d", [3, 2, {"stride": 2}], real(2, 2, 5, 4)),
        ("LazyConv3d", [2, 2], real(1, 2, 3, 3, 3)),
        ("LazyConvTranspose1d", [3, 2], real(2, 2, 5)),
        ("LazyConvTranspose2d", [3, 2, {"stride": 2}], real(2, 2, 3, 4)),
        ("LazyConvTranspose3d", [2, 2], real(1, 2, 2, 2, 2)),
        ("LazyBatchNorm1d", [], real(4, 3)),
        ("LazyBatchNorm2d", [], real(4, 3, 2, 2)),
        ("LazyBatchNorm3d", [], real(2, 3, 2, 2, 1)),
        ("LazyInstanceNorm1d", [{"affine": True}], real(2, 3, 4)),
        ("LazyInstanceNorm2d", [{"affine": True}], real(2, 3, 4, 2)),
        ("LazyInstanceNorm3d", [{"affine": True}], real(2, 3, 4, 2, 2)),
    ):
        c.layer(name, "first-call", args, [x], lazy=True)
        c.layer(name, "twice", args, [x], lazy=True, calls=2, seed=3)
    c.layer("Sequential", "lazy", [part("LazyLinear", 5), part("ReLU"), part("LazyLinear", 2)], [real(3, 4)], lazy=True)
    # The ways in which people who know PyTorch write these.
    for name, variant, args, inputs in (
        ("MaxPool2d", "kernel-stride", [2, 2], [real(1, 2, 4, 6, fill="distinct")]),
        ("MaxPool2d", "kernel-stride-padding", [3, 2, 1], [real(1, 2, 5, 6, fill="distinct")]),
        ("MaxPool1d", "kernel-stride", [3, 2], [real(1, 2, 7, fill="distinct")]),
        ("AvgPool2d", "kernel-stride", [2, 1], [real(1, 2, 4, 5)]),
        ("Conv2d", "stride-padding", [1, 2, 3, 2, 1], [real(1, 1, 5, 6)]),
        ("Conv1d", "stride", [2, 3, 3, 2], [real(1, 2, 7)]),
        ("ConvTranspose2d", "stride-padding", [2, 1, 4, 2, 1], [real(1, 2, 3, 3)]),
        ("LSTM", "layers", [3, 2, 2], [real(3, 1, 3)]),
        ("GRU", "layers", [3, 2, 2], [real(3, 1, 3)]),
        ("Softmax", "dim", [-1], [real(2, 3)]),
        ("LeakyReLU", "slope", [0.2], [real(2, 3)]),
        ("Dropout", "p", [0.5], [real(2, 3)]),
        ("Hardtanh", "range", [-2, 2], [real(2, 3)]),
        ("Softplus", "beta-threshold", [2, 10], [real(2, 3)]),
        ("BatchNorm2d", "eps-momentum", [2, 1e-3, 0.5], [real(2, 2, 2, 3)]),
        ("GroupNorm", "eps", [1, 2, 1e-3], [real(2, 2, 3)]),
        ("LayerNorm", "eps", [3, 1e-3], [real(2, 3)]),
        ("Linear", "bias", [3, 2, False], [real(2, 3)]),
        ("Flatten", "dims", [1, 2], [real(2, 3, 2, 2)]),
        ("Upsample", "size", [[4, 4]], [real(1, 1, 2, 2)]),
    ):
        c.layer(name, f"positional-{variant}", args, inputs)
    return c
