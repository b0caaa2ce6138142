"""Indexing: brackets, gathering and scattering."""


def cases():
    out = []

    def add(identifier, call, args=(), error=None, torch_error=False, shape=(3, 4), x=None, others=None, **more):
        inputs = {"x": x or {"shape": list(shape)}, **(others or {})}
        made = {"id": identifier, "call": call, "args": list(args), "inputs": inputs, **more}
        if error is not None:
            made["error"] = error
        if torch_error is not False:
            made["torchError"] = torch_error
        out.append(made)

    def index(*values):
        return {"dtype": "int32", "fill": list(values)}

    whole = ["slice", None, None]
    basic = {
        "int": [0],
        "negative": [-1],
        "ints": [[1, 2]],
        "spread": [1, 2],
        "tail": [["slice", 1, None]],
        "head": [["slice", None, 2]],
        "slices": [[["slice", 1, None], ["slice", None, -1]]],
        "step": [[whole, ["slice", None, None, 2]]],
        "step-offset": [[["slice", 1, None, 2], ["slice", 0, 4, 3]]],
        "step-beyond": [[whole, ["slice", 1, 100, 7]]],
        "out-of-range": [["slice", -100, 100]],
        "empty": [["slice", 2, 1]],
        "new": [[None, 0]],
        "new-last": [["...", None]],
        "new-between": [[whole, None, whole]],
        "ellipsis": ["..."],
        "ellipsis-last": [["...", 0]],
        "ellipsis-first": [[0, "..."]],
        "mixed": [[0, None, ["slice", 1, None, 2]]],
    }
    for name, args in basic.items():
        add(f"at/{name}", "x.at", args, **({"order": 2} if name in ("step", "slices") else {}))
    add("at/cube", "x.at", [["slice", None, None], 1, ["slice", None, None, 3]], shape=(2, 3, 4))
    add("at/cube-ellipsis", "x.at", [[1, "...", ["slice", None, -1]]], shape=(2, 3, 4))
    add("at/int-tensor", "x.at", [0, ["slice", 1, None]], x={"shape": [3, 4], "dtype": "int32", "fill": "int:0:9"})
    add("at/bool-step", "x.at", [["slice", None, None, 2]], x={"shape": [5], "dtype": "bool", "fill": "bool"})
    add("at/range", "x.at", [5], error="index 5 is out of bounds for dimension 0 with size 3")
    add("at/range-negative", "x.at", [[0, -5]], error="index -5 is out of bounds for dimension 1 with size 4")
    add("at/too-many", "x.at", [[0, 0, 0]], error="too many indices for tensor of dimension 2")
    add("at/scalar", "x.at", [0], shape=(), error="invalid index of a 0-dim tensor")

    rows = {"r": index(2, 0, -1)}
    grid = {"r": index([0], [2]), "c": index(1, 3, 0)}
    pair = {"r": index(2, 0), "c": index(1, -1)}
    add("at/rows", "x.at", ["$r"], others=rows, order=2)
    add("at/rows-list", "x.at", [[[2, 0, -1]]])
    add("at/columns", "x.at", [[whole, "$r"]], others=rows)
    add("at/pair", "x.at", [["$r", "$c"]], others=pair)
    add("at/grid", "x.at", [["$r", "$c"]], others=grid, order=2)
    add("at/matrix-index", "x.at", ["$r"], others={"r": index([0, 1], [2, 0])})
    add("at/ellipsis-tensor", "x.at", [["...", "$r"]], others=rows)
    add("at/new-tensor", "x.at", [[None, "$r"]], others=rows)
    cube = {"shape": [2, 3, 4]}
    two = {"r": index(0, 1), "c": index(1, 0)}
    add("at/adjacent", "x.at", [[whole, "$r", "$c"]], x=cube, others=two)
    add("at/apart", "x.at", [["$r", whole, "$c"]], x=cube, others=two)
    add("at/int-apart", "x.at", [[0, whole, "$c"]], x=cube, others=two)
    add("at/int-adjacent", "x.at", [[whole, 0, "$c"]], x=cube, others=two)
    add("at/int-between", "x.at", [["$r", 0, "$c"]], x=cube, others=two)
    add("at/new-between-tensors", "x.at", [["$r", None, "$c"]], x=cube, others=two)
    add("at/slice-tensor", "x.at", [[["slice", 1, None], "$r", ["slice", None, None, 2]]], x=cube, others=two)
    add("at/empty-tensor", "x.at", ["$r"], others={"r": {"shape": [0], "dtype": "int32", "fill": "int:0:1"}})
    add("at/duplicates", "x.at", ["$r"], others={"r": index(1, 1, 1)})
    add("at/tensor-range", "x.at", ["$r"], others={"r": index(7)}, error="index 7 is out of bounds for dimension 0 with size 3")
    add("at/tensor-dtype", "x.at", ["$r"], others={"r": {"fill": [0.5]}}, error="tensors used as indices must be long, int, byte or bool tensors")
    add("at/tensor-shapes", "x.at", [["$r", "$c"]], others={"r": index(0, 1), "c": index(0, 1, 2)}, error="shape mismatch: indexing tensors could not be broadcast together with shapes [2], [3]")
    mask = {"m": {"dtype": "bool", "fill": [1, 0, 1]}}
    full = {"m": {"dtype": "bool", "fill": [[1, 0, 1, 0], [0, 0, 1, 1], [0, 0, 0, 0]]}}
    add("at/mask-rows", "x.at", ["$m"], others=mask)
    add("at/mask", "x.at", ["$m"], others=full)
    add("at/mask-columns", "x.at", [[["slice", 1, None], "$m"]], others={"m": {"dtype": "bool", "fill": [1, 0, 1, 1]}})
    add("at/mask-and-index", "x.at", [["$m", "$r"]], others={**mask, "r": index(1, 2)})
    add("at/mask-list", "x.at", [[[True, False, True]]])
    add("at/mask-shape", "x.at", ["$m"], others={"m": {"dtype": "bool", "fill": [1]}}, error="The shape of the mask [1] at index 0 does not match the shape of the indexed tensor [3, 4] at index 0")
    add("atAsync/mask", "x.atAsync", ["$m"], others=full, torch="x.__getitem__", torchArgs=["$m"])

    add("maskedSelect", "x.maskedSelect", ["$m"], others=full, order=2)
    add("maskedSelect/broadcast", "torch.maskedSelect", ["$x", "$m"], others={"m": {"dtype": "bool", "fill": [[1], [0], [1]]}})
    add("maskedSelect/none", "x.maskedSelect", ["$m"], others={"m": {"shape": [3, 4], "dtype": "bool", "fill": "full:0"}})
    add("nonzero", "x.nonzero", x={"dtype": "int32", "fill": [[1, 0, 3], [0, 0, 2]]})
    add("nonzero/tuple", "x.nonzero", [{"asTuple": True}], x={"dtype": "int32", "fill": [[1, 0, 3], [0, 0, 2]]})
    add("nonzero/bool", "torch.nonzero", ["$x"], x={"dtype": "bool", "fill": [1, 0, 1]})
    add("argwhere", "torch.argwhere", ["$x"], x={"fill": [[1, 0.5, 0]], "requiresGrad": False})

    add("indexSelect/0", "x.indexSelect", [0, "$r"], others={"r": index(2, 0)})
    add("indexSelect/1", "torch.indexSelect", ["$x", 1, "$r"], others={"r": index(3, 3, 0)}, order=2)
    add("indexSelect/range", "x.indexSelect", [0, "$r"], others={"r": index(7)}, error="index 7 is out of bounds for dimension 0 with size 3", torch_error="index out of range")
    add("indexSelect/rank", "x.indexSelect", [0, "$r"], others={"r": index([0])}, error="index_select(): Index is supposed to be a vector")
    add("gather/1", "x.gather", [1, "$r"], others={"r": index([0, 3], [1, 1], [2, 0])}, order=2)
    add("gather/0", "torch.gather", ["$x", 0, "$r"], others={"r": index([0, 2, 1, 0], [1, 1, 0, 2])})
    add("gather/smaller", "x.gather", [-1, "$r"], others={"r": index([3])})
    add("gather/cube", "x.gather", [1, "$r"], x=cube, others={"r": {"shape": [2, 2, 3], "dtype": "int32", "fill": "int:0:3"}})
    add("gather/range", "x.gather", [0, "$r"], others={"r": index([7, 0])}, error="index 7 is out of bounds for dimension 0 with size 3")
    add("gather/rank", "x.gather", [0, "$r"], others={"r": index(0)}, error="Index tensor must have the same number of dimensions as input tensor")
    add("gather/size", "x.gather", [0, "$r"], others={"r": {"shape": [2, 5], "dtype": "int32", "fill": "int:0:1"}}, error="Size does not match at dimension 1 expected index [2, 5] to be no larger than self [3, 4] apart from dimension 0")
    add("take", "x.take", ["$r"], others={"r": index([0, 5], [-1, 11])}, order=2)
    add("take/range", "x.take", ["$r"], others={"r": index(12)}, error="out of range: tried to access index 12 on a tensor of 12 elements.")
    add("takeAlongDim", "x.takeAlongDim", ["$r", 1], others={"r": index([0], [3], [2])})
    add("takeAlongDim/broadcast", "torch.takeAlongDim", ["$x", "$r", {"dim": 1}], others={"r": index([0, 3])})
    add("takeAlongDim/flat", "x.takeAlongDim", ["$r"], others={"r": index(0, 7, 11)})

    unique = {"r": index([0, 3], [1, 2], [2, 0])}
    source = {"s": {"shape": [3, 2]}}
    add("scatter/tensor", "x.scatter", [1, "$r", "$s"], others={**unique, **source}, order=2)
    add("scatter/dim0", "torch.scatter", ["$x", 0, "$r", "$s"], others={"r": index([0, 2, 1, 0]), "s": {"shape": [1, 4]}})
    add("scatter/larger-source", "x.scatter", [0, "$r", "$s"], others={"r": index([0, 2]), "s": {"shape": [2, 3], "requiresGrad": False}})
    add("scatter/value", "x.scatter", [1, "$r", 9], others=unique)
    add("scatter/fraction", "x.scatter", [1, "$r", 0.5], others=unique)
    add("scatter/int", "x.scatter", [1, "$r", 7], x={"shape": [3, 4], "dtype": "int32", "fill": "int:0:9"}, others=unique)
    add("scatter/duplicate-value", "x.scatter", [1, "$r", 2], others={"r": index([0, 0, 0])})
    add("scatter/add", "x.scatter", [1, "$r", "$s", {"reduce": "add"}], x={"shape": [3, 4], "requiresGrad": False}, others={"r": index([0, 0], [1, 2], [3, 3]), "s": {"shape": [3, 2], "requiresGrad": False}})
    add("scatter/multiply", "x.scatter", [1, "$r", "$s", {"reduce": "multiply"}], x={"shape": [3, 4], "requiresGrad": False}, others={"r": index([0, 0], [1, 2], [3, 3]), "s": {"shape": [3, 2], "requiresGrad": False}})
    add("scatter/range", "x.scatter", [0, "$r", 1], others={"r": index([5])}, error="index 5 is out of bounds for dimension 0 with size 3")
    add("scatter/size", "x.scatter", [0, "$r", 1], others={"r": {"shape": [1, 5], "dtype": "int32", "fill": "int:0:1"}}, error="Expected index [1, 5] to be no larger than self [3, 4] apart from dimension 0")
    add("scatter_/value", "x.scatter_", [1, "$r", 1], x={"shape": [3, 4], "clone": True}, others=unique, after=["x"])
    repeated = {"r": index([0, 0, 3], [1, 1, 1], [2, 0, 2]), "s": {"shape": [3, 3]}}
    add("scatterAdd", "x.scatterAdd", [1, "$r", "$s"], others=repeated, order=2)
    add("scatterAdd_", "x.scatterAdd_", [1, "$r", "$s"], x={"shape": [3, 4], "clone": True}, others=repeated, after=["x"])
    add("scatterAdd/int", "torch.scatterAdd", ["$x", 1, "$r", "$s"], x={"shape": [3, 4], "dtype": "int32", "fill": "int:0:9"}, others={"r": repeated["r"], "s": {"shape": [3, 3], "dtype": "int32", "fill": "int:0:9"}})
    for reduce in ("sum", "mean", "amax", "amin", "prod"):
        add(f"scatterReduce/{reduce}", "x.scatterReduce", [1, "$r", "$s", reduce], others=repeated)
        add(f"scatterReduce/{reduce}-without-self", "x.scatterReduce", [1, "$r", "$s", reduce, {"includeSelf": False}], others=repeated)
        add(f"scatterReduce/{reduce}-option", "torch.scatterReduce", ["$x", 0, "$r", "$s", {"reduce": reduce}], others={"r": index([0, 2], [0, 0], [2, 1]), "s": {"shape": [3, 2]}})
    add("scatterReduce/ties", "x.scatterReduce", [0, "$r", "$s", "amax"], x={"fill": [1, 5, 2]}, others={"r": index(0, 0, 0, 2, 2), "s": {"fill": [1, 1, 0, 3, 3]}})
    add("scatterReduce/prod-zeros", "x.scatterReduce", [0, "$r", "$s", "prod"], x={"fill": [1, 5, 2]}, others={"r": index(0, 0, 1, 2, 2), "s": {"fill": [0, 4, 0, 3, -3]}})

    add("indexAdd", "x.indexAdd", [0, "$r", "$s"], others={"r": index(0, 0, 2), "s": {"shape": [3, 4]}}, order=2)
    add("indexAdd/alpha", "x.indexAdd", [1, "$r", "$s", {"alpha": -2}], others={"r": index(3, 1), "s": {"shape": [3, 2]}})
    add("indexAdd_", "x.indexAdd_", [0, "$r", "$s"], x={"shape": [3, 4], "clone": True}, others={"r": index(0, 0), "s": {"shape": [2, 4]}}, after=["x"])
    add("indexAdd/count", "x.indexAdd", [0, "$r", "$s"], others={"r": index(0), "s": {"shape": [3, 4]}}, error="Number of indices (1) should be equal to source.size(dim): (3), for dim: 0")
    add("indexCopy", "x.indexCopy", [0, "$r", "$s"], others={"r": index(2, 0), "s": {"shape": [2, 4]}}, order=2)
    add("indexCopy/1", "x.indexCopy", [1, "$r", "$s"], others={"r": index(3), "s": {"shape": [3, 1]}})
    add("indexFill", "x.indexFill", [1, "$r", 5], others={"r": index(0, 2)})
    add("indexFill/tensor", "x.indexFill", [0, "$r", "$v"], others={"r": index(0, 2), "v": {"shape": []}})
    add("indexFill_", "x.indexFill_", [0, "$r", -1], x={"shape": [3, 4], "clone": True}, others={"r": index(1)}, after=["x"])
    add("indexPut", "x.indexPut", [{"tuple": ["$r", "$c"]}, "$v"], others={**pair, "v": {"shape": [2]}})
    add("indexPut/accumulate", "x.indexPut", [{"tuple": ["$r"]}, "$v", {"accumulate": True}], others={"r": index(1, 1, 0), "v": {"shape": [3, 4]}})
    add("put", "x.put", ["$r", "$v"], others={"r": index(0, 5, -1), "v": {"shape": [3]}})
    add("put/accumulate", "x.put", ["$r", "$v", {"accumulate": True}], others={"r": index(0, 5, 5), "v": {"shape": [3]}})
    add("maskedScatter", "x.maskedScatter", ["$m", "$s"], others={**full, "s": {"shape": [5]}})
    add("maskedScatter/few", "x.maskedScatter", ["$m", "$s"], others={**full, "s": {"shape": [2]}}, error="maskedScatter: ", torch_error="Number of elements of source < number of ones in mask")
    add("selectScatter", "x.selectScatter", ["$s", 1, -1], others={"s": {"shape": [3]}}, order=2)
    add("sliceScatter", "x.sliceScatter", ["$s", {"dim": 1, "start": 1, "end": 4, "step": 2}], others={"s": {"shape": [3, 2]}})
    add("diagonalScatter", "x.diagonalScatter", ["$s", {"offset": 1}], others={"s": {"shape": [3]}})

    # Assignment: x[index] = value.
    clone = {"shape": [3, 4], "clone": True}
    assignments = {
        "row": ([0], {"shape": [4]}),
        "row-broadcast": ([["slice", 1, None]], {"shape": [4]}),
        "element": ([[1, 2]], {"shape": []}),
        "column": ([[whole, -1]], {"shape": [3]}),
        "box": ([[["slice", 0, 2], ["slice", 1, 3]]], {"shape": [2, 2]}),
        "step": ([[whole, ["slice", 1, None, 2]]], {"shape": [3, 2]}),
        "ellipsis": (["..."], {"shape": [1, 4]}),
        "new": ([[None, 0]], {"shape": [1, 4]}),
        "rows": (["$r"], {"shape": [2, 4]}),
        "pair": ([["$r", "$c"]], {"shape": [2]}),
        "mixed": ([[["slice", 1, None], "$c"]], {"shape": [2, 2]}),
        "empty": ([["slice", 2, 1]], {"shape": [4]}),
    }
    for name, (args, value) in assignments.items():
        for call in ("set_", "set"):
            add(
                f"{call}/{name}",
                f"x.{call}",
                [args[0], "$v"],
                x=clone if call == "set_" else None,
                others={"v": value, **pair},
                **({"after": ["x"]} if call == "set_" else {}),
            )
    add("unravelIndex", "torch.unravelIndex", ["$x", [2, 3, 4]], x=index([0, 23], [7, 12]))
    add("vander", "torch.vander", ["$x"], x={"shape": [4], "requiresGrad": False})
    add("vander/increasing", "torch.vander", ["$x", {"N": 3, "increasing": True}], x={"shape": [4], "requiresGrad": False})
    add("unique/positional", "x.unique", [True, True], x={"dtype": "int32", "fill": [3, 1, 3, 2]})
    return out
