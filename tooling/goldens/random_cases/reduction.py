"""Sums, extremes, statistics, cumulative functions, sorting."""

from draw import call, constant, flags, integers, real
from family import Family

reduction = Family("reduction")


def operand(d, fill="randn", low=1):
    return real(d.shape(ranks=(1, 4), low=low), fill)


def rank_of(spec):
    return len(spec["shape"])


@reduction.operation("sum", "mean", "amax", "amin", "nansum", "nanmean", "logsumexp", times=2)
def plain(d, name):
    x = operand(d, "distinct" if name in ("amax", "amin") else "randn")
    if name in ("sum", "nansum", "amax", "amin") and d.chance(0.2):
        x = integers(x["shape"], -3, 4)
    if name in ("sum", "mean", "nansum", "nanmean") and d.chance(0.2):
        return call(f"x.{name}", [], {"x": x}, order=2)
    arguments = [d.dimensions(rank_of(x)), *d.trailing(keepdim=True)]
    return call(f"x.{name}", arguments, {"x": x}, order=2) if d.chance(0.5) else call(f"torch.{name}", ["$x", *arguments], {"x": x}, order=d.order())


@reduction.operation("var", "std", "varMean", "stdMean")
def spread(d, name):
    # Of two numbers the deviations are equal and opposite, and second derivatives are rounding.
    x = operand(d, low=3)
    dim = {"dim": d.dimensions(rank_of(x))} if d.chance(0.7) else {}
    return call(f"torch.{name}", ["$x", {**dim, **d.options(correction=d.pick(0, 1, 2), keepdim=True)}], {"x": x}, order=d.order())


@reduction.operation("norm", "linalg.vectorNorm", times=2)
def norm(d, name):
    x = operand(d, "distinct")
    p = d.pick(1, 2, 3, 1.5, "inf", "-inf", 0)
    dim = d.dimensions(rank_of(x))
    if name == "norm":
        return call("x.norm", [{"p": p, "dim": dim, **d.options(keepdim=True)}], {"x": x}, order=d.order())
    return call(name, ["$x", {"ord": p, **d.options(dim=dim, keepdim=True)}], {"x": x}, order=d.order())


@reduction.operation("any", "all")
def logical(d, name):
    x = flags(d.shape(ranks=(1, 4)))
    return call(f"x.{name}", d.pick([], [d.dimension(rank_of(x)), *d.trailing(keepdim=True)]), {"x": x})


@reduction.operation("max", "min", "median", "nanmedian", "argmax", "argmin")
def extreme(d, name):
    x = operand(d, "distinct")
    if d.chance(0.2):
        x = {"shape": x["shape"], "dtype": "int32", "fill": "permutation"}
    return call(f"x.{name}", d.pick([], [d.dimension(rank_of(x)), *d.trailing(keepdim=True)]), {"x": x})


@reduction.operation("prod")
def prod(d, name):
    x = operand(d, d.pick("randn", "nonzero"))
    return call("x.prod", d.pick([], [d.dimension(rank_of(x)), *d.trailing(keepdim=True)]), {"x": x}, order=d.order())


@reduction.operation("mode")
def mode(d, name):
    x = integers(d.shape(ranks=(1, 4)), 0, 3)
    return call("x.mode", [d.dimension(rank_of(x)), *d.trailing(keepdim=True)], {"x": x})


@reduction.operation("cumsum", "cumprod", "logcumsumexp")
def cumulative(d, name):
    x = operand(d)
    return call(f"x.{name}", [d.dimension(rank_of(x))], {"x": x}, order=d.order())


@reduction.operation("cummax", "cummin")
def cumulative_extreme(d, name):
    x = operand(d, "distinct")
    return call(f"x.{name}", [d.dimension(rank_of(x))], {"x": x})


@reduction.operation("sort", "argsort")
def sort(d, name):
    x = operand(d, "distinct")
    return call(f"x.{name}", d.trailing(dim=d.dimension(rank_of(x)), descending=True, stable=True), {"x": x})


@reduction.operation("msort")
def msort(d, name):
    return call("x.msort", [], {"x": operand(d, "distinct")})


@reduction.operation("topk", "kthvalue")
def ranked(d, name):
    x = operand(d, "distinct")
    dim = d.dimension(rank_of(x))
    options = d.options(largest=False) if name == "topk" else d.options(keepdim=True)
    return call(f"x.{name}", [d.whole(1, x["shape"][dim]), {"dim": dim, **options}], {"x": x})


@reduction.operation("unique", "uniqueConsecutive")
def unique(d, name):
    x = integers(d.shape(ranks=(1, 3)), 0, 3)
    return call(f"x.{name}", [{"returnInverse": True, "returnCounts": True, **d.options(dim=d.dimension(rank_of(x)))}], {"x": x})


@reduction.operation("quantile", "nanquantile")
def quantile(d, name):
    x = operand(d, "distinct")
    options = d.options(keepdim=True, interpolation=d.pick("linear", "lower", "higher", "midpoint", "nearest"))
    return call(f"x.{name}", [d.pick(0.3, 0.75), {"dim": d.dimension(rank_of(x)), **options}], {"x": x})


@reduction.operation("aminmax")
def aminmax(d, name):
    x = operand(d, "distinct")
    return call("x.aminmax", [{"dim": d.dimension(rank_of(x)), **d.options(keepdim=True)}], {"x": x})


@reduction.operation("countNonzero")
def count(d, name):
    x = integers(d.shape(ranks=(1, 4)), 0, 3)
    return call("x.countNonzero", d.pick([], [d.dimensions(rank_of(x))]), {"x": x})


@reduction.operation("diff")
def diff(d, name):
    x = operand(d)
    return call("x.diff", [{"dim": d.dimension(rank_of(x)), **d.options(n=d.pick(1, 2))}], {"x": x})


@reduction.operation("gradient", "trapezoid", "trapz", "cumulativeTrapezoid")
def calculus(d, name):
    x = operand(d, low=3)
    dim = d.dimension(rank_of(x))
    if name == "gradient":
        return call("torch.gradient", ["$x", {"dim": dim, **d.options(spacing=d.pick(0.5, 2), edgeOrder=2)}], {"x": x})
    return call(f"torch.{name}", ["$x", {"dim": dim, **d.options(dx=0.5)}], {"x": x})


@reduction.operation("renorm")
def renorm(d, name):
    x = real(d.shape(ranks=(2, 4)))
    return call("x.renorm", [d.pick(1, 2, 3), d.dimension(rank_of(x)), 0.7], {"x": x})


@reduction.operation("softmax", "logSoftmax", times=2)
def softmax(d, name):
    x = real(d.shape())
    dim = d.dimension(rank_of(x))
    root = d.pick("x", "torch", "F", "special")
    return call(f"{root}.{name}", [dim] if root == "x" else ["$x", dim], {"x": x}, order=2)


@reduction.operation("cov", "corrcoef")
def covariance(d, name):
    x = real([d.whole(2, 4), d.whole(5, 8)])
    return call(f"torch.{name}", ["$x", *(d.trailing(correction=0) if name == "cov" else [])], {"x": x})


@reduction.operation("histc", "bincount", "histogram")
def histogram(d, name):
    if name == "histc":
        return call("x.histc", [{"bins": d.pick(4, 7), "min": -1, "max": 2}], {"x": constant([20])})
    if name == "histogram":
        return call("x.histogram", [d.pick(4, 7), {"range": [-1, 2], **d.options(density=True)}], {"x": constant([20])})
    return call("x.bincount", d.trailing(minlength=7), {"x": integers([10], 0, 5)})


@reduction.operation("bucketize", "searchsorted")
def search(d, name):
    bounds = {"fill": [-1, -0.2, 0.1, 0.8], "requiresGrad": False}
    operands = ["$x", "$bounds"] if name == "bucketize" else ["$bounds", "$x"]
    return call(f"torch.{name}", [*operands, *d.trailing(right=True)], {"x": constant(d.shape()), "bounds": bounds})


@reduction.operation("dist", "cdist", "F.pdist", "F.pairwiseDistance", "F.cosineSimilarity")
def distance(d, name):
    if name == "dist":
        shape = d.shape()
        return call("x.dist", ["$y", d.pick(1, 2, 3, 0, "inf")], {"x": real(shape), "y": real(d.broadcastable(shape))})
    if name == "cdist":
        return call("torch.cdist", ["$x", "$y", *d.trailing(p=d.pick(1, 2, 3, 0.5, "inf"))], {"x": real([2, 3, 4]), "y": real([2, 5, 4])})
    if name == "F.pdist":
        return call(name, ["$x", *d.trailing(p=d.pick(1, 2, 3, "inf"))], {"x": real([d.whole(2, 5), d.whole(2, 4)])})
    # Along an axis of one number a cosine is a sign, whose gradient is rounding.
    inputs = {"x": real([4, 5]), "y": real(d.pick([4, 5], [5], [1, 5]) if name.endswith("Distance") else [4, 5])}
    return call(name, ["$x", "$y", *(d.trailing(p=d.pick(1, 3)) if name.endswith("Distance") else d.trailing(dim=d.pick(0, -1)))], inputs)
