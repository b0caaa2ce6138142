"""Dropout: PyTorch's masks for a seed."""

from _layers import Cases, real


def cases():
    c = Cases()
    for name, shape in (("Dropout", [4, 5]), ("Dropout1d", [3, 4, 2]), ("Dropout2d", [2, 4, 2, 2]), ("Dropout3d", [2, 4, 2, 1, 2]), ("AlphaDropout", [4, 5]), ("FeatureAlphaDropout", [3, 4, 2, 2])):
        c.modes(name, "default", [], [real(*shape)])
        c.layer(name, "p", [0.3], [real(*shape)], seed=1)
        c.layer(name, "option", [{"p": 0.8}], [real(*shape)], seed=2)
        c.layer(name, "zero", [0], [real(*shape)])
        c.layer(name, "twice", [0.5], [real(*shape)], seed=3, calls=2)
        c.layer(name, "error", [1.5], [real(*shape)], error="dropout probability has to be between 0 and 1, but got 1.5")
    c.layer("Dropout", "one", [1], [real(3, 4)])
    c.layer("Dropout", "long", [0.5], [real(7, 33)], seed=9)
    c.layer("Dropout", "vector", [0.25], [real(17)], seed=4)
    c.layer("Dropout", "float64", [0.5], [real(4, 5, dtype="float64")])
    c.layer("Dropout1d", "unbatched", [0.5], [real(4, 3)], seed=6)
    c.layer("Dropout2d", "unbatched", [0.5], [real(4, 2, 3)], seed=6)
    c.layer("Dropout3d", "unbatched", [0.5], [real(4, 2, 3, 2)], seed=6)
    c.layer("Sequential", "dropout-inside", [{"layer": "Linear", "args": [4, 6]}, {"layer": "Dropout", "args": [0.5]}, {"layer": "Linear", "args": [6, 2]}], [real(3, 4)])
    c.function("dropout", "default", ["$x"], {"x": real(3, 4)}, seed=1)
    c.function("dropout", "p", ["$x", 0.2], {"x": real(3, 4)}, seed=2)
    c.function("dropout", "option", ["$x", {"p": 0.7, "training": True}], {"x": real(3, 4)}, seed=3)
    c.function("dropout", "off", ["$x", {"p": 0.7, "training": False}], {"x": real(3, 4)})
    c.function("dropout1d", "p", ["$x", {"p": 0.4}], {"x": real(3, 4, 2)}, seed=4)
    c.function("dropout2d", "p", ["$x", {"p": 0.4}], {"x": real(2, 3, 2, 2)}, seed=5)
    c.function("dropout3d", "p", ["$x", {"p": 0.4}], {"x": real(2, 3, 2, 2, 1)}, seed=6)
    c.function("alphaDropout", "p", ["$x", {"p": 0.4, "training": True}], {"x": real(3, 4)}, seed=7)
    c.function("alphaDropout", "off", ["$x", {"p": 0.4}], {"x": real(3, 4)}, seed=7)
    c.function("featureAlphaDropout", "p", ["$x", {"p": 0.4, "training": True}], {"x": real(2, 3, 4)}, seed=8)
    return c
