"""Layers whose sizes come from their first input."""

from draw import layer, real
from family import Family

# Parameters are drawn when their shape is known, after a conversion to float64: they would be others.
lazy = Family("lazy", rehearsed=False)

CONVOLUTIONS = [f"Lazy{kind}{rank}d" for kind in ("Conv", "ConvTranspose") for rank in (1, 2, 3)]
NORMS = [f"Lazy{kind}Norm{rank}d" for kind in ("Batch", "Instance") for rank in (1, 2, 3)]


@lazy.operation("LazyLinear")
def linear(d, name):
    return layer(name, [d.whole(1, 4), d.options(bias=False)], [real([*d.shape(ranks=(0, 2)), d.whole(1, 4)])], lazy=True, calls=d.pick(1, 2))


@lazy.operation(*CONVOLUTIONS)
def convolve(d, name):
    rank = int(name[-2])
    options = d.options(stride=d.per_axis(rank, 1, 2), padding=d.per_axis(rank, 0, 1), bias=False)
    return layer(name, [d.whole(1, 3), d.per_axis(rank, 1, 3), options], [real([2, d.whole(1, 3), *d.shape(rank, 4, 6)])], lazy=True)


@lazy.operation(*NORMS)
def norm(d, name):
    rank = int(name[-2])
    return layer(name, d.trailing(eps=1e-3, momentum=0.3, affine=False), [real([3, d.whole(2, 4), *d.shape(rank, 3, 4)])], lazy=True, calls=d.pick(1, 2))
