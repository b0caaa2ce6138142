"""Initialisers: PyTorch's values for a seed."""


def cases():
    found = []

    def add(name, variant, args, shape, **more):
        case = {"id": f"{name}/{variant}", "init": name, "shape": shape, **more}
        if args:
            case["args"] = args
        found.append(case)

    for name, options in (
        ("uniform_", [("range", [{"a": -1, "b": 3}]), ("positional", [-2, 0.5])]),
        ("normal_", [("parameters", [{"mean": 2, "std": 0.1}]), ("positional", [1, 3])]),
        ("truncNormal_", [("parameters", [{"mean": 1, "std": 2, "a": 0, "b": 1.5}])]),
        ("xavierUniform_", [("gain", [{"gain": 2}]), ("positional", [0.5])]),
        ("xavierNormal_", [("gain", [{"gain": 2}])]),
        ("kaimingUniform_", [("relu", [{"nonlinearity": "relu"}]), ("a", [{"a": 2.2360679}]), ("fan-out", [{"mode": "fan_out", "nonlinearity": "tanh"}])]),
        ("kaimingNormal_", [("relu", [{"nonlinearity": "relu"}]), ("fan-out", [{"mode": "fan_out"}])]),
        ("orthogonal_", [("gain", [{"gain": 3}])]),
    ):
        for label, shape in (("matrix", [3, 5]), ("tall", [6, 2]), ("conv", [4, 3, 2, 2]), ("large", [20, 17])):
            add(name, label, [], shape, seed=len(found))
        for variant, args in options:
            add(name, variant, args, [4, 3], seed=len(found))
    for name in ("uniform_", "normal_", "truncNormal_"):
        add(name, "vector", [], [5], seed=3)
        add(name, "sixteen", [], [16], seed=3)
        add(name, "scalar", [], [], seed=3)
    add("constant_", "plain", [0.3], [2, 3])
    add("ones_", "plain", [], [2, 3])
    add("zeros_", "plain", [], [2, 3])
    add("eye_", "wide", [], [2, 3])
    add("eye_", "tall", [], [4, 3])
    add("dirac_", "3d", [], [3, 2, 3])
    add("dirac_", "4d", [], [2, 3, 3, 3])
    add("dirac_", "5d", [], [2, 2, 1, 3, 2])
    add("dirac_", "groups", [{"groups": 2}], [4, 2, 3])
    add("sparse_", "plain", [0.5], [5, 4], seed=1)
    add("sparse_", "std", [0.3, {"std": 1}], [6, 3], seed=2)
    add("xavierUniform_", "error", [], [5], error="Fan in and fan out can not be computed for tensor with fewer than 2 dimensions")
    add("kaimingNormal_", "error", [{"nonlinearity": "cube"}], [2, 2], error="Unsupported nonlinearity")
    add("orthogonal_", "error", [], [5], error="Only tensors with 2 or more dimensions are supported")
    add("eye_", "error", [], [5], error="Only tensors with 2 dimensions are supported")
    for nonlinearity in ("linear", "conv2d", "sigmoid", "tanh", "relu", "leaky_relu", "selu"):
        found.append({"id": f"calculateGain/{nonlinearity}", "call": "nn.init.calculateGain", "args": [nonlinearity]})
    found.append({"id": "calculateGain/slope", "call": "nn.init.calculateGain", "args": ["leaky_relu", 0.2]})
    return found
