"""Reductions, statistics, running operations: dims, keepdim, dtypes, ties, empty tensors, gradients."""

import json
import random

CUBE = {"shape": [2, 3, 4]}
DISTINCT = {"shape": [3, 4], "fill": "distinct"}
INTEGERS = {"shape": [2, 5], "fill": "int:-4:5", "dtype": "int32"}
BOOLS = {"shape": [2, 4], "fill": "bool", "dtype": "bool"}


def values(*numbers, **more):
    return {"fill": list(numbers), **more}


MANY = ("sum", "mean", "nansum", "nanmean", "amax", "amin", "logsumexp", "var", "std")


def over_dims():
    for name in MANY:
        needs_dim = name == "logsumexp"
        if not needs_dim:
            yield {"id": f"{name}/all", "call": f"x.{name}", "inputs": {"x": CUBE}, "order": 2}
        yield {"id": f"{name}/dim", "call": f"x.{name}", "args": [1], "inputs": {"x": CUBE}, "order": 2}
        yield {"id": f"{name}/negative", "call": f"torch.{name}", "args": ["$x", -1], "inputs": {"x": CUBE}}
        yield {"id": f"{name}/dims", "call": f"x.{name}", "args": [[0, 2]], "inputs": {"x": CUBE}}
        yield {"id": f"{name}/keepdim", "call": f"x.{name}", "args": [[0, -1], {"keepdim": True}], "inputs": {"x": CUBE}}
        yield {"id": f"{name}/options", "call": f"x.{name}", "args": [{"dim": 1, "keepdim": True}], "inputs": {"x": CUBE}}
        yield {"id": f"{name}/float64", "call": f"x.{name}", "args": [0], "inputs": {"x": {"shape": [3, 2], "dtype": "float64"}}}
        if name not in ("var", "std"):
            yield {"id": f"{name}/scalar", "call": f"x.{name}", "args": [0], "inputs": {"x": {"shape": []}}}
        yield {"id": f"{name}/range", "call": f"x.{name}", "args": [3], "inputs": {"x": CUBE}, "error": "Dimension out of range (expected to be in range of [-3, 2], but got 3)"}
    for name in ("sum", "prod", "amax", "amin", "nansum"):
        yield {"id": f"{name}/int", "call": f"x.{name}", "inputs": {"x": INTEGERS}}
        yield {"id": f"{name}/int-dim", "call": f"x.{name}", "args": [1], "inputs": {"x": INTEGERS}}
        yield {"id": f"{name}/bool", "call": f"x.{name}", "args": [1], "inputs": {"x": BOOLS}}
    for name in ("sum", "mean", "prod", "nansum"):
        yield {"id": f"{name}/dtype", "call": f"x.{name}", "args": [{"dtype": "float64"}], "inputs": {"x": {"shape": [2, 3], "dtype": "int32", "fill": "int:1:5"}}}
    yield {"id": "sum/half", "call": "x.sum", "args": [0], "inputs": {"x": {"shape": [3, 2], "dtype": "float16"}}}
    for name in ("sum", "prod", "nansum", "all", "any", "mean"):
        yield {"id": f"{name}/empty", "call": f"x.{name}", "inputs": {"x": {"shape": [0]}}}
        yield {"id": f"{name}/empty-dim", "call": f"x.{name}", "args": [0], "inputs": {"x": {"shape": [0, 3]}}}
    yield {"id": "sum/keepdim-positional", "call": "x.sum", "args": [1, True], "inputs": {"x": CUBE}}
    yield {"id": "mean/keepdim-positional", "call": "x.mean", "args": [1, True], "inputs": {"x": CUBE}}
    for name in ("nansum", "nanmean"):
        yield {"id": f"{name}/nan", "call": f"x.{name}", "args": [1], "inputs": {"x": values([1, "nan", 3], [2, 4, "nan"])}}
    for name in ("amax", "amin"):
        yield {"id": f"{name}/ties", "call": f"x.{name}", "args": [1], "inputs": {"x": values([1, 3, 3, 0], [2, 2, 2, 2], [0, -1, -1, 0])}}
        yield {"id": f"{name}/ties-all", "call": f"x.{name}", "inputs": {"x": values([1, 3, 3], [3, 1, 1])}}
        yield {"id": f"{name}/empty", "call": f"x.{name}", "inputs": {"x": {"shape": [0]}}, "error": "Expected reduction dim to be specified for input.numel() == 0"}
    yield {"id": "amax/empty-dims", "call": "x.amax", "args": [[]], "inputs": {"x": DISTINCT}}
    yield {"id": "mean/int", "call": "x.mean", "inputs": {"x": INTEGERS}, "error": "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype."}
    yield {"id": "sum/repeated", "call": "x.sum", "args": [[0, 0]], "inputs": {"x": CUBE}, "error": "dim 0 appears multiple times in the list of dims"}
    yield {"id": "logsumexp/infinite", "call": "x.logsumexp", "args": [1], "inputs": {"x": values(["-inf", "-inf"], ["inf", 1], ["-inf", 2], [1000, 1000], requiresGrad=False)}}
    yield {"id": "logsumexp/masked", "call": "x.logsumexp", "args": [1], "inputs": {"x": values(["-inf", 2, 3], [1000, 1000, 1])}}


def products():
    yield {"id": "prod/all", "call": "x.prod", "inputs": {"x": {"shape": [2, 3]}}, "order": 2}
    yield {"id": "prod/dim", "call": "x.prod", "args": [1], "inputs": {"x": CUBE}, "order": 2}
    yield {"id": "prod/keepdim", "call": "torch.prod", "args": ["$x", 0, {"keepdim": True}], "inputs": {"x": CUBE}}
    yield {"id": "prod/zeros", "call": "x.prod", "args": [1], "inputs": {"x": values([2, 0, 3], [0, 0, 5], [1, 2, 3])}}
    yield {"id": "prod/one-zero", "call": "x.prod", "inputs": {"x": values(2, 0, 3)}}


def extremes():
    for name in ("max", "min", "median", "nanmedian"):
        yield {"id": f"{name}/all", "call": f"x.{name}", "inputs": {"x": DISTINCT}}
        yield {"id": f"{name}/dim", "call": f"x.{name}", "args": [1], "inputs": {"x": DISTINCT}, "order": 2}
        yield {"id": f"{name}/dim0", "call": f"torch.{name}", "args": ["$x", 0], "inputs": {"x": DISTINCT}}
        yield {"id": f"{name}/keepdim", "call": f"x.{name}", "args": [0, {"keepdim": True}], "inputs": {"x": DISTINCT}}
        yield {"id": f"{name}/int", "call": f"x.{name}", "args": [1], "inputs": {"x": {"shape": [2, 5], "fill": "permutation", "dtype": "int32"}}}
        yield {"id": f"{name}/odd", "call": f"x.{name}", "args": [0], "inputs": {"x": {"shape": [5], "fill": "distinct"}}}
        yield {"id": f"{name}/scalar", "call": f"x.{name}", "args": [0], "inputs": {"x": {"shape": []}}}
    for name in ("max", "min"):
        yield {"id": f"{name}/ties-all", "call": f"x.{name}", "inputs": {"x": values([1, 3, 3], [3, 1, 1])}}
        yield {"id": f"{name}/ties-dim", "call": f"x.{name}", "args": [1], "inputs": {"x": values([1, 3, 3], [2, 2, 1], [1, 1, 1])}}
        yield {"id": f"{name}/other", "call": f"x.{name}", "args": ["$y"], "inputs": {"x": values(1, 2, 2), "y": values(1, 1, 3)}}
        yield {"id": f"{name}/bool", "call": f"x.{name}", "inputs": {"x": BOOLS}}
        yield {"id": f"{name}/nan", "call": f"x.{name}", "args": [1], "inputs": {"x": values([1, "nan", 3], [3, 2, 1], requiresGrad=False)}}
        yield {"id": f"{name}/empty", "call": f"x.{name}", "inputs": {"x": {"shape": [0]}}, "error": "Expected reduction dim to be specified for input.numel() == 0"}
        yield {"id": f"{name}/empty-dim", "call": f"x.{name}", "args": [1], "inputs": {"x": {"shape": [2, 0]}}, "error": "to have non-zero size"}
    yield {"id": "median/ties", "call": "x.median", "inputs": {"x": values(2, 1, 2, 3, 2)}}
    yield {"id": "median/nan", "call": "x.median", "inputs": {"x": values(2, "nan", 1, requiresGrad=False)}}
    yield {"id": "nanmedian/nan", "call": "x.nanmedian", "inputs": {"x": values(2, "nan", 1, 5, 7)}}
    yield {"id": "nanmedian/nan-dim", "call": "x.nanmedian", "args": [1], "inputs": {"x": values([2, "nan", 1], [4, 5, 6])}}
    for name in ("argmax", "argmin"):
        yield {"id": f"{name}/all", "call": f"x.{name}", "inputs": {"x": DISTINCT}}
        yield {"id": f"{name}/dim", "call": f"x.{name}", "args": [1], "inputs": {"x": DISTINCT}}
        yield {"id": f"{name}/keepdim", "call": f"x.{name}", "args": [0, {"keepdim": True}], "inputs": {"x": DISTINCT}}
        yield {"id": f"{name}/options", "call": f"torch.{name}", "args": ["$x", {"dim": -1}], "inputs": {"x": DISTINCT}}
        yield {"id": f"{name}/ties", "call": f"x.{name}", "args": [1], "inputs": {"x": values([1, 3, 3], [2, 2, 1], [1, 1, 1])}}
        yield {"id": f"{name}/int", "call": f"x.{name}", "args": [1], "inputs": {"x": {"shape": [2, 5], "fill": "permutation", "dtype": "int32"}}}
        yield {"id": f"{name}/nan", "call": f"x.{name}", "args": [1], "inputs": {"x": values([1, "nan", 3], [3, 2, 1], requiresGrad=False)}}
        yield {"id": f"{name}/scalar", "call": f"x.{name}", "args": [0], "inputs": {"x": {"shape": []}}}
        yield {"id": f"{name}/empty", "call": f"x.{name}", "inputs": {"x": {"shape": [0]}}, "error": "Expected reduction dim to be specified for input.numel() == 0"}
    yield {"id": "mode/dim", "call": "x.mode", "args": [1], "inputs": {"x": values([1, 2, 2, 3, 3, 2], [4, 4, 5, 5, 1, 0])}}
    yield {"id": "mode/int", "call": "torch.mode", "args": ["$x"], "inputs": {"x": values(3, 1, 3, 1, 1, dtype="int32")}}
    for q in (0, 0.25, 0.6, 1):
        yield {"id": f"quantile/{q}", "call": "x.quantile", "args": [q], "inputs": {"x": {"shape": [7], "fill": "distinct"}}}
    for interpolation in ("linear", "lower", "higher", "midpoint", "nearest"):
        yield {"id": f"quantile/{interpolation}", "call": "x.quantile", "args": [0.4, {"dim": 1, "interpolation": interpolation}], "inputs": {"x": DISTINCT}}
    yield {"id": "quantile/tensor", "call": "x.quantile", "args": ["$q", 1], "inputs": {"x": DISTINCT, "q": {"fill": [0.25, 0.5], "requiresGrad": False}}}
    yield {"id": "quantile/keepdim", "call": "x.quantile", "args": [0.3, 0, {"keepdim": True}], "torchArgs": [0.3, {"dim": 0, "keepdim": True}], "inputs": {"x": DISTINCT}}


def statistics():
    for name in ("var", "std", "varMean", "stdMean"):
        call = "torch." + name
        yield {"id": f"{name}/free", "call": call, "args": ["$x"], "inputs": {"x": CUBE}, "order": 2}
        yield {"id": f"{name}/free-dim", "call": call, "args": ["$x", 1], "inputs": {"x": CUBE}}
        yield {"id": f"{name}/correction0", "call": call, "args": ["$x", {"dim": 1, "correction": 0}], "inputs": {"x": CUBE}}
        yield {"id": f"{name}/correction2", "call": call, "args": ["$x", {"dim": [0, 1], "correction": 2, "keepdim": True}], "inputs": {"x": CUBE}}
        yield {"id": f"{name}/unbiased", "call": call, "args": ["$x", 0, {"unbiased": False}], "inputs": {"x": CUBE}}
        yield {"id": f"{name}/unbiased-all", "call": call, "args": ["$x", {"unbiased": False}], "inputs": {"x": CUBE}}
        yield {"id": f"{name}/constant", "call": call, "args": ["$x", 1], "inputs": {"x": values([2, 2, 2], [1, 2, 3])}}
        yield {"id": f"{name}/single", "call": call, "args": ["$x", 1], "inputs": {"x": {"shape": [2, 1], "requiresGrad": False}}}
    for name in ("std", "var"):
        for args in ([1, False], [1, True, True], [False], [[0, 1], False, True], [{"dim": -1, "unbiased": False, "keepdim": True}]):
            yield {"id": f"{name}/method-{json.dumps(args)}", "call": f"x.{name}", "args": args, "inputs": {"x": CUBE}}
    for name in ("max", "min", "median", "mode"):
        yield {"id": f"{name}/keepdim-positional", "call": f"x.{name}", "args": [1, True], "inputs": {"x": DISTINCT}}
    for name in ("argmax", "argmin", "any", "all", "amax", "prod", "logsumexp", "nansum", "nanmean"):
        yield {"id": f"{name}/keepdim-positional", "call": f"x.{name}", "args": [0, True], "inputs": {"x": DISTINCT}}
    yield {"id": "norm/positional", "call": "x.norm", "args": [1, 1, True], "inputs": {"x": DISTINCT}}
    yield {"id": "cov/matrix", "call": "torch.cov", "args": ["$x"], "inputs": {"x": {"shape": [3, 5]}}, "order": 2}
    yield {"id": "cov/correction", "call": "x.cov", "args": [{"correction": 0}], "inputs": {"x": {"shape": [3, 5]}}}
    yield {"id": "cov/vector", "call": "x.cov", "inputs": {"x": {"shape": [5]}}}
    yield {"id": "corrcoef/matrix", "call": "torch.corrcoef", "args": ["$x"], "inputs": {"x": {"shape": [3, 5]}}}
    yield {"id": "trapezoid/dx", "call": "torch.trapezoid", "args": ["$x", {"dx": 0.5}], "inputs": {"x": {"shape": [2, 5]}}}
    yield {"id": "trapezoid/places", "call": "torch.trapezoid", "args": ["$x", "$p"], "inputs": {"x": {"shape": [2, 5]}, "p": {"shape": [5]}}}
    yield {"id": "trapezoid/dim", "call": "torch.trapezoid", "args": ["$x", {"dim": 0}], "inputs": {"x": {"shape": [3, 2]}}}
    for p in (1, 2, 3, 0.5, 1.5, 0, "inf", "-inf", "fro"):
        yield {"id": f"norm/{p}", "call": "x.norm", "args": [p], "inputs": {"x": {"shape": [2, 3]}}}
        yield {"id": f"norm/{p}-dim", "call": "torch.norm", "args": ["$x", p, 1], "inputs": {"x": {"shape": [2, 3]}}}
        yield {"id": f"norm/{p}-zero", "call": "x.norm", "args": [{"p": p, "dim": 1}], "inputs": {"x": values([0, 0, 0], [3, 0, 4])}}
    yield {"id": "norm/keepdim", "call": "x.norm", "args": [{"p": 2, "dim": [0, 1], "keepdim": True}], "inputs": {"x": CUBE}, "order": 2}
    yield {"id": "norm/inf-ties", "call": "x.norm", "args": ["inf"], "inputs": {"x": values(2, -2, 1)}}
    for p in (2, 1, "inf"):
        yield {"id": f"dist/{p}", "call": "x.dist", "args": ["$y", p], "inputs": {"x": {"shape": [2, 3]}, "y": {"shape": [2, 3]}}}


def logic():
    for name in ("all", "any"):
        for label, x in {"bool": BOOLS, "float": values([0, 1, 2], [1, 1, 1], [0, 0, 0]), "int": values([0, 1], [1, 1], dtype="int32")}.items():
            yield {"id": f"{name}/{label}", "call": f"x.{name}", "inputs": {"x": x}}
            yield {"id": f"{name}/{label}-dim", "call": f"x.{name}", "args": [1], "inputs": {"x": x}}
            yield {"id": f"{name}/{label}-keepdim", "call": f"torch.{name}", "args": ["$x", 0, {"keepdim": True}], "inputs": {"x": x}}
    yield {"id": "countNonzero/all", "call": "x.countNonzero", "inputs": {"x": values([0, 1, 2], [0, 0, 3])}}
    yield {"id": "countNonzero/dim", "call": "x.countNonzero", "args": [{"dim": 0}], "inputs": {"x": values([0, 1, 2], [0, 0, 3])}}
    yield {"id": "trace/square", "call": "x.trace", "inputs": {"x": {"shape": [3, 3]}}}
    yield {"id": "trace/wide", "call": "torch.trace", "args": ["$x"], "inputs": {"x": {"shape": [2, 4]}}}
    yield {"id": "trace/int", "call": "x.trace", "inputs": {"x": {"shape": [3, 3], "dtype": "int32", "fill": "int:0:5"}}}


def running():
    for name in ("cumsum", "cumprod", "cummax", "cummin", "logcumsumexp"):
        for dim in (0, 1, -1):
            case = {"id": f"{name}/dim{dim}", "call": f"x.{name}", "args": [dim], "inputs": {"x": {"shape": [3, 5], "fill": "distinct"}}}
            yield case if name == "logcumsumexp" else {**case, "order": 2}
        yield {"id": f"{name}/options", "call": f"torch.{name}", "args": ["$x", {"dim": 0}], "inputs": {"x": {"shape": [7], "fill": "distinct"}}}
        yield {"id": f"{name}/one", "call": f"x.{name}", "args": [0], "inputs": {"x": {"shape": [1]}}}
        yield {"id": f"{name}/scalar", "call": f"x.{name}", "args": [0], "inputs": {"x": {"shape": []}}}
        if name != "logcumsumexp":
            yield {"id": f"{name}/int", "call": f"x.{name}", "args": [1], "inputs": {"x": {"shape": [2, 5], "dtype": "int32", "fill": "int:1:5"}}}
    yield {"id": "cumsum/bool", "call": "x.cumsum", "args": [0], "inputs": {"x": values(1, 0, 1, 1, dtype="bool")}}
    yield {"id": "cumsum/dtype", "call": "x.cumsum", "args": [0, {"dtype": "float64"}], "inputs": {"x": {"shape": [4]}}}
    yield {"id": "cumprod/zeros", "call": "x.cumprod", "args": [0], "inputs": {"x": values(2, 0, 3, 0, 4)}}
    yield {"id": "cummax/ties", "call": "x.cummax", "args": [0], "inputs": {"x": values(1, 3, 3, 2, 3, 1)}}
    yield {"id": "cummin/ties", "call": "x.cummin", "args": [0], "inputs": {"x": values(3, 1, 1, 2, 1, 0)}}
    yield {"id": "cummax/nan", "call": "x.cummax", "args": [0], "inputs": {"x": values(1, "nan", 3, 2, requiresGrad=False)}}
    yield {"id": "logcumsumexp/infinite", "call": "x.logcumsumexp", "args": [0], "inputs": {"x": values("-inf", "-inf", 1, 2, 1000, requiresGrad=False)}}
    for n in (1, 2):
        yield {"id": f"diff/n{n}", "call": "x.diff", "args": [{"n": n}], "inputs": {"x": {"shape": [2, 5]}}}
    yield {"id": "diff/dim", "call": "x.diff", "args": [1, 0], "inputs": {"x": {"shape": [3, 2]}}}
    yield {"id": "diff/around", "call": "torch.diff", "args": ["$x", {"prepend": "$a", "append": "$b"}], "inputs": {"x": {"shape": [3]}, "a": {"shape": [1]}, "b": {"shape": [2]}}}
    yield {"id": "diff/bool", "call": "x.diff", "inputs": {"x": values(1, 0, 0, 1, dtype="bool")}}


def sampled():
    """Shapes, dims and dtypes that nobody chose."""
    generator = random.Random(1)
    shapes = ([5], [2, 3], [3, 1], [2, 3, 4], [1, 2, 1, 3], [4, 0])
    many = ("sum", "mean", "amax", "amin", "std", "var", "logsumexp", "norm", "nansum", "countNonzero")
    single = ("max", "min", "argmax", "argmin", "prod", "cumsum", "cumprod", "median", "all", "any", "cummax", "logcumsumexp", "softmax", "logSoftmax")
    for index in range(160):
        shape = generator.choice(shapes)
        name = generator.choice(many + single)
        dtype = generator.choice(("float32", "float32", "float64", "int32"))
        if dtype == "int32" and name not in ("sum", "amax", "amin", "nansum", "countNonzero", "max", "min", "argmax", "argmin", "prod", "cumsum", "cumprod", "median", "all", "any", "cummax"):
            continue
        keepdim = generator.random() < 0.5
        dims = [generator.choice((axis, axis - len(shape))) for axis in sorted(generator.sample(range(len(shape)), generator.randint(1, len(shape))))]
        if shape == [4, 0] and (name not in ("sum", "prod", "cumsum", "nansum", "all", "any", "countNonzero", "cumprod") and -1 in dims or 1 in dims):
            continue
        options = {"dim": dims if name in many and len(dims) > 1 else dims[0]}
        if keepdim and name not in ("cumsum", "cumprod", "cummax", "logcumsumexp", "softmax", "logSoftmax", "countNonzero"):
            options["keepdim"] = True
        fill = "permutation" if dtype == "int32" else "distinct"
        yield {"id": f"sampled/{index}-{name}", "call": f"x.{name}", "args": [options], "inputs": {"x": {"shape": shape, "dtype": dtype, "fill": fill}}, "seed": index}


def cases():
    for group in (sampled, over_dims, products, extremes, statistics, logic, running):
        yield from group()
