"""Reading and writing by index and by mask."""

import math

from draw import call, constant, flags, integers, listed, real
from family import Family

indexing = Family("indexing")


class Axis:
    """A tensor with one of its dimensions chosen."""

    def __init__(self, d, fill="randn"):
        self.shape = d.shape(ranks=(1, 4), high=4)
        self.dim = d.dimension(len(self.shape))
        self.extent = self.shape[self.dim]
        self.x = real(self.shape, fill)

    def with_extent(self, extent):
        shape = list(self.shape)
        shape[self.dim] = extent
        return shape

    def within(self, d):
        """A shape that is nowhere larger, but along the dimension as long as it likes."""
        shape = [d.whole(1, extent) for extent in self.shape]
        shape[self.dim] = d.whole(1, 5)
        return shape


@indexing.operation("indexSelect", "indexFill")
def index_select(d, name):
    axis = Axis(d)
    index = integers([d.whole(1, 4)], 0, axis.extent)
    return call(f"x.{name}", [axis.dim, "$i", *([3.5] if name == "indexFill" else [])], {"x": axis.x, "i": index})


@indexing.operation("gather", times=2)
def gather(d, name):
    axis = Axis(d)
    return call("x.gather", [axis.dim, "$i"], {"x": axis.x, "i": integers(axis.within(d), 0, axis.extent)}, order=2)


@indexing.operation("scatter", "scatterAdd", times=2)
def scatter(d, name):
    axis = Axis(d)
    if name == "scatter":
        return call("x.scatter", [axis.dim, "$i", 1.5], {"x": axis.x, "i": integers(axis.within(d), 0, axis.extent)})
    shape = axis.within(d)
    return call("x.scatterAdd", [axis.dim, "$i", "$y"], {"x": axis.x, "i": integers(shape, 0, axis.extent), "y": real(shape)}, order=2)


@indexing.operation("scatterReduce", "indexReduce", times=2)
def reduce(d, name):
    axis = Axis(d, "distinct")
    more = d.trailing(includeSelf=False)
    if name == "scatterReduce":
        shape = axis.within(d)
        inputs = {"x": axis.x, "i": integers(shape, 0, axis.extent), "y": real(shape, "uniform:0.3:3")}
        return call("x.scatterReduce", [axis.dim, "$i", "$y", d.pick("sum", "prod", "mean", "amax", "amin"), *more], inputs)
    count = d.whole(1, 4)
    inputs = {"x": axis.x, "i": integers([count], 0, axis.extent), "y": real(axis.with_extent(count), "uniform:0.3:3")}
    return call("x.indexReduce", [axis.dim, "$i", "$y", d.pick("prod", "mean", "amax", "amin"), *more], inputs)


@indexing.operation("indexAdd", "indexCopy")
def index_add(d, name):
    axis = Axis(d)
    count = d.whole(1, axis.extent)
    inputs = {"x": axis.x, "i": listed(d.some(range(axis.extent), count)), "y": real(axis.with_extent(count))}
    return call(f"x.{name}", [axis.dim, "$i", "$y", *(d.trailing(alpha=2) if name == "indexAdd" else [])], inputs, order=2)


@indexing.operation("indexPut", "put")
def put(d, name):
    axis = Axis(d)
    if name == "put":
        size = math.prod(axis.shape)
        count = d.whole(1, size)
        inputs = {"x": axis.x, "i": listed(d.some(range(size), count)), "y": real([count])}
        return call("x.put", ["$i", "$y", *d.trailing(accumulate=True)], inputs)
    count = d.whole(1, axis.shape[0])
    inputs = {"x": axis.x, "i": listed(d.some(range(axis.shape[0]), count)), "y": real([count, *axis.shape[1:]])}
    return call("x.indexPut", [{"tuple": ["$i"]}, "$y", *d.trailing(accumulate=True)], inputs)


@indexing.operation("maskedFill", "maskedSelect", "maskedScatter")
def masked(d, name):
    axis = Axis(d)
    if name == "maskedScatter":
        return call("x.maskedScatter", ["$m", "$y"], {"x": axis.x, "m": flags(axis.shape), "y": real([math.prod(axis.shape)])})
    return call(f"x.{name}", ["$m", *([d.pick(2.5, -1)] if name == "maskedFill" else [])], {"x": axis.x, "m": flags(d.broadcastable(axis.shape))})


@indexing.operation("take", "takeAlongDim")
def take(d, name):
    axis = Axis(d)
    if name == "take":
        return call("x.take", ["$i"], {"x": axis.x, "i": integers([2, 3], 0, math.prod(axis.shape))})
    return call("x.takeAlongDim", ["$i", axis.dim], {"x": axis.x, "i": integers(axis.with_extent(d.whole(1, 4)), 0, axis.extent)})


@indexing.operation("selectScatter", "sliceScatter", "diagonalScatter")
def scatter_view(d, name):
    axis = Axis(d)
    if name == "selectScatter":
        shape = list(axis.shape)
        del shape[axis.dim % len(shape)]
        return call("x.selectScatter", ["$y", axis.dim, d.whole(0, axis.extent - 1)], {"x": axis.x, "y": real(shape)})
    if name == "sliceScatter":
        start = d.whole(0, axis.extent - 1)
        end = d.whole(start + 1, axis.extent)
        return call("x.sliceScatter", ["$y", {"dim": axis.dim, "start": start, "end": end}], {"x": axis.x, "y": real(axis.with_extent(end - start))})
    rows, columns = d.shape(2)
    return call("x.diagonalScatter", ["$y"], {"x": real([rows, columns]), "y": real([min(rows, columns)])})


@indexing.operation("at", "set", times=5)
def subscript(d, name):
    axis = Axis(d)
    index = []
    for extent in axis.shape:
        if d.chance(0.1):
            index.append(None)
        if d.chance(0.1):
            break
        index.append(
            d.pick(
                d.whole(-extent, extent - 1),
                ["slice", d.pick(None, d.whole(0, extent)), d.pick(None, d.whole(0, extent), -1), d.pick(None, 1, 2)],
                ["slice", None, None, None],
            )
        )
    inputs = {"x": axis.x}
    if d.chance(0.3) and index:
        position = d.whole(0, len(index) - 1)
        extent = axis.shape[len([entry for entry in index[:position] if entry is not None])]
        if index[position] is not None:
            index[position] = "$i"
            # What is written twice has no gradient of its own.
            inputs["i"] = integers(d.shape(ranks=(1, 2), high=3), -extent, extent) if name == "at" else listed(d.some(range(extent), d.whole(1, extent)))
    if name == "at":
        return call("x.at", index, inputs, order=d.order()) if index else None
    return call("x.set", [index, d.pick(1.5, "$y")], {**inputs, "y": real([])})


@indexing.operation("nonzero", "argwhere")
def nonzero(d, name):
    return call(f"x.{name}", [], {"x": integers(d.shape(ranks=(1, 4)), 0, 2)})


@indexing.operation("unravelIndex")
def unravel(d, name):
    return call("torch.unravelIndex", ["$i", {"tuple": [3, 4, 2]}], {"i": integers(d.shape(), 0, 24)})


@indexing.operation("F.oneHot", "F.embedding", "F.embeddingBag")
def rows(d, name):
    if name == "F.oneHot":
        return call(name, ["$i", d.pick(-1, 6)], {"i": integers(d.shape(), 0, 5)})
    inputs = {"i": integers(d.shape(d.whole(1, 2) if name == "F.embedding" else 2), 0, 6), "w": real([6, 3])}
    if name == "F.embedding":
        return call(name, ["$i", "$w", *d.trailing(paddingIdx=d.pick(1, -1))], inputs)
    return call(name, ["$i", "$w", *d.trailing(mode=d.pick("sum", "mean", "max"))], inputs)


@indexing.operation("fillDiagonal_")
def fill_diagonal(d, name):
    return call("x.fillDiagonal_", [d.pick(1.5, -2), *d.trailing(wrap=True)], {"x": constant(d.shape(2), clone=True)}, after=["x"])
