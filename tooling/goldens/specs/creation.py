"""Tensors from nothing, from numbers, and from random streams."""


def values(*numbers, **more):
    return {"fill": list(numbers), **more}


def plain():
    for name in ("zeros", "ones"):
        yield {"id": f"{name}/list", "call": f"torch.{name}", "args": [[2, 3]]}
        yield {"id": f"{name}/sizes", "call": f"torch.{name}", "args": [2, 3]}
        yield {"id": f"{name}/one", "call": f"torch.{name}", "args": [4]}
        yield {"id": f"{name}/scalar", "call": f"torch.{name}", "args": [[]]}
        yield {"id": f"{name}/empty", "call": f"torch.{name}", "args": [[0, 3]]}
        for dtype in ("int32", "bool", "float64", "float16"):
            yield {"id": f"{name}/{dtype}", "call": f"torch.{name}", "args": [[2], {"dtype": dtype}]}
        yield {"id": f"{name}/grad", "call": f"torch.{name}", "args": [[2], {"requiresGrad": True}]}
        yield {"id": f"{name}Like", "call": f"torch.{name}Like", "args": ["$x"], "inputs": {"x": {"shape": [2, 3], "dtype": "float64"}}}
        yield {"id": f"{name}Like/int", "call": f"torch.{name}Like", "args": ["$x"], "inputs": {"x": values(1, 2, dtype="int32")}}
        yield {"id": f"{name}Like/dtype", "call": f"torch.{name}Like", "args": ["$x", {"dtype": "bool"}], "inputs": {"x": {"shape": [2, 3]}}}
    for label, value in {"int": 7, "fraction": 1.5, "bool": True}.items():
        yield {"id": f"full/{label}", "call": "torch.full", "args": [[2, 2], value]}
    yield {"id": "full/dtype", "call": "torch.full", "args": [[2], 3, {"dtype": "float32"}]}
    yield {"id": "full/infinity", "call": "torch.full", "args": [[2], "-inf"]}
    yield {"id": "fullLike", "call": "torch.fullLike", "args": ["$x", 3], "inputs": {"x": {"shape": [2, 3]}}}
    for name in ("newZeros", "newOnes"):
        yield {"id": name, "call": f"x.{name}", "args": [[2, 2]], "inputs": {"x": {"shape": [1], "dtype": "float64"}}}
    yield {"id": "newFull", "call": "x.newFull", "args": [[2, 2], 3], "inputs": {"x": {"shape": [1], "dtype": "float64"}}}
    yield {"id": "newTensor", "call": "x.newTensor", "args": [[1, 2]], "inputs": {"x": {"shape": [1], "dtype": "float64"}}}
    yield {"id": "eye/square", "call": "torch.eye", "args": [3]}
    yield {"id": "eye/wide", "call": "torch.eye", "args": [2, 3]}
    yield {"id": "eye/tall", "call": "torch.eye", "args": [3, 2, {"dtype": "int32"}]}
    for label, data in {
        "ints": [1, 2, 3], "fractions": [1.5, 2, 3], "bools": [True, False], "matrix": [[1, 2], [3, 4.5]], "empty": [], "nested-empty": [[], []],
        "number": 3, "fraction": 2.5, "bool": True, "mixed": [True, 2], "special": ["nan", "inf", 1],
    }.items():
        yield {"id": f"tensor/{label}", "call": "torch.tensor", "args": [data]}
    yield {"id": "tensor/dtype", "call": "torch.tensor", "args": [[1, 0, 2], {"dtype": "bool"}]}
    yield {"id": "tensor/float64", "call": "torch.tensor", "args": [[1, 0.1], {"dtype": "float64"}]}
    yield {"id": "tensor/float16", "call": "torch.tensor", "args": [[1, 0.1, 100000], {"dtype": "float16"}]}
    yield {"id": "tensor/grad", "call": "torch.tensor", "args": [[1.5], {"requiresGrad": True}]}
    yield {"id": "tensor/ragged", "call": "torch.tensor", "args": [[[1, 2], [3]]], "error": "expected sequence of length 2 at dim 1 (got 1)"}
    yield {"id": "rand/negative", "call": "torch.rand", "args": [[2, -1]], "error": "Trying to create tensor with negative dimension -1: [2, -1]"}


def ranges():
    for label, args in {
        "end": [5], "start": [2, 6], "step": [1, 10, 3], "down": [5, 0, -2], "uneven": [0, 10, 4], "fraction": [0, 1, 0.25], "fraction-end": [2.5],
        "fraction-start": [0.5, 3], "empty": [0], "rounding": [0, 1, 0.1],
    }.items():
        yield {"id": f"arange/{label}", "call": "torch.arange", "args": args}
    yield {"id": "arange/dtype", "call": "torch.arange", "args": [4, {"dtype": "float32"}]}
    yield {"id": "arange/start-dtype", "call": "torch.arange", "args": [1, 4, {"dtype": "float64"}]}
    yield {"id": "arange/zero-step", "call": "torch.arange", "args": [0, 1, 0], "error": "step must be nonzero"}
    yield {"id": "arange/sign", "call": "torch.arange", "args": [0, 1, -1], "error": "upper bound and", "torchError": "bound"}
    for label, args in {"five": [0, 1, 5], "down": [3, -3, 4], "one": [2, 5, 1], "none": [0, 1, 0], "long": [-1, 1, 33]}.items():
        yield {"id": f"linspace/{label}", "call": "torch.linspace", "args": args}
    yield {"id": "linspace/steps", "call": "torch.linspace", "args": [0, 1, {"steps": 4}]}
    yield {"id": "linspace/steps-dtype", "call": "torch.linspace", "args": [0, 1, {"steps": 4, "dtype": "float64"}]}
    yield {"id": "logspace/steps", "call": "torch.logspace", "args": [0, 2, {"steps": 3}]}
    yield {"id": "linspace/float64", "call": "torch.linspace", "args": [0, 1, 7, {"dtype": "float64"}]}
    yield {"id": "logspace/ten", "call": "torch.logspace", "args": [-2, 2, 5]}
    yield {"id": "logspace/two", "call": "torch.logspace", "args": [0, 4, 5, {"base": 2}]}


def streams():
    for name in ("rand", "randn"):
        for label, shape in {"small": [3], "matrix": [4, 5], "sixteen": [16], "seventeen": [17], "empty": [0], "scalar": []}.items():
            yield {"id": f"{name}/{label}", "call": f"torch.{name}", "args": [shape], "seed": 7}
        yield {"id": f"{name}/sizes", "call": f"torch.{name}", "args": [2, 3], "seed": 1}
        for dtype in ("float64", "float16"):
            yield {"id": f"{name}/{dtype}", "call": f"torch.{name}", "args": [[4, 5], {"dtype": dtype}], "seed": 2}
        yield {"id": f"{name}/grad", "call": f"torch.{name}", "args": [[2, 3], {"requiresGrad": True}], "seed": 3}
        yield {"id": f"{name}Like", "call": f"torch.{name}Like", "args": ["$x"], "inputs": {"x": {"shape": [2, 3]}}, "seed": 4}
        yield {"id": f"{name}Like/float64", "call": f"torch.{name}Like", "args": ["$x"], "inputs": {"x": {"shape": [2, 3], "dtype": "float64"}}, "seed": 4}
    yield {"id": "randint/high", "call": "torch.randint", "args": [10, [3, 4]], "seed": 5}
    yield {"id": "randint/range", "call": "torch.randint", "args": [-5, 5, [3, 4]], "seed": 5}
    yield {"id": "randint/float", "call": "torch.randint", "args": [0, 3, [6], {"dtype": "float32"}], "seed": 5}
    yield {"id": "randint/size", "call": "torch.randint", "args": [0, 7, {"size": [3, 2]}], "seed": 5}
    yield {"id": "randint/size-high", "call": "torch.randint", "args": [7, {"size": [3]}], "seed": 5}
    yield {"id": "randn/size", "call": "torch.randn", "args": [{"size": [3, 2]}], "seed": 5}
    yield {"id": "randint/error", "call": "torch.randint", "args": [3, 3, [2]], "error": "but got from=3 >= to=3"}
    yield {"id": "randintLike", "call": "torch.randintLike", "args": ["$x", 9], "inputs": {"x": {"shape": [2, 3]}}, "seed": 5}
    for n in (0, 1, 7, 30):
        yield {"id": f"randperm/{n}", "call": "torch.randperm", "args": [n], "seed": 6}
    yield {"id": "normal/numbers", "call": "torch.normal", "args": [1, 2, [3, 2]], "torchArgs": [1.0, 2.0, [3, 2]], "seed": 8}
    yield {"id": "normal/numbers-many", "call": "torch.normal", "args": [1, 2, [4, 5]], "torchArgs": [1.0, 2.0, [4, 5]], "seed": 8}
    data = {"m": {"shape": [20], "requiresGrad": False}, "s": {"shape": [20], "fill": "positive", "requiresGrad": False}}
    yield {"id": "normal/tensors", "call": "torch.normal", "args": ["$m", "$s"], "inputs": data, "seed": 9}
    yield {"id": "normal/mean", "call": "torch.normal", "args": ["$m", 0.5], "inputs": {"m": data["m"]}, "seed": 9}
    yield {"id": "normal/mean-only", "call": "torch.normal", "args": ["$m"], "inputs": {"m": data["m"]}, "seed": 9}
    yield {"id": "normal/std", "call": "torch.normal", "args": [2, "$s"], "torchArgs": [2.0, "$s"], "inputs": {"s": data["s"]}, "seed": 9}
    p = {"shape": [3, 4], "fill": "rand", "requiresGrad": False}
    yield {"id": "bernoulli/tensor", "call": "torch.bernoulli", "args": ["$p"], "inputs": {"p": p}, "seed": 10}
    yield {"id": "bernoulli/method", "call": "p.bernoulli", "inputs": {"p": p}, "seed": 11}
    yield {"id": "bernoulli/number", "call": "torch.bernoulli", "args": ["$p", 0.3], "inputs": {"p": p}, "seed": 12}
    weights = {"shape": [6], "fill": "rand", "requiresGrad": False}
    for samples in (1, 3, 6):
        yield {"id": f"multinomial/{samples}", "call": "torch.multinomial", "args": ["$w", samples], "inputs": {"w": weights}, "seed": 13}
    yield {"id": "multinomial/replacement", "call": "w.multinomial", "args": [10, True], "inputs": {"w": weights}, "seed": 14}
    yield {"id": "multinomial/rows", "call": "w.multinomial", "args": [4, {"replacement": True}], "inputs": {"w": {"shape": [3, 5], "fill": "rand", "requiresGrad": False}}, "seed": 15}
    yield {"id": "multinomial/too-many", "call": "w.multinomial", "args": [7], "inputs": {"w": weights}, "error": "cannot sample n_sample > prob_dist.size(-1) samples without replacement"}
    yield {"id": "multinomial/computed", "call": "w.multinomial", "args": [2], "inputs": {"w": {**weights, "clone": True}}, "seed": 16}
    yield {"id": "multinomial/computed-replacement", "call": "w.multinomial", "args": [8, True], "inputs": {"w": {**weights, "clone": True}}, "seed": 16}
    yield {"id": "bernoulli/computed", "call": "p.bernoulli", "inputs": {"p": {**p, "clone": True}}, "seed": 11}


def cases():
    for group in (plain, ranges, streams):
        yield from group()
