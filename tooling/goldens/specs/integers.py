"""Bits, shifts and divisors of integers."""

from _layers import Cases


def cases():
    found = Cases()
    pair = {"x": {"fill": [0, 1, -1, 5, 12, -7, 2147483647, -2147483647, 1000003, -48], "dtype": "int32"}, "y": {"fill": [3, -1, 6, 12, 10, 255, -5, 77, -1000003, 36], "dtype": "int32"}}
    for name in ("bitwiseAnd", "bitwiseOr", "bitwiseXor"):
        found.call(f"{name}/tensors", f"x.{name}", ["$y"], pair)
        found.call(f"{name}/function", f"torch.{name}", ["$x", "$y"], pair)
        found.call(f"{name}/number", f"x.{name}", [6], {"x": pair["x"]})
        found.call(f"{name}/in-place", f"x.{name}_", ["$y"], {"x": {**pair["x"], "clone": True}, "y": pair["y"]}, after=["x"])
        found.call(f"{name}/broadcast", f"x.{name}", ["$y"], {"x": {"shape": [3, 1], "dtype": "int32", "fill": "int:-50:50"}, "y": {"shape": [4], "dtype": "int32", "fill": "int:-50:50"}})
        found.call(f"{name}/with-bool", f"x.{name}", ["$y"], {"x": {"shape": [4], "dtype": "int32", "fill": "int:-50:50"}, "y": {"shape": [4], "dtype": "bool", "fill": "bool"}})
        found.call(f"{name}/bool", f"x.{name}", ["$y"], {"x": {"shape": [6], "dtype": "bool", "fill": "bool"}, "y": {"shape": [6], "dtype": "bool", "fill": "bool"}})
        found.call(f"{name}/float", f"x.{name}", ["$y"], {"x": {"shape": [4]}, "y": {"shape": [4]}}, error="not implemented for", torchError="not implemented for")
        found.call(f"{name}/empty", f"x.{name}", ["$y"], {"x": {"shape": [0, 2], "dtype": "int32", "fill": "int:0:5"}, "y": {"shape": [2], "dtype": "int32", "fill": "int:0:5"}})
        found.call(f"{name}/zero-dimensional", f"x.{name}", ["$y"], {"x": {"shape": [], "dtype": "int32", "fill": "int:0:50"}, "y": {"shape": [], "dtype": "int32", "fill": "int:0:50"}})
    small = {"x": {"fill": [0, 1, -1, 5, 12, -7, 1023, -1000], "dtype": "int32"}, "n": {"fill": [3, 0, 4, 10, 2, 1, 7, 5], "dtype": "int32"}}
    for name in ("bitwiseLeftShift", "bitwiseRightShift"):
        found.call(f"{name}/tensors", f"x.{name}", ["$n"], small)
        found.call(f"{name}/function", f"torch.{name}", ["$x", "$n"], small)
        found.call(f"{name}/number", f"x.{name}", [3], {"x": small["x"]})
        found.call(f"{name}/in-place", f"x.{name}_", ["$n"], {"x": {**small["x"], "clone": True}, "n": small["n"]}, after=["x"])
    found.call("bitwiseRightShift/far", "x.bitwiseRightShift", [31], {"x": pair["x"]})
    for name in ("gcd", "lcm"):
        numbers = {"x": {"fill": [0, 0, 12, -12, 17, 1000, 46368, 8], "dtype": "int32"}, "y": {"fill": [0, 5, 18, 8, 5, -24, 28657, 8], "dtype": "int32"}}
        found.call(f"{name}/tensors", f"x.{name}", ["$y"], numbers)
        found.call(f"{name}/function", f"torch.{name}", ["$x", "$y"], numbers)
        found.call(f"{name}/in-place", f"x.{name}_", ["$y"], {"x": {**numbers["x"], "clone": True}, "y": numbers["y"]}, after=["x"])
        found.call(f"{name}/broadcast", f"x.{name}", ["$y"], {"x": {"shape": [3, 1], "dtype": "int32", "fill": "int:-50:50"}, "y": {"shape": [4], "dtype": "int32", "fill": "int:-50:50"}})
    return found
