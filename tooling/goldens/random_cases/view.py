"""Shapes, joining and splitting: values that only move."""

from draw import call, constant, integers, real
from family import Family

view = Family("view")


def operand(d, low=1, high=4, ranks=(1, 4)):
    return real(d.shape(ranks=ranks, low=low, high=high))


@view.operation("permute")
def permute(d, name):
    x = operand(d)
    axes = d.some(range(len(x["shape"])), len(x["shape"]))
    return call("x.permute", d.pick([axes], axes), {"x": x})


@view.operation("transpose", "swapaxes", "swapdims", "movedim", "moveaxis")
def exchange(d, name):
    x = operand(d)
    rank = len(x["shape"])
    dimensions = [d.dimension(rank), d.dimension(rank)]
    return call(f"x.{name}", dimensions, {"x": x}) if d.chance(0.5) else call(f"torch.{name}", ["$x", *dimensions], {"x": x})


@view.operation("T", "mT", "H", "mH", "t", "adjoint")
def turned(d, name):
    x = real(d.shape(d.whole(2, 4) if name in ("mT", "mH", "adjoint") else 2))
    return {**call(f"x.{name}", [], {"x": x}), **({} if name in ("t", "adjoint") else {"args": None})}


@view.operation("dim", "ndimension", "size", "numel", "nelement", "stride", "isContiguous", "isFloatingPoint")
def inspected(d, name):
    return call(f"x.{name}", [], {"x": operand(d)})


@view.operation("reshape", "view")
def reshape(d, name):
    x = operand(d)
    size = d.pick([-1, x["shape"][-1]], [x["shape"][0], -1], [-1])
    return call(f"x.{name}", d.pick([size], size), {"x": x})


@view.operation("reshapeAs", "viewAs", "expandAs", "typeAs", "broadcastTo", "sumToSize")
def like(d, name):
    x = operand(d)
    shape = x["shape"]
    if name == "broadcastTo":
        return call("x.broadcastTo", [[2, *shape]], {"x": x})
    if name == "sumToSize":
        return call("x.sumToSize", [[1 if d.chance(0.5) else extent for extent in shape]], {"x": x})
    if name == "typeAs":
        return call("x.typeAs", ["$y"], {"x": x, "y": integers([2], 0, 2)})
    other = [3, *shape] if name == "expandAs" else [1, *reversed(shape)]
    return call(f"x.{name}", ["$y"], {"x": x, "y": constant(other)})


@view.operation("flatten", "ravel")
def flatten(d, name):
    x = operand(d)
    last = len(x["shape"]) - 1
    return call(f"x.{name}", [d.whole(0, last), d.pick(last, -1)] if name == "flatten" else [], {"x": x})


@view.operation("unflatten")
def unflatten(d, name):
    x = operand(d)
    dim = d.dimension(len(x["shape"]))
    extent = x["shape"][dim]
    return call("x.unflatten", [dim, d.pick([extent, 1], [-1, extent], [1, -1])], {"x": x})


@view.operation("squeeze")
def squeeze(d, name):
    shape = [d.pick(1, extent) for extent in operand(d)["shape"]]
    dim = d.dimension(len(shape))
    return call("x.squeeze", d.pick([], [dim], [sorted({dim % len(shape), 0})]), {"x": real(shape)})


@view.operation("unsqueeze")
def unsqueeze(d, name):
    x = operand(d)
    rank = len(x["shape"])
    return call("x.unsqueeze", [d.whole(-rank - 1, rank)], {"x": x})


@view.operation("expand")
def expand(d, name):
    shape = d.shape(ranks=(1, 4), high=4)
    ones = [d.pick(1, extent) for extent in shape]
    size = [d.whole(1, 3), *(extent if one == 1 else d.pick(-1, extent) for extent, one in zip(shape, ones))]
    return call("x.expand", d.pick([size], size), {"x": real(ones)})


@view.operation("repeat", "tile")
def repeat(d, name):
    x = operand(d)
    more = d.whole(0, 1) if name == "repeat" else 0
    return call(f"x.{name}", [[d.whole(1, 2) for _ in range(len(x["shape"]) + more)]], {"x": x})


@view.operation("repeatInterleave")
def repeat_interleave(d, name):
    x = operand(d)
    dim = d.dimension(len(x["shape"]))
    counts = {"n": integers([x["shape"][dim]], 0, 3)}
    return d.pick(
        call("x.repeatInterleave", [d.pick(2, 3), *d.trailing(dim=dim)], {"x": x}),
        call("x.repeatInterleave", ["$n", {"dim": dim}], {"x": x, **counts}),
    )


@view.operation("roll")
def roll(d, name):
    x = operand(d)
    rank = len(x["shape"])
    some = min(rank, 2)
    return call("x.roll", d.pick([d.whole(-4, 4)], [d.whole(-4, 4), d.dimension(rank)], [[1, -2][:some], list(range(some))]), {"x": x})


@view.operation("flip", "fliplr", "flipud", "rot90")
def mirror(d, name):
    x = operand(d, ranks=(2, 4))
    rank = len(x["shape"])
    arguments = {"flip": [d.some(range(rank), d.whole(1, rank))], "rot90": [d.whole(-3, 5), d.some(range(rank), 2)]}
    return call(f"x.{name}", arguments.get(name, []), {"x": x})


@view.operation("narrow", "select", "narrowCopy")
def section(d, name):
    x = operand(d)
    dim = d.dimension(len(x["shape"]))
    extent = x["shape"][dim]
    start = d.whole(0, extent - 1)
    return call(f"x.{name}", [dim, d.whole(-extent, extent - 1)] if name == "select" else [dim, start, d.whole(0, extent - start)], {"x": x})


@view.operation("chunk", "split", "tensorSplit", "unbind", "splitWithSizes", "hsplit", "vsplit", "dsplit")
def split(d, name):
    x = operand(d, low=2, ranks=(3, 4))
    dim = d.dimension(len(x["shape"]))
    sizes = [1, x["shape"][dim] - 1]
    arguments = {
        "chunk": [d.whole(1, 4), dim],
        "split": [d.pick(d.whole(1, 3), sizes), dim],
        "tensorSplit": [d.pick(2, 3, [1, 2]), {"dim": dim}],
        "unbind": [dim],
        "splitWithSizes": [sizes, dim],
    }
    return call(f"x.{name}", arguments.get(name, [[1]]), {"x": x})


@view.operation("stack", "cat", "concat", "concatenate")
def join(d, name):
    x = operand(d)
    shape = list(x["shape"])
    dim = d.dimension(len(shape))
    if name != "stack":
        shape[dim] = d.whole(1, 3)
    y = d.pick(real(shape), real(shape, dtype="float64"), integers(shape, 0, 5))
    return call(f"torch.{name}", [["$x", "$y", "$x"], dim], {"x": x, "y": y})


@view.operation("vstack", "hstack", "dstack", "columnStack", "rowStack")
def stack(d, name):
    x = operand(d, ranks=(0, 3))
    return call(f"torch.{name}", [["$x", "$y"]], {"x": x, "y": real(x["shape"])})


@view.operation("atleast1d", "atleast2d", "atleast3d")
def atleast(d, name):
    return call(f"torch.{name}", d.pick(["$x"], [["$x", "$y"]]), {"x": operand(d, ranks=(0, 3)), "y": real([])})


@view.operation("diagonal", "linalg.diagonal")
def diagonal(d, name):
    x = operand(d, ranks=(2, 4))
    first, second = d.some(range(len(x["shape"])), 2)
    axes = {"dim1": first, "dim2": second}
    return call("x.diagonal" if name == "diagonal" else name, [*([] if name == "diagonal" else ["$x"]), {"offset": d.whole(-2, 2), **axes}], {"x": x})


@view.operation("diag", "diagflat", "diagEmbed", "tril", "triu")
def triangle(d, name):
    ranks = {"diag": (1, 2), "tril": (2, 4), "triu": (2, 4)}.get(name, (1, 3))
    offset = d.whole(-2, 2)
    return call(f"x.{name}", [{"offset": offset}] if name == "diagEmbed" else [offset], {"x": operand(d, ranks=ranks)})


@view.operation("trace")
def trace(d, name):
    return call("x.trace", [], {"x": operand(d, ranks=(2, 2))})


@view.operation("unfold", "asStrided")
def windows(d, name):
    x = operand(d)
    dim = d.dimension(len(x["shape"]))
    if name == "asStrided":
        return call("x.asStrided", [[2, 3], d.pick([1, 2], [3, 1], [0, 1]), d.whole(0, 2)], {"x": real([12])})
    return call("x.unfold", [dim, d.whole(1, x["shape"][dim]), d.whole(1, 2)], {"x": x})


@view.operation("meshgrid", "cartesianProd", "combinations", "blockDiag", "broadcastTensors")
def combined(d, name):
    inputs = {"x": real([3]), "y": real([2])}
    if name == "combinations":
        return call("torch.combinations", ["$x", *d.trailing(r=d.pick(2, 3), withReplacement=True)], {"x": real([d.whole(2, 5)])})
    if name == "meshgrid":
        return call("torch.meshgrid", [["$x", "$y"], {"indexing": d.pick("ij", "xy")}], inputs)
    if name == "blockDiag":
        return call("torch.blockDiag", ["$x", "$y"], {"x": operand(d, ranks=(0, 2)), "y": operand(d, ranks=(0, 2))})
    if name == "broadcastTensors":
        shape = d.shape()
        return call("torch.broadcastTensors", ["$x", "$y"], {"x": real(shape), "y": real(d.broadcastable(shape))})
    return call("torch.cartesianProd", ["$x", "$y"], inputs)


@view.operation("fft.fftshift", "fft.ifftshift")
def shifted(d, name):
    x = operand(d)
    return call(name, ["$x", *d.trailing(dim=d.dimension(len(x["shape"])))], {"x": x})


@view.operation("F.pad", times=4)
def pad(d, name):
    if d.chance(0.5):
        x = operand(d)
        axes = d.whole(1, len(x["shape"]))
        return call("F.pad", ["$x", [d.whole(-1, 2) for _ in range(2 * axes)], *d.trailing(value=1.5)], {"x": x}, order=2)
    axes = d.whole(1, 3)
    x = real([2, 3, *d.shape(axes, 3, 5)])
    return call("F.pad", ["$x", [d.whole(0, 2) for _ in range(2 * axes)], {"mode": d.pick("reflect", "replicate", "circular")}], {"x": x}, order=2)
