"""Arguments in rare company: each was once computed wrongly or refused."""

from _layers import Cases, real


def convolutions(c):
    c.layer("ConvTranspose1d", "output-padding-within-padding", [2, 1, 3, {"dilation": 2, "padding": 1, "outputPadding": 1}], [real(3, 2, 2)], order=2)
    c.layer("ConvTranspose1d", "output-padding-within-padding-groups", [3, 3, 2, {"dilation": 2, "groups": 3, "padding": 1, "outputPadding": 1}], [real(2, 3, 2)])
    c.layer("ConvTranspose3d", "output-padding-within-padding", [1, 1, 2, {"dilation": 2, "padding": [1, 2, 0], "outputPadding": 1}], [real(2, 1, 3, 3, 4)])
    c.layer("ConvTranspose2d", "output-padding-beyond", [1, 2, 2, {"dilation": [3, 1], "stride": [1, 3], "padding": [1, 0], "outputPadding": [2, 2]}], [real(1, 1, 3, 2)])
    c.layer("ConvTranspose2d", "nothing-left", [2, 4, 2, {"dilation": 2, "groups": 2, "padding": 2}], [real(3, 2, 2, 3)])
    c.layer("ConvTranspose3d", "nothing-left", [2, 2, [3, 1, 1], {"stride": [3, 1, 3], "bias": False, "padding": [0, 2, 1]}], [real(2, 2, 3, 4, 2)])


def pools(c):
    untied = {"shape": [2, 2, 8, 6], "fill": "distinct"}
    c.layer("MaxPool2d", "padded-by-a-window", [2, {"ceilMode": True, "padding": 1, "dilation": 2}], [untied], order=2)
    c.layer("AdaptiveAvgPool3d", "every-other-axis-repeated", [2], [real(2, 2, 8, 8, 6)])


def broadcasting(c):
    for name in ("add", "mul", "maximum"):
        c.call(f"{name}/every-other-axis", f"x.{name}", ["$y"], {"x": real(2, 1, 2, 1, 3, 1, 2), "y": real(1, 2, 1, 3, 1, 2, 1)})
    c.call("where/every-other-axis", "torch.where", ["$m", "$x", "$y"], {"m": {"shape": [1, 2, 2, 1, 1, 2, 1], "dtype": "bool", "fill": "bool"}, "x": real(2, 1, 2, 1, 3, 1, 2), "y": real(1, 2, 1, 3, 1, 2, 1)})
    c.call("expand/every-other-axis", "x.expand", [2, 2, 2, 3, 3, 2, 2], {"x": real(2, 1, 2, 1, 3, 1, 2)})


def arithmetic(c):
    c.call("ldexp/dtypes", "torch.ldexp", ["$x", "$y"], {"x": real(4, 3, dtype="float64"), "y": real(4, 3, fill="int:-3:4", requiresGrad=False)})
    for alpha in (0, 2):
        c.call(f"add/bool-alpha{alpha}", "x.add", ["$y", {"alpha": alpha}], {"x": {"fill": [False, True], "dtype": "bool"}, "y": {"fill": [[True, True], [False, True]], "dtype": "bool"}})
    c.call("nextafter/gradient", "torch.nextafter", ["$x", "$y"], {"x": {"fill": [1, 2, -3]}, "y": {"fill": [1, 3, -5]}})
    for mode in ("floor", "trunc"):
        c.call(f"div/{mode}-by-zero", "x.div", ["$y", {"roundingMode": mode}], {"x": real(2, 3, fill="positive"), "y": {"fill": [0, 2, 0]}})
    for name in ("var", "std", "varMean"):
        c.call(f"{name}/more-correction-than-elements", f"torch.{name}", ["$x", {"dim": [0], "correction": 2, "keepdim": True}], {"x": real(1, 3)}, order=2)


def flat_derivatives(c):
    for name in ("eq_", "lt_", "ge_"):
        c.call(f"{name}/both", f"x.{name}", ["$y"], {"x": real(2, 3, clone=True), "y": real(3)}, after=["x"])
        c.call(f"{name}/other-alone", f"x.{name}", ["$y"], {"x": real(2, 3, clone=True, requiresGrad=False), "y": real(3)}, after=["x"])
    c.call("matrixPower/zero", "x.matrixPower", [0], {"x": real(2, 3, 3)}, order=2)
    c.call("maskedScatter/nowhere", "x.maskedScatter", ["$m", "$y"], {"x": real(4), "m": {"fill": [0, 0, 0, 0], "dtype": "bool"}, "y": real(4)})
    c.call("set/nowhere", "x.set", [["$i", ["slice", 1, None]], "$y"], {"x": real(3, 1), "i": {"fill": [2, 0], "dtype": "int32"}, "y": real()})
    c.call("entr/below-zero", "special.entr", ["$x"], {"x": {"fill": [0.5, 0, -1, 2]}}, order=2)


def in_place_activations(c):
    for name, options in (("celu_", {"alpha": 0.6}), ("elu_", {"alpha": 0.7}), ("leakyRelu_", {"negativeSlope": 0.2}), ("hardtanh_", {"minVal": -0.4, "maxVal": 0.7}), ("rrelu_", {"lower": 0.2, "upper": 0.3})):
        c.call(f"{name}/by-name", f"F.{name}", ["$x", options], {"x": real(3, 4, clone=True)}, after=["x"])


def refusals(c):
    c.call("avgPool3d/smaller-than-window", "F.avgPool3d", ["$x", 3, {"padding": 1}], {"x": real(1, 1, 2, 6, 7)}, error="input image (T: 2 H: 6 W: 7) smaller than kernel size (kT: 3 kH: 3 kW: 3)")
    c.layer("LPPool3d", "smaller-than-window", [2, 3, {"ceilMode": True}], [real(1, 1, 2, 6, 7)], error="smaller than kernel size")
    c.layer("FractionalMaxPool3d", "no-room", [2, {"outputSize": 5}], [real(1, 1, 6, 6, 6)], error="too large relative to input")
    c.call("mvlgamma/bool", "x.mvlgamma", [2], {"x": {"fill": [1, 1], "dtype": "bool"}}, error="The input tensor may not be a boolean tensor.")


def refused_types(c):
    whole = {"shape": [2], "dtype": "int32", "fill": [0, 1]}
    c.call("indexPut/other-dtype", "x.indexPut", [{"tuple": ["$i"]}, "$y"], {"x": real(3), "i": whole, "y": real(2, dtype="float64")}, error="Index put requires the source and destination dtypes match")
    c.call("set/other-dtype", "x.set", ["$i", "$y"], {"x": real(3), "i": whole, "y": real(2, dtype="float64")}, error="Index put requires the source and destination dtypes match")
    c.call("maskedScatter/other-dtype", "x.maskedScatter", ["$m", "$y"], {"x": real(2), "m": {"fill": [1, 0], "dtype": "bool"}, "y": real(2, dtype="float64")}, error="expected self and source to have same dtypes")
    c.call("diff/negative", "x.diff", [{"n": -5}], {"x": real(3)}, error="order must be non-negative but got -5")
    c.call("argmax/bool", "x.argmax", [0], {"x": {"fill": [1, 0], "dtype": "bool"}}, error="argmax(): does not support bool input")
    c.call("fftn/repeated-dims", "fft.rfftn", ["$x", {"dim": [0, -2]}], {"x": real(3, 4)}, error="FFT dims must be unique")
    c.call("rfftfreq/negative", "fft.rfftfreq", [-6], error="Trying to create tensor with negative dimension -2: [-2]")
    c.call("fftfreq/negative", "fft.fftfreq", [-1], error="Trying to create tensor with negative dimension -1: [-1]")
    c.call("groupNorm/negative", "F.groupNorm", ["$x", -1], {"x": real(2, 4, 3)}, error="Expected num groups to be greater than 0, got -1")
    c.call("lstsq/more-dimensions", "linalg.lstsq", ["$x", "$y"], {"x": real(3, 2), "y": real(2, 3, 1)}, error="input.dim() must be greater or equal to other.dim()")
    c.call("maxUnpool2d/negative", "F.maxUnpool2d", ["$x", "$i", -5], {"x": real(1, 1, 1, 1), "i": {"fill": [[[[0]]]], "dtype": "int32"}}, error="output_size must contain non-negative spatial dimensions")
    c.call("topk/bool", "x.topk", [1], {"x": {"fill": [1, 0], "dtype": "bool"}}, error="topk does not support bool dtypes on CPU")
    c.call("pad/cropped-away", "F.pad", ["$x", [3, -4]], {"x": real(3, 3)}, error="narrow(): length must be non-negative.")
    c.call("isin/bool", "torch.isin", ["$x", "$y"], {"x": {"fill": [1, 0], "dtype": "int32"}, "y": {"fill": [1, 0], "dtype": "bool"}}, error="Unsupported input type encountered for isin(): Bool")
    c.call("vander/bool", "linalg.vander", ["$x"], {"x": {"fill": [1, 0], "dtype": "bool"}}, error="linalg.vander supports floating point, complex, and integer tensors, but got Bool")
    c.call("chainMatmul/vector", "torch.chainMatmul", ["$x", "$y"], {"x": real(2, 3), "y": real(3)}, error="Tensor dimension is 1, expected 2 instead.")
    c.call("cartesianProd/dtypes", "torch.cartesianProd", ["$x", "$y"], {"x": real(2), "y": {"fill": [1, 0], "dtype": "int32"}}, error="meshgrid expects all tensors to have the same dtype")
    c.call("lpPool2d/zero", "F.lpPool2d", ["$x", 0, 2], {"x": real(1, 1, 4, 4)}, error="float division by zero")
    c.layer("MaxPool1d", "padded-by-a-wide-window", [3, {"padding": 2, "dilation": 2}], [real(2, 2, 8)], error="padding should be at most half of kernel size, but got padding=2 and kernel_size=3")
    c.layer("SoftMarginLoss", "broadcast", [], [real(4), {"shape": [4, 4], "fill": "sign", "requiresGrad": False}], error="output with shape [4] doesn't match the broadcast shape [4, 4]")


def cases():
    c = Cases()
    convolutions(c)
    pools(c)
    broadcasting(c)
    arithmetic(c)
    flat_derivatives(c)
    in_place_activations(c)
    refusals(c)
    refused_types(c)
    return c
