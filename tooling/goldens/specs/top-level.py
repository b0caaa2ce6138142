"""Functions that PyTorch has at its top level beside, or instead of, methods and layers' functions; complex values as pairs."""

from _layers import Cases, flags, real, whole


def fixed(*values, **more):
    return {"fill": list(values), "requiresGrad": False, **more}


def cases():
    found = Cases()
    complex_values(found)
    layers(found)
    tensors(found)
    return found


def complex_values(found):
    both = {"x": real(2, 3), "y": real(2, 3)}
    pair = {"complex": ["$x", "$y"]}
    found.call("complex/parts", "torch.complex", ["$x", "$y"], both)
    found.call("complex/broadcast", "torch.complex", ["$x", "$y"], {"x": real(2, 1), "y": real(3)})
    found.call("complex/dtype", "torch.complex", ["$x", "$y"], {"x": real(2), "y": real(2, dtype="float64")}, error="Expected object of scalar type Float but got scalar type Double for second argument")
    found.call("complex/int", "torch.complex", ["$x", "$x"], {"x": whole(0, 3, 2)}, error="Expected both inputs to be Half, Float or Double tensors but got Long and Long")
    found.call("polar/parts", "torch.polar", ["$x", "$y"], {"x": real(2, 3, fill="positive"), "y": real(2, 3)})
    found.call("real/complex", "torch.real", [pair], {"x": real(2, 3), "y": real(2, 3, requiresGrad=False)})
    found.call("imag/complex", "torch.imag", [pair], {"x": real(2, 3, requiresGrad=False), "y": real(2, 3)})
    found.call("real/real", "torch.real", ["$x"], {"x": fixed(1.0, 2.0)})
    found.call("imag/real", "torch.imag", ["$x"], {"x": real(2)}, error="imag is not implemented for tensors with non-complex dtypes.")
    found.call("angle/real", "torch.angle", ["$x"], {"x": {"fill": [1.0, -2.0, 0.0, 3.0]}})
    found.call("angle/edges", "torch.angle", ["$x"], {"x": fixed("nan", "inf", "-inf")})
    found.call("angle/int", "x.angle", [], {"x": fixed(1, -1, 0, dtype="int32")})
    found.call("angle/complex", "torch.angle", [pair], both)
    found.call("viewAsReal/complex", "torch.viewAsReal", [pair], both)
    found.call("viewAsReal/real", "torch.viewAsReal", ["$x"], {"x": real(2)}, error="view_as_real is only supported for complex tensors")
    found.call("viewAsComplex/last", "torch.viewAsComplex", ["$x"], {"x": real(3, 2)})
    found.call("viewAsComplex/size", "torch.viewAsComplex", ["$x"], {"x": real(3)}, error="Tensor must have a last dimension of size 2")
    found.call("isreal/method", "x.isreal", [], {"x": real(3)})


def layers(found):
    image = {"x": real(3, 2, 4), "w": real(2), "b": real(2), "m": real(2, requiresGrad=False), "v": real(2, fill="positive", requiresGrad=False)}
    found.call("batchNorm/train", "torch.batchNorm", ["$x", "$w", "$b", "$m", "$v", True, 0.1, 1e-5, False], image, after=["m", "v"])
    found.call("batchNorm/eval", "torch.batchNorm", ["$x", "$w", "$b", "$m", "$v", False, 0.1, 1e-5, False], image)
    found.call("batchNorm/plain", "torch.batchNorm", ["$x", None, None, None, None, True, 0.1, 1e-5, False], {"x": real(3, 2, 4)})
    found.call("instanceNorm/input", "torch.instanceNorm", ["$x", "$w", "$b", None, None, True, 0.1, 1e-5, False], {key: image[key] for key in "xwb"})
    found.call("instanceNorm/running", "torch.instanceNorm", ["$x", None, None, "$m", "$v", False, 0.1, 1e-5, False], {key: image[key] for key in "xmv"})
    found.call("groupNorm/affine", "torch.groupNorm", ["$x", 2, "$w", "$b"], {"x": real(2, 4, 3), "w": real(4), "b": real(4)})
    found.call("layerNorm/affine", "torch.layerNorm", ["$x", [3], "$w", "$b"], {"x": real(2, 3), "w": real(3), "b": real(3)})
    for transposed in (False, True):
        found.call(f"convolution/{'transposed' if transposed else 'plain'}", "torch.convolution", ["$x", "$w", "$b", [2, 1], [1, 0], [1, 1], transposed, [0, 0], 1], {"x": real(1, 2, 5, 5), "w": real(2, 2, 3, 3), "b": real(2)})
    found.call("convolution/line", "torch.convolution", ["$x", "$w", None, [1], [1], [2], False, [0], 2], {"x": real(2, 4, 7), "w": real(4, 2, 3)})
    found.call("convTbc/plain", "torch.convTbc", ["$x", "$w", "$b", 1], {"x": real(5, 2, 3), "w": real(3, 3, 4), "b": real(4)})
    found.call("gridSampler/modes", "torch.gridSampler", ["$x", "$g", 0, 1, True], {"x": real(1, 2, 4, 4), "g": real(1, 3, 3, 2, fill="uniform:-1:1")})
    found.call("gridSampler2d/nearest", "torch.gridSampler2d", ["$x", "$g", 1, 0, False], {"x": real(1, 2, 4, 4), "g": real(1, 3, 3, 2, fill="uniform:-1:1")}, torch="torch.grid_sampler_2d")
    found.call("affineGridGenerator/plain", "torch.affineGridGenerator", ["$t", [2, 1, 3, 4], False], {"t": real(2, 2, 3)})
    weights = {"wi": real(4, 3), "wh": real(4, 4), "bi": real(4), "bh": real(4), "x": real(2, 3), "h": real(2, 4)}
    for name in ("rnnTanhCell", "rnnReluCell"):
        found.call(f"{name}/biases", f"torch.{name}", ["$x", "$h", "$wi", "$wh", "$bi", "$bh"], weights)
        found.call(f"{name}/plain", f"torch.{name}", ["$x", "$h", "$wi", "$wh"], {key: weights[key] for key in ("x", "h", "wi", "wh")})
    gates = {**weights, "wi": real(12, 3), "wh": real(12, 4), "bi": real(12), "bh": real(12)}
    found.call("gruCell/biases", "torch.gruCell", ["$x", "$h", "$wi", "$wh", "$bi", "$bh"], gates)
    gates = {**weights, "wi": real(16, 3), "wh": real(16, 4), "bi": real(16), "bh": real(16), "c": real(2, 4)}
    found.call("lstmCell/biases", "torch.lstmCell", ["$x", ["$h", "$c"], "$wi", "$wh", "$bi", "$bh"], gates)
    noisy = {"x": real(3, 4, 2, requiresGrad=False)}
    for name in ("dropout_", "alphaDropout_", "featureDropout_", "featureAlphaDropout_"):
        found.call(f"{name}/train", f"torch.{name}", ["$x", 0.5, True], noisy, after=["x"], seed=3)
    found.call("featureDropout/train", "torch.featureDropout", ["$x", 0.4, True], {"x": real(3, 4, 2)}, seed=3)
    found.call("featureDropout/eval", "torch.featureDropout", ["$x", 0.4, False], {"x": real(3, 4, 2)})
    found.call("prelu/method", "x.prelu", ["$w"], {"x": real(2, 3), "w": real(3)}, order=2)
    found.call("prelu/int", "x.prelu", ["$w"], {"x": whole(0, 3, 2), "w": real(1)}, error=None)
    found.call("hardshrink/method", "x.hardshrink", [], {"x": real(6)})
    found.call("hardshrink/bound", "x.hardshrink", [0.2], {"x": real(6)}, order=2)
    found.call("hardshrink/option", "x.hardshrink", [{"lambd": 1}], {"x": real(6)})
    found.call("hardshrink/int", "torch.hardshrink", ["$x"], {"x": whole(0, 3, 2)}, error=None)
    found.call("normExceptDim/first", "torch.normExceptDim", ["$x", 2, 0], {"x": real(2, 3, 4)})
    found.call("normExceptDim/last", "torch.normExceptDim", ["$x", 2, 2], {"x": real(2, 3, 4)})
    found.call("normExceptDim/whole", "torch.normExceptDim", ["$x", 2, -1], {"x": real(2, 3)})
    found.call("frobeniusNorm/dims", "torch.frobeniusNorm", ["$x", [0, 1]], {"x": real(2, 3)})
    found.call("frobeniusNorm/keepdim", "torch.frobeniusNorm", ["$x", [1], True], {"x": real(2, 3)})


def tensors(found):
    holes = {"x": {"fill": [[1.0, 0.0, 2.0], [0.0, 0.0, 3.0]], "requiresGrad": False}}
    for size in (0, 2, 3, 5, 8):
        found.call(f"nonzeroStatic/{size}", "torch.nonzeroStatic", ["$x", {"size": size}], holes)
    found.call("nonzeroStatic/fill", "x.nonzeroStatic", [{"size": 4, "fillValue": 9}], holes)
    found.call("nonzeroStatic/bool", "x.nonzeroStatic", [{"size": 3}], {"x": flags(5)})
    found.call("nonzeroStatic/scalar", "x.nonzeroStatic", [{"size": 2}], {"x": fixed(5.0, shape=[])})
    found.call("nonzeroStatic/cube", "x.nonzeroStatic", [{"size": 6}], {"x": whole(0, 2, 2, 2, 3)})
    found.call("unsafeChunk/two", "x.unsafeChunk", [2], {"x": real(5, 2)})
    found.call("unsafeSplit/two", "torch.unsafeSplit", ["$x", 2, 1], {"x": real(2, 5)})
    found.call("unsafeSplitWithSizes/two", "torch.unsafeSplitWithSizes", ["$x", [2, 3]], {"x": real(5, 2)})
    # PyTorch's own gradient of x is that of the places that were overwritten.
    base = real(3, 3, requiresGrad=False)
    found.call("asStridedScatter/view", "torch.asStridedScatter", ["$x", "$s", [2, 2], [1, 2]], {"x": base, "s": real(2, 2)})
    found.call("asStridedScatter/offset", "x.asStridedScatter", ["$s", [2], [3], 1], {"x": base, "s": real(2)})
    found.call("asStridedScatter/size", "x.asStridedScatter", ["$s", [2], [3]], {"x": real(3, 3), "s": real(3)}, error="expected src to have a size equal to the slice of self.")
    found.call("asStrided_/view", "x.asStrided_", [[2, 2], [1, 2], 1], {"x": fixed(1.0, 2.0, 3.0, 4.0, 5.0)}, after=["x"])
    found.call("resizeAs_/smaller", "torch.resizeAs_", ["$x", "$y"], {"x": fixed(1.0, 2.0, 3.0, 4.0, 5.0), "y": real(2, 2)}, after=["x"])
    found.call("resize_/same", "x.resize_", [2, 3], {"x": fixed(1.0, 2.0, 3.0, 4.0, 5.0, 6.0)}, after=["x"])
    found.call("fill/number", "torch.fill", ["$x", 2], {"x": real(2, 3)})
    found.call("fill/int", "torch.fill", ["$x", 2.7], {"x": whole(0, 3, 2)})
    found.call("detach_/leaf", "torch.detach_", ["$x"], {"x": fixed(1.0, 2.0)})
    found.call("range/whole", "torch.range", [0, 3])
    found.call("range/step", "torch.range", [1, 2, 0.5])
    found.call("range/down", "torch.range", [3, 1, -1])
    found.call("range/sign", "torch.range", [3, 1], error="upper bound and lower bound inconsistent with step sign")
    found.call("constantPadNd/pairs", "torch.constantPadNd", ["$x", [1, 2, 0, 1], 5], {"x": real(2, 3)})
    found.call("constantPadNd/crop", "torch.constantPadNd", ["$x", [-1, 0]], {"x": real(2, 3)})
    found.call("constantPadNd/odd", "torch.constantPadNd", ["$x", [1]], {"x": real(2, 3)}, error="Length of pad must be even but instead it equals 1")
    found.call("asarray/list", "torch.asarray", [[1, 2.5]])
    found.call("asarray/dtype", "torch.asarray", [[1, 2], {"dtype": "float64"}])
    found.call("maskedScatter_/rows", "x.maskedScatter_", ["$m", "$s"], {"x": real(2, 3, requiresGrad=False), "m": flags(2, 3), "s": real(6, requiresGrad=False)}, after=["x"])
    found.call("i0/method", "x.i0", [], {"x": real(4)})
    found.call("i0_/in-place", "x.i0_", [], {"x": real(4, requiresGrad=False)}, after=["x"])
    found.call("renorm_/rows", "x.renorm_", [2, 0, 1.0], {"x": real(3, 2, requiresGrad=False)}, after=["x"])
    found.call("renorm/method", "x.renorm", [1, 1, 0.5], {"x": real(3, 2)})
