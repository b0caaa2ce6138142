"""Padding layers and F.pad."""

from _layers import Cases, real


def cases():
    c = Cases()
    sizes = {1: [5], 2: [4, 5], 3: [3, 4, 5]}
    uneven = {1: [1, 2], 2: [1, 2, 0, 1], 3: [1, 2, 0, 1, 2, 1]}
    for rank in (1, 2, 3):
        x = real(2, 2, *sizes[rank])
        for kind in ("Zero", "Reflection", "Replication", "Circular"):
            name = f"{kind}Pad{rank}d"
            c.layer(name, "2", [2], [x])
            c.layer(name, "uneven", [uneven[rank]], [x], order=2 if rank < 3 else 1)
            c.layer(name, "unbatched", [1], [real(2, *sizes[rank])])
        name = f"ConstantPad{rank}d"
        c.layer(name, "2", [2, 0.5], [x])
        c.layer(name, "uneven", [uneven[rank], -1], [x])
        c.layer(name, "crop", [[-1, 1] * rank, 3], [x])
    c.layer("ZeroPad2d", "crop", [[-1, 0, 1, -1]], [real(1, 2, 4, 4)])
    c.layer("ReflectionPad1d", "error", [5], [real(1, 1, 4)], error="Padding size should be less than the corresponding input dimension")
    c.layer("CircularPad1d", "whole", [4], [real(1, 1, 4)])
    c.function("pad", "default", ["$x", [1, 2]], {"x": real(2, 3)})
    c.function("pad", "two", ["$x", [1, 2, 0, 1]], {"x": real(2, 3)}, order=2)
    c.function("pad", "value", ["$x", [1, 1], {"value": 7}], {"x": real(2, 3)})
    c.function("pad", "mode-value", ["$x", [1, 1], {"mode": "constant", "value": -0.5}], {"x": real(2, 3)})
    c.function("pad", "infinite", ["$x", [1, 1], {"value": "-inf"}], {"x": real(2, 3)})
    c.function("pad", "crop", ["$x", [-1, 1]], {"x": real(2, 3)})
    c.function("pad", "rank3", ["$x", [0, 1, 1, 0, 2, 1]], {"x": real(2, 3, 2)})
    c.function("pad", "int", ["$x", [1, 0], {"value": 9}], {"x": {"shape": [2, 3], "dtype": "int32", "fill": "int:0:9"}})
    c.function("pad", "bool", ["$x", [1, 0], {"value": True}], {"x": {"shape": [2, 3], "dtype": "bool", "fill": "bool"}})
    for mode in ("reflect", "replicate", "circular"):
        c.function("pad", f"{mode}-1d", ["$x", [2, 1], {"mode": mode}], {"x": real(2, 2, 4)})
        c.function("pad", f"{mode}-2d", ["$x", [2, 1, 1, 0], {"mode": mode}], {"x": real(1, 2, 3, 4)})
        c.function("pad", f"{mode}-3d", ["$x", [1, 1, 0, 1, 1, 0], {"mode": mode}], {"x": real(1, 1, 2, 3, 3)})
        c.function("pad", f"{mode}-positional", ["$x", [1, 1], mode], {"x": real(1, 2, 4)})
    c.function("pad", "error-odd", ["$x", [1, 2, 3]], {"x": real(2, 3)}, error="Padding length must be divisible by 2", torchError="must be divisible by 2")
    return c
