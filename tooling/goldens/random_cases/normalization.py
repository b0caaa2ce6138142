"""Normalisations. Of two numbers the normalised ones are +1 and -1 whatever they were, so there are always more."""

from draw import call, constant, layer, real
from family import Family

normalization = Family("normalization")


@normalization.operation(*(f"{kind}Norm{rank}d" for kind in ("Batch", "Instance") for rank in (1, 2, 3)), times=3)
def over_batch(d, name):
    rank = int(name[-2])
    channels = d.pick(2, 4, 6)
    shape = [d.whole(2, 3), channels, *([d.whole(5, 8)] if rank == 1 else d.shape(rank, 2, 4))]
    if name == "BatchNorm1d" and d.chance(0.4):
        shape = [6, channels]
    options = d.options(eps=1e-3, momentum=0.3, affine=d.chance(0.5), trackRunningStats=d.chance(0.5))
    if d.chance(0.2):
        options["momentum"] = None
    return layer(name, [channels, options], [real(shape)], mode=d.pick("train", "eval"), calls=d.pick(1, 2))


@normalization.operation("LayerNorm", "RMSNorm", times=3)
def over_last(d, name):
    shape = [d.whole(2, 3), d.pick(2, 4), *d.shape(ranks=(0, 2), low=2, high=4), d.whole(4, 7)]
    normalized = shape[-d.whole(1, 3) :]
    options = d.options(eps=1e-3, elementwiseAffine=False, bias=False if name == "LayerNorm" else None)
    return layer(name, [normalized if len(normalized) > 1 or d.chance(0.5) else normalized[0], options], [real(shape)], order=2)


@normalization.operation("GroupNorm", times=3)
def over_groups(d, name):
    channels = d.pick(2, 4, 6)
    return layer(name, [d.pick(1, 2), channels, d.options(eps=1e-3, affine=False)], [real([2, channels, *d.shape(ranks=(1, 3), low=3, high=4)])], order=2)


@normalization.operation("LocalResponseNorm", "CrossMapLRN2d")
def over_channels(d, name):
    arguments = [d.whole(1, 5), d.options(alpha=1e-2, beta=0.6, k=1.5)]
    shape = [2, d.whole(2, 6), 3, 4]
    # PyTorch's gradient of the other one is not the derivative of its value.
    return layer(name, arguments, [real(shape) if name == "LocalResponseNorm" else constant(shape)])


@normalization.operation("F.batchNorm", "F.instanceNorm", "F.layerNorm", "F.groupNorm", "F.rmsNorm", "F.localResponseNorm")
def function(d, name):
    x = real([3, 4, 5])
    affine = {"w": real([4], "positive"), "b": real([4])}
    if name == "F.batchNorm":
        return call(name, ["$x", None, None, {"weight": "$w", "bias": "$b", "training": True, **d.options(eps=1e-3)}], {"x": x, **affine}, order=2)
    if name == "F.instanceNorm":
        return call(name, ["$x", {"weight": "$w", "bias": "$b", **d.options(eps=1e-3)}], {"x": x, **affine}, order=2)
    if name == "F.groupNorm":
        return call(name, ["$x", 2, {"weight": "$w", "bias": "$b", **d.options(eps=1e-3)}], {"x": x, **affine}, order=2)
    if name == "F.localResponseNorm":
        return call(name, ["$x", d.whole(1, 4)], {"x": x}, order=2)
    return call(name, ["$x", d.pick([5], [4, 5]), *d.trailing(eps=1e-3)], {"x": x}, order=2)
