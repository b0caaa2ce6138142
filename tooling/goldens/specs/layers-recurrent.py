"""Recurrent layers and cells."""

from _layers import Cases, real


def cases():
    c = Cases()
    for name in ("RNN", "LSTM", "GRU"):
        def state(*shape):
            return {"h": real(*shape), "c": real(*shape)} if name == "LSTM" else {"h": real(*shape)}

        given = [{"tuple": ["$h", "$c"]}] if name == "LSTM" else ["$h"]
        c.layer(name, "plain", [3, 4], [real(5, 2, 3)])
        c.layer(name, "state", [3, 4], {"x": real(5, 2, 3), **state(1, 2, 4)}, forward=["$x", *given])
        c.layer(name, "batchFirst", [3, 4, {"batchFirst": True}], [real(2, 5, 3)], seed=1)
        c.layer(name, "two-layers", [3, 4, {"numLayers": 2}], [real(4, 2, 3)])
        c.layer(name, "three-layers-state", [3, 2, {"numLayers": 3}], {"x": real(3, 2, 3), **state(3, 2, 2)}, forward=["$x", *given])
        c.layer(name, "bidirectional", [3, 4, {"bidirectional": True}], [real(4, 2, 3)])
        c.layer(name, "bidirectional-state", [3, 2, {"bidirectional": True, "numLayers": 2}], {"x": real(3, 2, 3), **state(4, 2, 2)}, forward=["$x", *given])
        c.layer(name, "bidirectional-two-layers-batchFirst", [3, 2, {"bidirectional": True, "numLayers": 2, "batchFirst": True}], [real(2, 4, 3)])
        c.layer(name, "no-bias", [3, 4, {"bias": False}], [real(4, 2, 3)])
        c.layer(name, "unbatched", [3, 4], [real(5, 3)])
        c.layer(name, "unbatched-state", [3, 4, {"numLayers": 2}], {"x": real(4, 3), **state(2, 4)}, forward=["$x", *given])
        c.layer(name, "one-step", [3, 4], [real(1, 2, 3)])
        c.layer(name, "one-unit", [1, 1], [real(6, 1, 1)])
        c.layer(name, "long", [2, 3], [real(20, 1, 2)])
        c.layer(name, "dropout-eval", [3, 4, {"numLayers": 2, "dropout": 0.5}], [real(4, 2, 3)], mode="eval")
        c.layer(name, "dropout-train", [3, 4, {"numLayers": 2, "dropout": 0.5}], [real(4, 2, 3)], seed=2)
        c.layer(name, "float64", [3, 4], [real(3, 2, 3, dtype="float64")], dtype="float64")
        c.layer(name, "repr-all", [3, 4, {"numLayers": 2, "bias": False, "batchFirst": True, "dropout": 0.1, "bidirectional": True}], [], forward=None)
        c.layer(name, "error-size", [3, 4], [real(5, 2, 7)], error="input.size(-1) must be equal to input_size. Expected 3, got 7")
        cell = f"{name}Cell"
        c.layer(cell, "plain", [3, 4], [real(2, 3)], order=2)
        c.layer(cell, "state", [3, 4], {"x": real(2, 3), **state(2, 4)}, forward=["$x", *given])
        c.layer(cell, "unbatched", [3, 4], {"x": real(3), **state(4)}, forward=["$x", *given])
        c.layer(cell, "no-bias", [3, 4, {"bias": False}], [real(2, 3)], seed=3)
    c.layer("LSTM", "projection", [3, 4, {"projSize": 2}], [real(4, 2, 3)])
    c.layer("LSTM", "projection-bidirectional", [3, 4, {"projSize": 2, "numLayers": 2, "bidirectional": True}], [real(3, 2, 3)])
    c.layer("RNN", "relu", [3, 4, {"nonlinearity": "relu"}], [real(5, 2, 3)])
    c.layer("RNN", "relu-two-layers", [3, 4, {"nonlinearity": "relu", "numLayers": 2, "bidirectional": True}], [real(3, 2, 3)])
    c.layer("RNN", "second", [2, 3], [real(3, 1, 2)], order=2)
    c.layer("GRU", "second", [2, 3], [real(3, 1, 2)], order=2)
    c.layer("LSTM", "second", [2, 3], [real(3, 1, 2)], order=2)
    c.layer("RNNCell", "relu", [3, 4, {"nonlinearity": "relu"}], [real(2, 3)])
    return c
