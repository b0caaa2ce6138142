"""Functions of one tensor, element by element."""

from draw import call, constant, integers, real
from family import Family

unary = Family("unary")

# Where a function is defined, and not so close to the edge that rounding decides.
DOMAINS = {
    "acos": "uniform:-0.9:0.9",
    "arccos": "uniform:-0.9:0.9",
    "asin": "uniform:-0.9:0.9",
    "arcsin": "uniform:-0.9:0.9",
    "atanh": "uniform:-0.9:0.9",
    "arctanh": "uniform:-0.9:0.9",
    "erfinv": "uniform:-0.9:0.9",
    "acosh": "uniform:1.2:4",
    "arccosh": "uniform:1.2:4",
    "tan": "uniform:-1.2:1.2",
    "reciprocal": "nonzero",
    "sinc": "nonzero",
    **dict.fromkeys(["log", "log2", "log10", "sqrt", "rsqrt", "lgamma", "digamma"], "uniform:0.3:3"),
    "log1p": "positive",
}
STEPS = ["ceil", "floor", "trunc", "fix", "sign", "sgn", "signbit", "frac"]
TESTS = ["isfinite", "isinf", "isnan", "isneginf", "isposinf", "logicalNot"]
SMOOTH = (
    "abs absolute acos arccos acosh arccosh asin arcsin asinh arcsinh atan arctan atanh arctanh cos cosh deg2rad digamma erf erfc erfinv "
    "exp exp2 expm1 i0 lgamma log log10 log1p log2 neg negative positive rad2deg reciprocal relu rsqrt sigmoid sin sinc sinh sqrt square tan tanh"
).split()


def spelled(d, name, x, **more):
    """As a method or as a function."""
    return call(f"x.{name}", [], {"x": x}, **more) if d.chance(0.5) else call(f"torch.{name}", ["$x"], {"x": x}, **more)


def operand(d, name):
    # PyTorch's functions of the gamma family are less exact than float64.
    dtype = {"dtype": "float64"} if d.chance(0.1) and "gamma" not in name else {}
    return real(d.shape(), DOMAINS.get(name, "randn"), **dtype)


@unary.operation(*SMOOTH)
def smooth(d, name):
    return spelled(d, name, operand(d, name), order=2)


@unary.operation(*STEPS, *TESTS)
def step(d, name):
    x = real(d.shape(), "uniform:-5:5")
    if name != "frac" and d.chance(0.5):
        x = integers(d.shape(), -3, 4)
    return spelled(d, name, x)


@unary.operation("round")
def rounded(d, name):
    x = real(d.shape(), "uniform:-30:30")
    return call("x.round", d.trailing(decimals=d.pick(1, -1, 2)), {"x": x})


@unary.operation("logit")
def logit(d, name):
    return call("x.logit", d.pick([], [0.05]), {"x": real(d.shape(), "uniform:0.1:0.9")}, order=2)


@unary.operation("nanToNum")
def nan_to_num(d, name):
    x = {"fill": ["nan", 1.5, "inf", -2, "-inf"]}
    return call("x.nanToNum", [{"posinf": 9, "neginf": -7, **d.options(nan=0.5)}], {"x": x})


@unary.operation("bitwiseNot")
def bitwise_not(d, name):
    return call("x.bitwiseNot", [], {"x": d.pick(integers(d.shape(), -9, 9), {"shape": d.shape(), "dtype": "bool", "fill": "bool"})})


@unary.operation("frexp")
def frexp(d, name):
    return call("x.frexp", [], {"x": constant(d.shape(), "uniform:-30:30")})


@unary.operation("mvlgamma")
def multivariate(d, name):
    return call("x.mvlgamma", [d.whole(1, 3)], {"x": real(d.shape(), "uniform:2:5")})


@unary.operation("polygamma")
def polygamma(d, name):
    return call("torch.polygamma", [d.whole(0, 3), "$x"], {"x": real(d.shape(), "uniform:0.5:4")})


@unary.operation("clone", "detach", "contiguous", "long", "int", "bool", "double", "float")
def conversion(d, name):
    return call(f"x.{name}", [], {"x": d.pick(real(d.shape()), integers(d.shape(), -2, 3))})


# torch.special, by the domain that each is drawn from

SPECIAL = {
    "randn": "entr erf erfc erfcx exp2 expit expm1 i0 i0e i1 i1e ndtr logNdtr sinc besselJ0 besselJ1 modifiedBesselI0 modifiedBesselI1 sphericalBesselJ0 airyAi",
    "uniform:0.4:4": "digamma psi gammaln log1p besselY0 besselY1 modifiedBesselK0 modifiedBesselK1 scaledModifiedBesselK0 scaledModifiedBesselK1",
    "uniform:0.1:0.9": "erfinv ndtri logit",
}


@unary.operation(*(f"special.{name}" for names in SPECIAL.values() for name in names.split()))
def special(d, name):
    fill = next(fill for fill, names in SPECIAL.items() if name.removeprefix("special.") in names.split())
    return call(name, ["$x"], {"x": real(d.shape(), fill)})


POLYNOMIALS = [f"{kind}PolynomialX".replace("X", letter) for kind in ("chebyshev", "shiftedChebyshev") for letter in "TUVW"]
POLYNOMIALS += ["hermitePolynomialH", "hermitePolynomialHe", "laguerrePolynomialL", "legendrePolynomialP"]


@unary.operation(*(f"special.{name}" for name in POLYNOMIALS))
def polynomial(d, name):
    return call(name, ["$x", d.whole(0, 7)], {"x": constant(d.shape(), "uniform:0.1:0.9")})
