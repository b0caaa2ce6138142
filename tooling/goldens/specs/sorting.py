"""Sorting, searching."""


def cases():
    out = []

    def add(identifier, call, args=(), error=None, x=None, **more):
        inputs = {"x": x or {"shape": [3, 5]}, **more.pop("others", {})}
        made = {"id": identifier, "call": call, "args": list(args), "inputs": inputs, **more}
        if error is not None:
            made["error"] = error
        out.append(made)

    ties = {"fill": [[3, 1, 2, 1, 3], [0, 0, 0, 0, 0], [5, 4, 3, 4, 5]]}
    ints = {"shape": [3, 5], "dtype": "int32", "fill": "int:0:4"}
    add("sort", "x.sort", order=2)
    add("sort/dim0", "x.sort", [0])
    add("sort/options", "x.sort", [{"dim": 1, "descending": True}])
    add("sort/positional", "x.sort", [-1, True])
    add("sort/stable", "x.sort", [{"dim": 1, "stable": True}], x=ties)
    add("sort/stable-descending", "x.sort", [{"dim": 1, "descending": True, "stable": True}], x=ties)
    add("sort/int", "x.sort", [{"stable": True}], x=ints)
    add("sort/bool", "x.sort", [{"stable": True}], x={"shape": [6], "dtype": "bool", "fill": [1, 0, 1, 0, 0, 1]})
    add("sort/nan", "x.sort", x={"fill": [2, "nan", "-inf", 1, "inf", 0], "requiresGrad": False})
    add("sort/nan-descending", "x.sort", [{"descending": True}], x={"fill": [2, "nan", "-inf", 1, "inf", 0], "requiresGrad": False})
    add("sort/scalar", "x.sort", x={"shape": []})
    add("sort/one", "x.sort", x={"shape": [1, 1]})
    add("sort/range", "x.sort", [5], error="Dimension out of range (expected to be in range of [-2, 1], but got 5)")
    add("torch.sort", "torch.sort", ["$x", {"dim": 0, "descending": True}])
    add("argsort", "x.argsort")
    add("argsort/descending", "x.argsort", [0, True])
    add("argsort/options", "torch.argsort", ["$x", {"dim": 1, "descending": True}])
    add("msort", "x.msort")
    add("topk", "x.topk", [2], order=2)
    add("topk/all", "x.topk", [5])
    add("topk/dim", "x.topk", [2, 0])
    add("topk/smallest", "x.topk", [3, {"largest": False}])
    add("topk/options", "x.topk", [1, {"dim": 0, "largest": False, "sorted": True}])
    add("topk/int", "x.topk", [2], x={"shape": [7], "dtype": "int32", "fill": "permutation"})
    add("topk/scalar", "x.topk", [1], x={"shape": []})
    add("topk/zero", "x.topk", [0])
    add("topk/range", "x.topk", [9], error="selected index k out of range")
    add("torch.topk", "torch.topk", ["$x", 2, {"dim": 1}])
    add("kthvalue", "x.kthvalue", [2])
    add("kthvalue/dim", "x.kthvalue", [3, 0], order=2)
    add("kthvalue/keepdim", "x.kthvalue", [1, {"dim": 1, "keepdim": True}])
    add("kthvalue/range", "x.kthvalue", [9], error="kthvalue(): selected number k out of range for dimension 1")

    edges = {"fill": [1, 3, 5, 7, 9]}
    wanted = {"v": {"fill": [[0, 1, 3, 4], [9, 10, 5, 2]]}}
    add("searchsorted", "torch.searchsorted", ["$x", "$v"], x=edges, others=wanted)
    add("searchsorted/right", "torch.searchsorted", ["$x", "$v", {"right": True}], x=edges, others=wanted)
    add("searchsorted/side", "torch.searchsorted", ["$x", "$v", {"side": "right"}], x=edges, others=wanted)
    add("searchsorted/number", "torch.searchsorted", ["$x", 4], x=edges)
    add("searchsorted/rows", "torch.searchsorted", ["$x", "$v"], x={"fill": [[1, 3, 5], [2, 4, 6]]}, others={"v": {"fill": [[3, 6], [3, 6]]}})
    add("searchsorted/shapes", "torch.searchsorted", ["$x", "$v"], x={"fill": [[1, 3, 5], [2, 4, 6]]}, others={"v": {"shape": [3, 2]}}, error="boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor and input value tensor must match")
    add("bucketize", "torch.bucketize", ["$v", "$x"], x=edges, others=wanted)
    add("bucketize/right", "torch.bucketize", ["$v", "$x", {"right": True}], x=edges, others=wanted)
    add("bucketize/number", "torch.bucketize", [3, "$x"], x=edges)
    add("isin", "torch.isin", ["$x", "$y"], x=ints, others={"y": {"dtype": "int32", "fill": [1, 3]}})
    add("isin/number", "torch.isin", ["$x", 2], x=ints)
    add("isin/invert", "torch.isin", ["$x", "$y", {"invert": True}], x=ints, others={"y": {"dtype": "int32", "fill": [1, 3]}})

    add("unique", "x.unique", x=ints)
    add("unique/float", "torch.unique", ["$x"], x={**ties, "requiresGrad": False})
    add("unique/inverse", "x.unique", [{"returnInverse": True}], x=ints)
    add("unique/counts", "x.unique", [{"returnInverse": True, "returnCounts": True}], x=ints)
    add("unique/dim0", "x.unique", [{"dim": 0, "returnInverse": True, "returnCounts": True}], x={"dtype": "int32", "fill": [[2, 1], [0, 5], [2, 1], [0, 4]]})
    add("unique/dim1", "x.unique", [{"dim": 1}], x={"dtype": "int32", "fill": [[2, 1, 2], [0, 5, 0]]})
    add("uniqueConsecutive", "x.uniqueConsecutive", [{"returnInverse": True, "returnCounts": True}], x={"dtype": "int32", "fill": [1, 1, 2, 2, 3, 1, 1, 2]})
    add("uniqueConsecutive/only", "torch.uniqueConsecutive", ["$x"], x={"dtype": "int32", "fill": [1, 1, 2, 2, 3, 1, 1, 2]})
    add("bincount", "x.bincount", x={"dtype": "int32", "fill": [1, 0, 5, 1, 1]})
    add("bincount/minlength", "x.bincount", [{"minlength": 8}], x={"dtype": "int32", "fill": [1, 0, 5, 1, 1]})
    add("bincount/weights", "x.bincount", ["$w"], x={"dtype": "int32", "fill": [1, 0, 5, 1, 1]}, others={"w": {"shape": [5], "requiresGrad": False}})
    add("histc", "x.histc", [4, {"min": -1, "max": 1}], x={"fill": [-1, -0.5, 0, 0.4, 0.5, 1, 2, -3], "requiresGrad": False})
    add("histc/auto", "x.histc", [{"bins": 3}], x={"fill": [-1, -0.6, 0.1, 0.4, 0.5, 2], "requiresGrad": False})

    labels = {"dtype": "int32", "fill": [[0, 2], [1, 0]]}
    add("oneHot/classes", "F.oneHot", ["$x", {"numClasses": 4}], x=labels)
    add("oneHot/positional", "F.oneHot", ["$x", 3], x=labels)
    add("oneHot/inferred", "F.oneHot", ["$x"], x=labels)
    add("oneHot/small", "F.oneHot", ["$x", 2], x=labels, error="Class values must be smaller than num_classes.")
    add("oneHot/negative", "F.oneHot", ["$x", 2], x={"dtype": "int32", "fill": [0, -1]}, error="Class values must be non-negative.")
    return out
