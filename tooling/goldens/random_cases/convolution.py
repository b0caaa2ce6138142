"""Convolutions, and what rearranges images."""

from draw import call, layer, real
from family import Family

convolution = Family("convolution")


@convolution.operation("Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d", times=8)
def convolve(d, name):
    rank = int(name[-2])
    transposed = "Transpose" in name
    groups = d.pick(1, 1, 2, 3)
    channels, outputs = groups * d.whole(1, 2), groups * d.whole(1, 2)
    options = d.options(stride=d.per_axis(rank, 1, 3), dilation=d.per_axis(rank, 1, 2), padding=d.per_axis(rank, 0, 2))
    if groups > 1 or d.chance(0.3):
        options["groups"] = groups
    if d.chance(0.3):
        options["bias"] = False
    if transposed:
        options |= d.options(outputPadding=d.per_axis(rank, 0, 1))
    else:
        if d.chance(0.15):
            options["padding"] = d.pick("valid", "same")
        if options.get("padding") == "same":
            options.pop("stride", None)
        if d.chance(0.3):
            options["paddingMode"] = d.pick("reflect", "replicate", "circular")
    size = d.shape(rank, 2, 4) if transposed else d.shape(rank, 5, 8)
    batch = [d.whole(1, 3)] if d.chance(0.8) else []
    return layer(name, [channels, outputs, d.per_axis(rank, 1, 3), options], [real([*batch, channels, *size])], order=d.order() if rank < 3 else 1)


@convolution.operation("F.conv1d", "F.conv2d", "F.conv3d", "F.convTranspose1d", "F.convTranspose2d", "F.convTranspose3d", times=2)
def function(d, name):
    rank = int(name[-2])
    inputs = {"x": real([2, 2, *d.shape(rank, 4, 6)]), "w": real([2, 2, *d.shape(rank, 1, 3)])}
    return call(name, ["$x", "$w", *d.trailing(stride=d.per_axis(rank, 1, 2), padding=d.per_axis(rank, 0, 1), dilation=d.per_axis(rank, 1, 2))], inputs, order=d.order())


@convolution.operation("Fold", "Unfold", times=2)
def columns(d, name):
    if name == "Unfold":
        options = d.options(stride=d.pick(2, [1, 2]), padding=1, dilation=d.pick(1, 2))
        return layer(name, [d.pick(2, [2, 3]), options], [real([*d.shape(ranks=(0, 1)), 2, 6, 7])], order=2)
    padding = d.whole(0, 1)
    blocks = (3 + 2 * padding) * (4 + 2 * padding)
    return layer(name, [[4, 5], [2, 2], {"padding": padding}], [real([2, 8, blocks])], order=2)


@convolution.operation("PixelShuffle", "PixelUnshuffle", "ChannelShuffle")
def shuffle(d, name):
    shape = {"PixelShuffle": [8, 2, 3], "PixelUnshuffle": [2, 4, 6], "ChannelShuffle": [4, 3, 2]}[name]
    return layer(name, [2], [real([d.whole(1, 3), *shape])], order=2)


@convolution.operation("Upsample", "F.interpolate", times=4)
def interpolate(d, name):
    rank = d.whole(1, 3)
    modes = ["nearest", "nearest-exact", {1: "linear", 2: "bilinear", 3: "trilinear"}[rank]]
    modes += ["bicubic"] if rank == 2 else []
    modes += ["area"] if name == "F.interpolate" else []
    options = {"mode": d.pick(*modes)}
    if "linear" in options["mode"] or options["mode"] == "bicubic":
        options |= d.options(alignCorners=d.chance(0.5))
        if rank == 2 and name == "F.interpolate" and d.chance(0.3):
            options["antialias"] = True
    if d.chance(0.5):
        options["scaleFactor"] = d.pick(2, 1.5, 0.6)
        if d.chance(0.2):
            options["recomputeScaleFactor"] = True
    else:
        options["size"] = d.shape(rank, 2, 9)
    x = real([1, 2, *d.shape(rank, 2, 5)])
    return layer(name, [options], [x]) if name == "Upsample" else call(name, ["$x", options], {"x": x})


@convolution.operation("UpsamplingNearest2d", "UpsamplingBilinear2d")
def upsampling(d, name):
    return layer(name, [d.pick({"scaleFactor": 2}, {"size": [5, 3]})], [real([1, 2, 3, 4])])


@convolution.operation("F.gridSample", "F.affineGrid", times=3)
def grid(d, name):
    if name == "F.affineGrid":
        return call(name, ["$t", [2, 3, 4, 3], {"alignCorners": d.chance(0.5)}], {"t": real([2, 2, 3])})
    options = {"alignCorners": d.chance(0.5), **d.options(mode=d.pick("bilinear", "nearest", "bicubic"), paddingMode=d.pick("zeros", "border", "reflection"))}
    return call(name, ["$x", "$g", options], {"x": real([1, 2, 4, 5]), "g": real([1, 3, 3, 2], "uniform:-1.4:1.4")})


PADS = [f"{kind}Pad{rank}d" for kind in ("Zero", "Constant", "Reflection", "Replication", "Circular") for rank in (1, 2, 3)]


@convolution.operation(*PADS)
def pad(d, name):
    rank = int(name[-2])
    low = -1 if name.startswith(("Zero", "Constant")) else 0
    amounts = d.pick(d.whole(0, 2), [d.whole(low, 2) for _ in range(2 * rank)])
    return layer(name, [amounts, *([3.5] if name.startswith("Constant") else [])], [real([*d.shape(ranks=(0, 1)), 2, *d.shape(rank, 3, 5)])], order=2)
