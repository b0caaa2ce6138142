"""Random tensors: PyTorch's values for a seed."""


def cases():
    found = []

    def add(name, variant, args, **more):
        found.append({"id": f"{name}/{variant}", "call": f"torch.{name}", "args": args, "seed": len(found), **more})

    for name in ("rand", "randn"):
        add(name, "scalar", [[]])
        add(name, "vector", [[5]])
        add(name, "sixteen", [[16]])
        add(name, "seventeen", [[17]])
        add(name, "matrix", [[3, 7]])
        add(name, "large", [[11, 23]])
        add(name, "empty", [[0, 3]])
        add(name, "float64", [[3, 4], {"dtype": "float64"}])
        add(name, "float64-large", [[5, 7], {"dtype": "float64"}])
        add(f"{name}Like", "plain", ["$x"], inputs={"x": {"shape": [2, 3]}})
    add("randint", "two", [0, 10, [3, 4]])
    add("randint", "one", [7, [5]])
    add("randint", "negative", [-5, 5, [20]])
    add("randint", "large", [0, 1000000, [6]])
    add("randintLike", "plain", ["$x", 0, 9], inputs={"x": {"shape": [2, 3]}})
    add("randperm", "small", [5])
    add("randperm", "large", [50])
    add("randperm", "one", [1])
    add("randperm", "zero", [0])
    add("normal", "numbers", [1, 2, [3, 4]])
    add("normal", "std-tensor", [0, "$s"], inputs={"s": {"shape": [5], "fill": "positive", "requiresGrad": False}}, torchArgs=[0.0, "$s"])
    add("normal", "mean-tensor", ["$m", 2], inputs={"m": {"shape": [5], "requiresGrad": False}}, torchArgs=["$m", 2.0])
    add("normal", "tensors", ["$m", "$s"], inputs={"m": {"shape": [2, 3], "requiresGrad": False}, "s": {"shape": [2, 3], "fill": "positive", "requiresGrad": False}})
    add("bernoulli", "plain", ["$p"], inputs={"p": {"shape": [4, 5], "fill": "rand", "requiresGrad": False}})
    add("bernoulli", "extremes", ["$p"], inputs={"p": {"fill": [0, 1, 0.5], "requiresGrad": False}})
    add("poisson", "plain", ["$r"], inputs={"r": {"shape": [4, 5], "fill": "uniform:0:6", "requiresGrad": False}})
    weights = {"w": {"shape": [3, 6], "fill": "rand", "requiresGrad": False}}
    add("multinomial", "one", ["$w", 1], inputs=weights)
    add("multinomial", "several", ["$w", 3], inputs=weights)
    add("multinomial", "replacement", ["$w", 8, {"replacement": True}], inputs=weights)
    add("multinomial", "vector", ["$w", 2], inputs={"w": {"shape": [5], "fill": "rand", "requiresGrad": False}})
    for method, args in (("uniform_", []), ("uniform_", [-1, 2]), ("normal_", []), ("normal_", [3, 0.5]), ("exponential_", []), ("exponential_", [2]), ("bernoulli_", [0.3]), ("random_", [10]), ("geometric_", [0.4]), ("cauchy_", []), ("logNormal_", [])):
        variant = "-".join(map(str, args)) or "default"
        found.append({"id": f"{method}/{variant}", "call": f"x.{method}", "args": args, "seed": len(found), "inputs": {"x": {"shape": [4, 5], "fill": "full:0", "requiresGrad": False, "clone": True}}})
    return found
