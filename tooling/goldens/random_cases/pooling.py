"""Pools."""

from draw import call, layer, real
from family import Family

pooling = Family("pooling")


def image(d, rank, fill="distinct"):
    lead = [*([2] if d.chance(0.8) else []), 2]
    return real([*lead, *d.shape(rank, 5, 8)], fill)


def three(kind):
    return [f"{kind}Pool{rank}d" for rank in (1, 2, 3)]


@pooling.operation(*three("AdaptiveMax"), *three("AdaptiveAvg"), times=2)
def adaptive(d, name):
    rank = int(name[-2])
    size = d.per_axis(rank, 1, 5) if d.chance(0.8) or rank == 1 else [None, *[2] * (rank - 1)]
    indices = [{"returnIndices": True}] if "Max" in name and d.chance(0.3) else []
    return layer(name, [size, *indices], [image(d, rank)])


@pooling.operation(*three("LP"))
def power_average(d, name):
    rank = int(name[-2])
    # The window covers at least two numbers; a root of one number's power is that number, and its second derivative rounding.
    return layer(name, [d.pick(1, 2, 3), d.whole(2, 3) if rank == 1 else d.per_axis(rank, 2, 3), d.options(stride=d.whole(1, 3), ceilMode=True)], [image(d, rank, "positive")])


@pooling.operation(*three("Max"), *three("Avg"), times=4)
def window(d, name):
    rank = int(name[-2])
    options = {**d.options(stride=d.per_axis(rank, 1, 3), ceilMode=True), "padding": d.whole(0, 1)}
    if name.startswith("Max"):
        options |= {key: value for key, value in d.options(dilation=d.per_axis(rank, 1, 2), returnIndices=True).items() if d.chance(0.5)}
    else:
        options |= d.options(countIncludePad=False)
        if rank > 1 and d.chance(0.2):
            options["divisorOverride"] = 3
    return layer(name, [d.per_axis(rank, 2, 3), options], [image(d, rank)], order=d.order() if rank < 3 else 1)


@pooling.operation("F.maxUnpool1d", "F.maxUnpool2d", "F.maxUnpool3d")
def unpool(d, name):
    rank = int(name[-2])
    size = d.shape(rank, 1, 3)
    count = 2**rank
    for extent in size:
        count *= extent
    pooled = 1
    for extent in size:
        pooled *= extent
    positions = [[d.some(range(count), pooled) for _ in range(2)]]
    indices = [[reshaped(channel, size) for channel in batch] for batch in positions]
    return call(name, ["$x", "$i", 2], {"x": real([1, 2, *size]), "i": {"fill": indices, "dtype": "int32"}})


def reshaped(values, size):
    """A flat list as nested ones."""
    if len(size) == 1:
        return values
    step = len(values) // size[0]
    return [reshaped(values[start : start + step], size[1:]) for start in range(0, len(values), step)]
