"""Functions of two or three tensors that broadcast."""

from draw import call, constant, flags, integers, real
from family import Family

binary = Family("binary")

COMPARISONS = ["eq", "ne", "lt", "le", "gt", "ge", "greater", "greaterEqual", "less", "lessEqual", "notEqual", "logicalAnd", "logicalOr", "logicalXor", "isclose"]
ARITHMETIC = ["add", "sub", "mul", "div", "subtract", "multiply", "divide", "trueDivide", "rsub", "floatPower", "floorDivide", "remainder", "fmod"]
ARITHMETIC += ["maximum", "minimum", "fmax", "fmin", "heaviside", "copysign", "xlogy"]
REAL = ["atan2", "arctan2", "hypot", "logaddexp", "logaddexp2", "nextafter"]
WHOLE = ["gcd", "lcm", "bitwiseAnd", "bitwiseOr", "bitwiseXor"]


def operand(d, shape, dtype=None):
    dtype = dtype or d.pick("float32", "float32", "float32", "int32", "bool", "float64")
    if dtype == "bool":
        return flags(shape)
    if dtype == "int32":
        return integers(shape, *d.pick((-4, 5), (1, 6)))
    return real(shape, d.pick("randn", "nonzero", "positive"), dtype=dtype)


def pair(d, dtype=None):
    """Two operands, of which one may be smaller."""
    shape = d.shape()
    operands = [operand(d, shape, dtype), operand(d, d.broadcastable(shape), dtype)]
    if d.chance(0.5):
        operands.reverse()
    return dict(zip("xy", operands))


def spelled(d, name, inputs, *more, **about):
    """As a method or as a function."""
    return call(f"x.{name}", ["$y", *more], inputs, **about) if d.chance(0.5) else call(f"torch.{name}", ["$x", "$y", *more], inputs, **about)


@binary.operation(*ARITHMETIC, times=2)
def arithmetic(d, name):
    more = []
    if name in ("div", "divide"):
        more = d.trailing(roundingMode=d.pick("floor", "trunc"))
    if name in ("add", "sub", "subtract"):
        more = d.trailing(alpha=2)
    inputs = pair(d)
    if name == "heaviside":  # it has no derivative
        inputs = {key: {**spec, "requiresGrad": False, "dtype": "float32", "fill": "int:-1:2"} for key, spec in inputs.items()}
        return spelled(d, name, inputs)
    if name == "floatPower":  # of what a logarithm exists of
        shape = d.shape()
        bases = d.pick(real(shape, "positive"), integers(shape, 1, 6))
        return spelled(d, name, {"x": bases, "y": real(d.broadcastable(shape))}, order=d.order())
    if name == "rsub":  # no method
        return call("torch.rsub", ["$x", d.pick("$y", 2, 0.5), *d.trailing(alpha=2)], inputs, order=d.order())
    if d.chance(0.25):
        return call(f"x.{name}", [d.pick(2, 3, 0.5, -1.5), *more], {"x": inputs["x"]}, order=d.order())
    return spelled(d, name, inputs, *more, order=d.order())


@binary.operation("pow", times=3)
def power(d, name):
    shape = d.shape()
    return d.pick(
        call("x.pow", [d.pick(2, 3, 0.5, -1, 1.5, 0)], {"x": real(shape, "positive")}, order=2),
        call("x.pow", [d.pick(0, 1, 2, 3)], {"x": operand(d, shape, d.pick("float32", "int32"))}),
        call("torch.pow", [d.pick(2, 0.5, 3), "$x"], {"x": real(shape)}, order=2),
        spelled(d, "pow", {"x": real(shape, "positive"), "y": real(d.broadcastable(shape))}, order=2),
    )


@binary.operation(*COMPARISONS)
def comparison(d, name):
    inputs = pair(d)
    if name == "isclose":
        inputs["y"]["dtype"] = inputs["x"].get("dtype", "float32")
        inputs["y"]["fill"] = inputs["x"]["fill"]
    if not name.startswith("logical") and d.chance(0.25) and name != "isclose":
        return call(f"x.{name}", [d.pick(0, 1, 0.5)], {"x": inputs["x"]})
    return spelled(d, name, inputs)


@binary.operation(*REAL)
def real_only(d, name):
    return spelled(d, name, pair(d, d.pick("float32", "float32", "float64")), order=1 if name == "nextafter" else d.order())


@binary.operation(*WHOLE)
def whole_only(d, name):
    return spelled(d, name, pair(d, "int32"))


@binary.operation("bitwiseLeftShift", "bitwiseRightShift")
def shift(d, name):
    shape = d.shape()
    return call(f"torch.{name}", ["$x", "$y"], {"x": integers(shape, 0, 50), "y": integers(d.broadcastable(shape), 0, 5)})


@binary.operation("igamma", "igammac", "special.gammainc", "special.gammaincc")
def incomplete_gamma(d, name):
    shape = d.shape()
    inputs = {"a": constant(shape, "uniform:0.5:4"), "x": real(d.broadcastable(shape), "uniform:0.3:4")}
    return call(name if "." in name else f"torch.{name}", ["$a", "$x"], inputs)


@binary.operation("special.xlog1py", "special.xlogy", "special.zeta")
def special(d, name):
    shape = d.shape()
    first = constant(shape, "uniform:1.5:5") if name.endswith("zeta") else real(shape)
    second = constant(d.broadcastable(shape), "uniform:0.5:4") if name.endswith("zeta") else real(d.broadcastable(shape), "positive")
    return call(name, ["$x", "$y"], {"x": first, "y": second})


def floats(d, *names):
    shape = d.shape()
    return shape, {name: operand(d, d.broadcastable(shape), "float32") for name in names}


@binary.operation("ldexp")
def ldexp(d, name):
    # For a whole exponent below 0 PyTorch's gradient is 0, which the value's is not; 2 ** y has the dtype of y.
    shape = d.shape()
    exponent = d.broadcastable(shape)
    return spelled(d, name, {"x": real(shape), "y": d.pick(integers(exponent, 0, 5), real(exponent))}, order=d.order())


@binary.operation("lerp")
def lerp(d, name):
    shape, inputs = floats(d, "y", "w")
    return call("x.lerp", ["$y", d.pick(0.3, 0.7, "$w")], {"x": real(shape), **inputs}, order=2)


@binary.operation("where", times=2)
def where(d, name):
    inputs = pair(d)
    condition = flags(d.broadcastable(max(inputs.values(), key=lambda spec: len(spec["shape"]))["shape"]))
    return call("torch.where", ["$c", d.pick("$x", 1.5), "$y"], {"c": condition, **inputs})


@binary.operation("clamp", "clip", "clampMin", "clampMax")
def clamp(d, name):
    shape, inputs = floats(d, "y")
    x = operand(d, shape, d.pick("float32", "float32", "int32"))
    if name in ("clampMin", "clampMax"):
        return call(f"x.{name}", [d.pick(0.25, "$y", -1)], {"x": x, **inputs}, order=2)
    bounds = d.pick({"min": -0.5}, {"max": 0.5}, {"min": "$y"}, {"min": -0.2, "max": 0.3}, {"max": "$y"}, {"min": 1, "max": -1})
    return call(f"x.{name}", [bounds], {"x": x, **inputs}, order=2)


@binary.operation("addcmul", "addcdiv")
def multiply_and_add(d, name):
    shape, inputs = floats(d, "y", "w")
    inputs["w"]["fill"] = "nonzero"
    return call(f"x.{name}", ["$y", "$w", *d.trailing(value=0.5)], {"x": real(shape), **inputs}, order=2)


@binary.operation("allclose", "equal")
def same(d, name):
    shape = d.shape()
    return call(f"x.{name}", [d.pick("$x", "$y")], {"x": constant(shape), "y": constant(shape)})


@binary.operation("isin")
def isin(d, name):
    return call("torch.isin", ["$x", "$y", *d.trailing(invert=True, assumeUnique=False)], {"x": integers(d.shape(), 0, 6), "y": integers(d.shape(1), 0, 6)})
