"""Tensors made from numbers, and what draws: by dtype, so that nothing can be compared with float64."""

from draw import call, constant, layer, real
from family import Family

creation = Family("creation", rehearsed=False)

DTYPES = (None, "float32", "float64", "int32")


@creation.operation("zeros", "ones", "full", "eye")
def filled(d, name):
    arguments = {"full": [d.shape(), d.pick(2, 1.5, True)], "eye": d.shape(d.whole(1, 2))}
    return call(f"torch.{name}", [*arguments.get(name, [d.shape()]), *d.trailing(dtype=d.pick(*DTYPES))], {})


@creation.operation("arange", "linspace", "logspace")
def sequence(d, name):
    if name == "arange":
        return call("torch.arange", d.pick([d.whole(0, 9)], [d.whole(-4, 2), d.whole(3, 9)], [d.whole(-4, 0), d.whole(3, 9), d.pick(2, 3, 0.5)], [3, -3, -2]), {})
    return call(f"torch.{name}", [d.pick(-2, 0, 1.5), d.pick(3, -1), d.whole(1, 9)], {})


@creation.operation("rand", "randn", "randint", "randperm")
def drawn(d, name):
    shape = d.pick(d.shape(), [d.whole(1, 40)])
    arguments = {"randint": d.pick([d.whole(1, 100), shape], [-5, d.whole(0, 50), shape]), "randperm": [d.whole(0, 40)]}
    return call(f"torch.{name}", arguments.get(name, [shape]), {})


@creation.operation("zerosLike", "onesLike", "fullLike", "randLike", "randnLike", "randintLike")
def like(d, name):
    more = {"fullLike": [2.5], "randintLike": [d.whole(1, 20)]}.get(name, [])
    return call(f"torch.{name}", ["$x", *more], {"x": constant(d.shape())})


@creation.operation("newZeros", "newOnes", "newFull")
def new(d, name):
    return call(f"x.{name}", [d.shape(), *([3] if name == "newFull" else [])], {"x": constant([2])})


@creation.operation("bernoulli", "multinomial", "poisson", "normal")
def sampled(d, name):
    p = constant(d.shape(ranks=(1, 2), low=2), "rand")
    if name == "multinomial":
        return call("p.multinomial", [d.whole(1, 2), *d.trailing(replacement=True)], {"p": constant(p["shape"], "positive")})
    if name == "poisson":
        return call("torch.poisson", ["$p"], {"p": constant(p["shape"], "uniform:0.5:20")})
    if name == "normal":
        return call("torch.normal", d.pick([0.5, 2, d.shape()], ["$p", 0.5]), {"p": p})
    return call("torch.bernoulli", ["$p"], {"p": p})


@creation.operation("normal_", "uniform_", "bernoulli_", "exponential_", "cauchy_", "logNormal_", "geometric_", "random_")
def refilled(d, name):
    arguments = {
        "normal_": d.pick([], [1, 0.5]),
        "uniform_": d.pick([], [-2, 3]),
        "bernoulli_": d.pick([], [0.3]),
        "exponential_": d.pick([], [2.5]),
        "geometric_": [d.pick(0.3, 0.7)],
        "random_": d.pick([10], [-3, 8]),
    }
    shape = d.pick(d.shape(), [d.whole(1, 40)])
    return call(f"x.{name}", arguments.get(name, []), {"x": constant(shape, clone=True)}, after=["x"])


@creation.operation("triuIndices", "trilIndices")
def positions(d, name):
    return call(f"torch.{name}", [d.whole(1, 5), d.whole(1, 5), d.whole(-2, 2)], {})


@creation.operation("F.dropout", "F.alphaDropout", "F.featureAlphaDropout", "F.dropout1d", "F.dropout2d", "F.dropout3d", "F.gumbelSoftmax")
def dropout(d, name):
    if name == "F.gumbelSoftmax":
        return call(name, ["$x", *d.trailing(tau=0.7, hard=True)], {"x": real([3, 5])})
    ranks = {"F.dropout1d": 3, "F.dropout2d": 4, "F.dropout3d": 5, "F.featureAlphaDropout": 3}
    return call(name, ["$x", {"p": d.pick(0.1, 0.3, 0.5, 0.9), "training": True}], {"x": real(d.shape(ranks.get(name, d.whole(1, 3)), 2, 6))})


INITIALISERS = "xavierUniform_ xavierNormal_ kaimingUniform_ kaimingNormal_ uniform_ normal_ truncNormal_ orthogonal_ sparse_ eye_ dirac_ constant_ ones_ zeros_".split()


@creation.operation(*(f"init.{name}" for name in INITIALISERS))
def initialiser(d, name):
    kind = name.removeprefix("init.")
    rank = 2 if kind in ("sparse_", "eye_", "orthogonal_") else d.whole(3, 4) if kind == "dirac_" else d.whole(2, 4)
    arguments = {"sparse_": [d.pick(0.2, 0.5)], "constant_": [0.7], "uniform_": d.pick([], [-2, 1]), "normal_": d.pick([], [1, 3])}
    if kind.startswith("kaiming"):
        arguments[kind] = d.trailing(a=0.2, mode=d.pick("fanIn", "fanOut").replace("fanIn", "fan_in").replace("fanOut", "fan_out"), nonlinearity=d.pick("relu", "leaky_relu", "tanh"))
    if kind.startswith("xavier"):
        arguments[kind] = d.trailing(gain=1.7)
    return {"init": kind, "args": arguments.get(kind, []), "shape": d.shape(rank, 2, 5)}


@creation.operation("FractionalMaxPool2d", "FractionalMaxPool3d")
def fractional(d, name):
    rank = int(name[-2])
    return layer(name, [2, {"outputSize": d.shape(rank, 2, 3), **d.options(returnIndices=True)}], [real([1, 2, *d.shape(rank, 5, 6)], "distinct")])
