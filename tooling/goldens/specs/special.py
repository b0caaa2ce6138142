"""Functions of torch.special and their neighbours."""

from _layers import Cases


def cases():
    found = Cases()
    for name in ("i0", "i0e", "i1", "i1e"):
        found.call(f"{name}/values", f"special.{name}", ["$x"], {"x": {"fill": [-20.0, -9.5, -8.0, -3.3, -1.0, -0.25, 0.5, 1.5, 4.0, 7.75, 8.25, 15.0]}})
        found.call(f"{name}/zero", f"special.{name}", ["$x"], {"x": {"fill": [0.0, 0.001, -0.001]}})
        found.call(f"{name}/random", f"special.{name}", ["$x"], {"x": {"shape": [3, 4]}})
    found.call("i0/torch", "torch.i0", ["$x"], {"x": {"shape": [5]}})
    found.call("i0/second", "special.i0", ["$x"], {"x": {"shape": [5], "fill": "positive"}}, order=2)
    for name, fill in (("expit", "randn"), ("entr", "positive"), ("erf", "randn"), ("erfc", "randn"), ("erfcx", "randn"), ("erfinv", "uniform:-0.9:0.9"), ("exp2", "randn"), ("expm1", "randn"), ("log1p", "positive"), ("gammaln", "positive"), ("digamma", "positive"), ("psi", "positive"), ("ndtr", "randn"), ("logNdtr", "randn"), ("ndtri", "uniform:0.05:0.95"), ("sinc", "randn"), ("logit", "uniform:0.1:0.9"), ("round", "randn")):
        found.call(f"{name}/random", f"special.{name}", ["$x"], {"x": {"shape": [2, 5], "fill": fill}})
    found.call("entr/edges", "special.entr", ["$x"], {"x": {"fill": [0.0, -1.0, "nan", 1.0, "inf"], "requiresGrad": False}})
    found.call("logNdtr/far", "special.logNdtr", ["$x"], {"x": {"fill": [-12.0, -8.0, -4.0, -1.5, -1.0, -0.5, 0.0, 2.0, 6.0]}})
    found.call("erfcx/range", "special.erfcx", ["$x"], {"x": {"fill": [-3.0, -1.0, 0.0, 0.5, 0.75, 1.0, 2.0, 10.0, 100.0]}})
    found.call("ndtr/far", "special.ndtr", ["$x"], {"x": {"fill": [-5.0, -3.0, -1.5, 0.0, 2.0, 6.0]}})
    found.call("polygamma/1", "special.polygamma", [1, "$x"], {"x": {"shape": [4], "fill": "positive"}})
    for p in (1, 2, 3):
        found.call(f"multigammaln/{p}", "special.multigammaln", ["$x", p], {"x": {"shape": [4], "fill": "uniform:2:5"}})
    found.call("mvlgamma", "torch.mvlgamma", ["$x", 2], {"x": {"shape": [4], "fill": "uniform:2:5"}})
    found.call("xlog1py/tensors", "special.xlog1py", ["$x", "$y"], {"x": {"shape": [2, 3]}, "y": {"shape": [3], "fill": "positive"}})
    found.call("xlog1py/zero", "special.xlog1py", ["$x", "$y"], {"x": {"fill": [0.0, 0.0, 1.0, 0.0], "requiresGrad": False}, "y": {"fill": [-1.0, "nan", 0.5, "inf"], "requiresGrad": False}})
    found.call("xlogy/tensors", "special.xlogy", ["$x", "$y"], {"x": {"shape": [2, 3]}, "y": {"shape": [3], "fill": "positive"}})
    found.call("logSoftmax", "special.logSoftmax", ["$x", 1], {"x": {"shape": [2, 3]}})
    found.call("softmax", "special.softmax", ["$x", 1], {"x": {"shape": [2, 3]}})
    found.call("logsumexp", "special.logsumexp", ["$x", 1], {"x": {"shape": [2, 3]}})
    found.call("logaddexp/ties", "torch.logaddexp", ["$x", "$y"], {"x": {"fill": [0.0, 1.0, 2.0, -1.0]}, "y": {"fill": [0.0, 1.0, 1.5, 4.0]}}, order=2)
    found.call("logaddexp2/ties", "torch.logaddexp2", ["$x", "$y"], {"x": {"fill": [0.0, 1.0, 2.0, -1.0]}, "y": {"fill": [0.0, 1.0, 1.5, 4.0]}}, order=2)
    for name in ("i0", "i1", "erfcx", "logNdtr", "ndtr"):
        found.call(f"{name}/float64", f"special.{name}", ["$x"], {"x": {"shape": [6], "dtype": "float64"}})
    return found
