"""Integrals and derivatives of samples, histograms, quantiles without NaN, numbers taken apart."""

from _layers import Cases, real, whole


def fixed(*values, **more):
    return {"fill": list(values), "requiresGrad": False, **more}


def cases():
    found = Cases()
    integrals(found)
    gradients(found)
    histograms(found)
    quantiles(found)
    parts(found)
    index_reductions(found)
    return found


def integrals(found):
    for name in ("trapezoid", "cumulativeTrapezoid"):
        matrix = {"y": real(2, 5)}
        found.call(f"{name}/default", f"torch.{name}", ["$y"], matrix, order=2)
        found.call(f"{name}/dx", f"torch.{name}", ["$y", {"dx": 0.5, "dim": 0}], {"y": real(4, 3)})
        found.call(f"{name}/positions", f"torch.{name}", ["$y", "$x"], {**matrix, "x": real(5)}, order=2)
        found.call(f"{name}/positions-dim", f"torch.{name}", ["$y", "$x", {"dim": 0}], {"y": real(4, 3), "x": real(4)})
        found.call(f"{name}/positions-matrix", f"torch.{name}", ["$y", "$x"], {**matrix, "x": real(2, 5)})
        found.call(f"{name}/positions-option", f"torch.{name}", ["$y", {"x": "$x"}], {**matrix, "x": real(5)})
        found.call(f"{name}/int", f"torch.{name}", ["$y"], {"y": fixed(1, 2, 4, dtype="int32")})
        found.call(f"{name}/int-positions", f"torch.{name}", ["$y", "$x"], {"y": fixed(1, 2, 4, dtype="int32"), "x": fixed(0, 2, 3, dtype="int32")})
        found.call(f"{name}/promotion", f"torch.{name}", ["$y", "$x"], {"y": real(3), "x": real(3, dtype="float64")})
        found.call(f"{name}/float64", f"torch.{name}", ["$y", "$x"], {"y": real(3, dtype="float64"), "x": real(3)})
        found.call(f"{name}/one", f"torch.{name}", ["$y"], {"y": real(1, requiresGrad=False)})
        found.call(f"{name}/scalar", f"torch.{name}", ["$y"], {"y": real()}, error="Dimension specified as -1 but tensor has no dimensions", torchError=None)
        found.call(f"{name}/mismatch", f"torch.{name}", ["$y", "$x"], {"y": real(3), "x": real(4)}, error="There must be one `x` value for each sample point")
    found.call("trapz/default", "torch.trapz", ["$y"], {"y": real(2, 5)})


def gradients(found):
    for name, args, shape in (
        ("vector", [], (5,)), ("matrix", [], (3, 4)), ("dim", [{"dim": 1}], (3, 4)), ("dims", [{"dim": [1, 0]}], (3, 4)), ("negative", [{"dim": -1}], (3, 4)), ("spacing", [{"spacing": 0.5}], (3, 4)),
        ("spacings", [{"spacing": [0.5, 2.0]}], (3, 4)), ("edge", [{"edgeOrder": 2}], (3, 4)), ("spacing-edge", [{"spacing": 2, "edgeOrder": 2, "dim": 0}], (3, 4)), ("two", [], (2,)), ("three-edge", [{"edgeOrder": 2}], (3,)),
    ):
        found.call(f"gradient/{name}", "torch.gradient", ["$x", *args], {"x": real(*shape)}, order=2)
    places = {"p": fixed(0.0, 1.0, 3.0, 4.5)}
    found.call("gradient/positions", "torch.gradient", ["$x", {"spacing": ["$p"]}], {"x": real(4), **places})
    found.call("gradient/positions-edge", "torch.gradient", ["$x", {"spacing": ["$p"], "edgeOrder": 2}], {"x": real(4), **places})
    found.call("gradient/positions-dim", "torch.gradient", ["$x", {"spacing": ["$p"], "dim": 1}], {"x": real(2, 4), **places})
    found.call("gradient/int", "torch.gradient", ["$x"], {"x": fixed(1, 4, 9, 20, dtype="int32")})
    found.call("gradient/short", "torch.gradient", ["$x"], {"x": real(1)}, error="torch.gradient expected each dimension size to be at least edge_order+1")
    found.call("gradient/order", "torch.gradient", ["$x", {"edgeOrder": 3}], {"x": real(4)}, error="torch.gradient only supports edge_order=1 and edge_order=2.")
    found.call("gradient/spacing-count", "torch.gradient", ["$x", {"spacing": [1.0, 2.0]}], {"x": real(4)}, error="a list of length equal to 'self.dim() = 1', since dim argument was not given, but got a list of length 2")
    found.call("gradient/repeated", "torch.gradient", ["$x", {"dim": [0, 0]}], {"x": real(3, 3)}, error="dim 0 appears multiple times in the list of dims")


def histograms(found):
    data = {"x": fixed(0.5, 1.0, 2.0, 2.5, 2.75, 4.0, 1.0, 3.0)}
    weights = {"w": fixed(1.0, 2.0, 0.5, 1.0, 3.0, 1.0, 1.0, 2.0)}
    found.call("histogram/count", "torch.histogram", ["$x", 4], data)
    found.call("histogram/method", "x.histogram", [3], data)
    found.call("histogram/range", "torch.histogram", ["$x", 4, {"range": [0.0, 4.0]}], data)
    found.call("histogram/narrow", "torch.histogram", ["$x", 2, {"range": [1.0, 3.0]}], data)
    found.call("histogram/weight", "torch.histogram", ["$x", 3, {"weight": "$w"}], {**data, **weights})
    found.call("histogram/density", "torch.histogram", ["$x", 4, {"density": True}], data)
    found.call("histogram/edges", "torch.histogram", ["$x", "$e"], {**data, "e": fixed(0.0, 1.0, 2.0, 3.5)})
    found.call("histogram/edges-density", "torch.histogram", ["$x", "$e", {"density": True, "weight": "$w"}], {**data, **weights, "e": fixed(0.0, 1.0, 2.0, 3.5)})
    found.call("histogram/matrix", "torch.histogram", ["$x", 4], {"x": real(3, 4, requiresGrad=False)})
    found.call("histogram/float64", "torch.histogram", ["$x", 4], {"x": real(12, requiresGrad=False, dtype="float64")})
    found.call("histogram/equal", "torch.histogram", ["$x", 2], {"x": fixed(3.0, 3.0)})
    found.call("histogram/empty", "torch.histogram", ["$x", 2], {"x": real(0, requiresGrad=False)})
    found.call("histogram/int", "torch.histogram", ["$x", 2], {"x": fixed(1, 2, dtype="int32")}, error="not implemented for 'Long'")
    found.call("histogram/none", "torch.histogram", ["$x", 0], data, error="bins must be > 0, but got 0 for dimension 0")
    found.call("histogram/inverted", "torch.histogram", ["$x", 2, {"range": [3.0, 1.0]}], data, error="min should not exceed max, but got min 3 max 1 for dimension 0")
    points = {"x": {"fill": [[0.0, 1.0], [1.0, 0.0], [2.0, 0.0], [2.0, 2.0]], "requiresGrad": False}}
    found.call("histogramdd/counts", "torch.histogramdd", ["$x", [3, 2]], points)
    found.call("histogramdd/number", "torch.histogramdd", ["$x", 3], points)
    found.call("histogramdd/weight", "torch.histogramdd", ["$x", [3, 3], {"weight": "$w"}], {**points, "w": fixed(1.0, 2.0, 4.0, 8.0)})
    found.call("histogramdd/density", "torch.histogramdd", ["$x", [2, 2], {"range": [0.0, 1.0, 0.0, 1.0], "density": True}], points)
    found.call("histogramdd/edges", "torch.histogramdd", ["$x", ["$a", "$b"]], {**points, "a": fixed(0.0, 1.5, 2.0), "b": fixed(0.0, 0.5, 1.0, 2.0)})


def quantiles(found):
    holes = {"x": {"fill": [[1.0, "nan", 3.0, 2.0], ["nan", "nan", 5.0, 4.0], [0.5, 0.25, 2.0, -1.0]]}}
    for mode in ("linear", "lower", "higher", "midpoint", "nearest"):
        found.call(f"nanquantile/{mode}", "x.nanquantile", [0.4, {"dim": 1, "interpolation": mode}], holes)
        found.call(f"quantile/{mode}", "x.quantile", ["$q", {"dim": 0, "interpolation": mode}], {"x": real(6, 2), "q": fixed(0.1, 0.5, 0.85)})
    found.call("nanquantile/all", "torch.nanquantile", ["$x", 0.5], holes)
    found.call("nanquantile/levels", "torch.nanquantile", ["$x", "$q", {"dim": 0, "keepdim": True}], {**holes, "q": fixed(0.0, 0.3, 1.0)})
    found.call("nanquantile/positional", "x.nanquantile", [0.25, 1, True], holes)
    found.call("nanquantile/only-nan", "torch.nanquantile", ["$x", 0.5, {"dim": 0}], {"x": {"fill": [["nan", 1.0], ["nan", 2.0]], "requiresGrad": False}})
    found.call("nanquantile/second", "torch.nanquantile", ["$x", 0.3], {"x": real(5)}, order=2)
    found.call("nanquantile/float64", "torch.nanquantile", ["$x", 0.3], {"x": real(5, dtype="float64")})
    found.call("nanquantile/range", "torch.nanquantile", ["$x", 1.5], holes, error="quantile() q must be in the range [0, 1] but got 1.5")
    found.call("nanquantile/int", "torch.nanquantile", ["$x", 0.5], {"x": whole(0, 4, 3)}, error="quantile() input tensor must be either float or double dtype")
    found.call("quantile/positional", "x.quantile", [0.25, 1, True], {"x": real(2, 4)})
    found.call("quantile/nan", "x.quantile", [0.5, {"dim": 1}], holes)
    found.call("quantile/keepdim-all", "x.quantile", [0.5, {"keepdim": True}], {"x": real(2, 4)})
    found.call("quantile/range", "torch.quantile", ["$x", -0.5], {"x": real(3)}, error="quantile() q must be in the range [0, 1] but got -0.5")
    found.call("quantile/list-range", "torch.quantile", ["$x", "$q"], {"x": real(3), "q": fixed(0.5, 2.0)}, error="quantile() q values must be in the range [0, 1]")
    found.call("quantile/dtype", "torch.quantile", ["$x", "$q"], {"x": real(3), "q": fixed(0.5, dtype="float64")}, error="quantile() q tensor must be same dtype as the input tensor")
    found.call("quantile/matrix", "torch.quantile", ["$x", "$q"], {"x": real(3), "q": {"fill": [[0.5]], "requiresGrad": False}}, error="quantile() q must be a scalar or 1D tensor")


def parts(found):
    numbers = [1.0, -3.5, 0.5, 0.75, 1e30, -1e-30, 3.4e38, 1.2e-38, 1024.0, 5e-5]
    found.call("frexp/values", "torch.frexp", ["$x"], {"x": {"fill": numbers[:6] + numbers[8:]}})
    found.call("frexp/extremes", "torch.frexp", ["$x"], {"x": fixed(*numbers)})
    found.call("frexp/method", "x.frexp", [], {"x": real(2, 3)})
    found.call("frexp/edges", "torch.frexp", ["$x"], {"x": fixed(0.0, "inf", "-inf", "nan")})
    found.call("frexp/float64", "torch.frexp", ["$x"], {"x": fixed(1.0, -3.5, 1e300, 1e-300, dtype="float64")})
    found.call("frexp/half", "torch.frexp", ["$x"], {"x": fixed(1.0, -3.5, 60000.0, 1e-4, dtype="float16")})
    found.call("frexp/second", "torch.frexp", ["$x"], {"x": real(4)}, order=2)
    found.call("frexp/int", "torch.frexp", ["$x"], {"x": fixed(1, dtype="int32")}, error="torch.frexp() only supports floating-point dtypes")
    found.call("ldexp/inverse", "torch.ldexp", ["$m", "$e"], {"m": real(3), "e": fixed(2, 3, 0, dtype="int32")}, order=2)
    found.call("nextafter/values", "torch.nextafter", ["$x", "$y"], {"x": fixed(1.0, 1.0, 1.0, -1.0, -1.0, 2.0, 1e10, 1e-10, 3.0), "y": fixed(2.0, 0.0, 1.0, 0.0, -2.0, 1.0, 2e10, -1.0, "inf")})
    found.call("nextafter/edges", "torch.nextafter", ["$x", "$y"], {"x": fixed("inf", "nan", 1.0, "-inf", "inf"), "y": fixed(0.0, 1.0, "nan", 0.0, "inf")})
    found.call("nextafter/float64", "torch.nextafter", ["$x", "$y"], {"x": fixed(1.0, 1.0, 100.0, dtype="float64"), "y": fixed(2.0, 0.0, 1.0, dtype="float64")})
    found.call("nextafter/in-place", "x.nextafter_", ["$y"], {"x": fixed(1.0, 5.0), "y": fixed(2.0, 0.0)}, after=["x"])
    found.call("nextafter/int", "torch.nextafter", ["$x", "$y"], {"x": fixed(1, dtype="int32"), "y": fixed(2, dtype="int32")}, error="\"nextafter_cpu\" not implemented for 'Long'")


def index_reductions(found):
    index = {"i": fixed(0, 2, 0, 3, dtype="int32")}
    for reduce in ("prod", "mean", "amax", "amin"):
        for include in (True, False):
            more = [] if include else [{"includeSelf": False}]
            label = f"{reduce}{'' if include else '-without'}"
            found.call(f"indexReduce/{label}", "x.indexReduce", [0, "$i", "$s", reduce, *more], {"x": real(4, 3), "s": real(4, 3), **index})
            found.call(f"indexReduce/{label}-columns", "torch.indexReduce", ["$x", 1, "$i", "$s", reduce, *more], {"x": real(2, 4), "s": real(2, 4), **index})
        found.call(f"indexReduce/{reduce}-int", "x.indexReduce", [0, "$i", "$s", reduce], {"x": whole(1, 5, 4), "s": whole(1, 5, 4), **index})
        found.call(f"indexReduce/{reduce}-in-place", "x.indexReduce_", [0, "$i", "$s", reduce], {"x": real(4, 2, requiresGrad=False), "s": real(4, 2, requiresGrad=False), **index}, after=["x"])
    found.call("indexReduce/zeros", "x.indexReduce", [0, "$i", "$s", "prod"], {"x": {"fill": [0.0, 1.0, 2.0, 3.0]}, "s": {"fill": [2.0, 0.0, 3.0, 4.0]}, **index})
    found.call("indexReduce/ties", "x.indexReduce", [0, "$i", "$s", "amax"], {"x": {"fill": [2.0, 1.0, 2.0, 3.0]}, "s": {"fill": [2.0, 2.0, 2.0, 4.0]}, **index})
    found.call("indexReduce/sum", "x.indexReduce", [0, "$i", "$s", "sum"], {"x": real(4), "s": real(4), **index}, error="index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got sum.")
    found.call("indexReduce/count", "x.indexReduce", [0, "$i", "$s", "prod"], {"x": real(4), "s": real(3), **index}, error="Number of indices (4) should be equal to source.size(dim): (3), for dim: 0")
