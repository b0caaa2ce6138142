"""Factors and exponentials of matrices, and functions beside methods."""

from _layers import Cases


def cases():
    found = Cases()
    found.call("qr/float64", "linalg.qr", ["$x"], {"x": {"shape": [3, 3], "dtype": "float64"}})
    found.call("qr/definite", "linalg.qr", ["$x"], {"x": {"shape": [3, 3], "fill": "definite"}})
    found.call("qr/1x1", "linalg.qr", ["$x"], {"x": {"shape": [1, 1], "requiresGrad": False}})
    for shape in ([4, 2], [5, 3], [2, 4, 3], [3, 1]):
        name = "x".join(map(str, shape))
        found.call(f"qr/{name}", "linalg.qr", ["$x"], {"x": {"shape": shape}})
    for mode in ("reduced", "complete", "r"):
        found.call(f"qr/{mode}", "linalg.qr", ["$x", {"mode": mode}], {"x": {"shape": [4, 2], "requiresGrad": False}})
        found.call(f"qr/wide-{mode}", "linalg.qr", ["$x", {"mode": mode}], {"x": {"shape": [2, 4], "requiresGrad": False}})
    for shape in ([3, 3], [2, 2, 2], [1, 1]):
        name = "x".join(map(str, shape))
        found.call(f"matrixExp/{name}", "linalg.matrixExp", ["$x"], {"x": {"shape": shape}})
    found.call("matrixExp/torch", "torch.matrixExp", ["$x"], {"x": {"shape": [2, 2]}})
    found.call("renorm/2", "torch.renorm", ["$x", 2, 0, 1], {"x": {"shape": [3, 4]}})
    found.call("renorm/1", "torch.renorm", ["$x", 1, 1, 2.5], {"x": {"shape": [3, 4]}})
    found.call("detach", "torch.detach", ["$x"], {"x": {"shape": [3]}})
    found.call("isreal", "torch.isreal", ["$x"], {"x": {"shape": [3]}})
    found.call("isFloatingPoint", "torch.isFloatingPoint", ["$x"], {"x": {"shape": [3], "dtype": "int32", "fill": "int:0:5"}})
    found.call("isComplex", "torch.isComplex", ["$x"], {"x": {"shape": [3]}})
    found.call("scalarTensor", "torch.scalarTensor", [3])
    return found
