"""What layers without parameters do, as functions: the layers' cases with the call written otherwise."""

from convolution import convolution
from draw import call, constant, real
from family import Family
from loss import loss
from pooling import pooling

functional = Family("functional")

# Where the function's name is not the layer's in another case.
NAMES = {
    "L1Loss": "l1Loss",
    "MSELoss": "mseLoss",
    "SmoothL1Loss": "smoothL1Loss",
    "NLLLoss": "nllLoss",
    "BCELoss": "binaryCrossEntropy",
    "BCEWithLogitsLoss": "binaryCrossEntropyWithLogits",
    "CrossEntropyLoss": "crossEntropy",
    "KLDivLoss": "klDiv",
    "PoissonNLLLoss": "poissonNllLoss",
    "GaussianNLLLoss": "gaussianNllLoss",
    "MultiLabelMarginLoss": "multilabelMarginLoss",
    "MultiLabelSoftMarginLoss": "multilabelSoftMarginLoss",
    "CTCLoss": "ctcLoss",
    **{f"LPPool{rank}d": f"lpPool{rank}d" for rank in (1, 2, 3)},
}
PLAIN = ["Fold", "Unfold", "PixelShuffle", "PixelUnshuffle", "ChannelShuffle"]
LEFT_OUT = ["AdaptiveLogSoftmaxWithLoss"]
LAYERS = {name: function for name, function in (*loss.operations, *pooling.operations) if not name.startswith("F.") and name not in LEFT_OUT}
LAYERS |= {name: function for name, function in convolution.operations if name in PLAIN}


def function_name(name):
    return "F." + NAMES.get(name, name[0].lower() + name[1:])


LAYER_OF = {function_name(name): name for name in LAYERS}


@functional.operation(*LAYER_OF)
def of_layer(d, name):
    kind = LAYER_OF[name]
    case = LAYERS[kind](d, kind)
    inputs = case["inputs"] if isinstance(case["inputs"], dict) else {f"input{index}": spec for index, spec in enumerate(case["inputs"])}
    given = case.get("forward", [f"${key}" for key in inputs])
    arguments = case["args"]
    if isinstance(arguments[-1], dict):  # in TypeScript another function gives the indices
        arguments = [*arguments[:-1], {key: value for key, value in arguments[-1].items() if key != "returnIndices"}]
    return call(name, [*given, *arguments], inputs, order=case.get("order", 1))


IN_PLACE = ["F.celu_", "F.elu_", "F.hardtanh_", "F.leakyRelu_", "F.selu_", "F.relu_", "F.threshold_", "F.rrelu_"]


@functional.operation(*IN_PLACE)
def in_place(d, name):
    offered = {"F.celu_": {"alpha": 0.6}, "F.elu_": {"alpha": 0.7}, "F.hardtanh_": {"minVal": -0.4, "maxVal": 0.7}, "F.leakyRelu_": {"negativeSlope": 0.2}}
    arguments = {"F.threshold_": [0.1, -2], "F.rrelu_": [{"lower": 0.2, "upper": 0.3}]}
    x = real(d.shape(), "nonzero", clone=True)
    return call(name, ["$x", *arguments.get(name, d.trailing(**offered.get(name, {})))], {"x": x}, after=["x"])


@functional.operation("F.upsampleNearest", "F.upsampleBilinear")
def upsample(d, name):
    return call(name, ["$x", d.pick({"scaleFactor": 2}, {"size": [5, 3]})], {"x": real([1, 2, 3, 4])})


@functional.operation("fill_", "zero_", "copy_", "addmm_", "detach_")
def overwritten(d, name):
    if name == "addmm_":
        inputs = {"x": real([3, 4], clone=True), "a": real([3, 2]), "b": real([2, 4])}
        return call("x.addmm_", ["$a", "$b", *d.trailing(beta=0.5, alpha=2)], inputs, after=["x"])
    shape = d.shape()
    arguments = {"fill_": [d.pick(1.5, "$y")], "copy_": ["$z"]}
    inputs = {"x": real(shape, clone=True), "y": constant([]), "z": real(d.broadcastable(shape))}
    return call(f"x.{name}", arguments.get(name, []), inputs, after=["x"])
