"""Normalisations, in training and evaluation, with their running statistics."""

from _layers import Cases, real


def cases():
    c = Cases()
    shapes = {1: [[4, 3], [3, 3, 5]], 2: [[4, 3, 5, 2]], 3: [[2, 3, 2, 3, 2]]}
    for rank in (1, 2, 3):
        name = f"BatchNorm{rank}d"
        for shape in shapes[rank]:
            label = "" if len(shape) == rank + 2 else "rank2-"
            c.modes(name, label + "plain", [3], [real(*shape)])
            c.modes(name, label + "no-affine", [3, {"affine": False}], [real(*shape)])
            c.modes(name, label + "no-statistics", [3, {"trackRunningStats": False}], [real(*shape)])
        shape = shapes[rank][-1]
        c.layer(name, "second", [3], [real(*shape)], order=2)
        c.layer(name, "twice", [3], [real(*shape, fill="uniform:1:4")], calls=2)
        c.layer(name, "momentum", [3, {"momentum": 0.3}], [real(*shape, fill="uniform:1:4")], calls=2)
        c.layer(name, "cumulative", [3, {"momentum": None}], [real(*shape, fill="uniform:1:4")], calls=3)
        c.layer(name, "eps", [3, {"eps": 0.1}], [real(*shape)])
        c.layer(name, "neither", [3, {"affine": False, "trackRunningStats": False}], [real(*shape)])
        c.layer(name, "float64", [3], [real(*shape, dtype="float64")], dtype="float64")
        c.layer(name, "repr-all", [5, {"eps": 0.001, "momentum": 0.2, "affine": False, "trackRunningStats": False}], [], forward=None)
        c.layer(name, "error-channels", [4], [real(*shape)], error="running_mean should contain 3 elements not 4")
    c.layer("BatchNorm2d", "error-rank", [3], [real(4, 3)], error="expected 4D input (got 2D input)")
    c.layer("BatchNorm1d", "error-rank", [3], [real(4, 3, 2, 2)], error="expected 2D or 3D input (got 4D input)")
    c.layer("BatchNorm1d", "error-single", [3], [real(1, 3)], error="Expected more than 1 value per channel when training")
    c.layer("BatchNorm1d", "single-eval", [3], [real(1, 3)], mode="eval")
    c.layer("SyncBatchNorm", "eval", [3], [real(4, 3, 2)], mode="eval")

    shapes = {1: [2, 3, 5], 2: [2, 3, 4, 3], 3: [2, 3, 2, 3, 2]}
    for rank in (1, 2, 3):
        name = f"InstanceNorm{rank}d"
        shape = shapes[rank]
        c.modes(name, "plain", [3], [real(*shape)])
        c.modes(name, "affine", [3, {"affine": True}], [real(*shape)])
        c.modes(name, "statistics", [3, {"trackRunningStats": True}], [real(*shape, fill="uniform:1:3")])
        c.layer(name, "statistics-twice", [3, {"trackRunningStats": True, "momentum": 0.4, "affine": True}], [real(*shape, fill="uniform:1:3")], calls=2)
        c.layer(name, "eps", [3, {"eps": 0.1}], [real(*shape)])
        c.layer(name, "unbatched", [3], [real(*shape[1:])])
        c.layer(name, "second", [3, {"affine": True}], [real(*shape)], order=2)

    c.layer("LayerNorm", "last", [4], [real(2, 3, 4)], order=2)
    c.layer("LayerNorm", "list", [[4]], [real(2, 3, 4)])
    c.layer("LayerNorm", "two", [[3, 4]], [real(2, 3, 4)])
    c.layer("LayerNorm", "all", [[2, 3, 4]], [real(2, 3, 4)])
    c.layer("LayerNorm", "no-affine", [4, {"elementwiseAffine": False}], [real(2, 4)])
    c.layer("LayerNorm", "no-bias", [4, {"bias": False}], [real(2, 4)])
    c.layer("LayerNorm", "eps", [4, {"eps": 0.1}], [real(3, 4)])
    c.layer("LayerNorm", "vector", [4], [real(4)])
    c.layer("LayerNorm", "wide", [65], [real(2, 65)])
    c.layer("LayerNorm", "float64", [4], [real(2, 4, dtype="float64")], dtype="float64")
    c.layer("LayerNorm", "image", [[2, 3, 4]], [real(2, 2, 3, 4)])
    c.layer("LayerNorm", "repr-no-affine", [[3, 4], {"eps": 1e-3, "elementwiseAffine": False}], [], forward=None)
    c.layer("LayerNorm", "error-shape", [5], [real(2, 4)], error="Given normalized_shape=[5], expected input with shape [*, 5], but got input of size[2, 4]")
    c.layer("RMSNorm", "last", [4], [real(2, 3, 4)], order=2)
    c.layer("RMSNorm", "two", [[3, 4]], [real(2, 3, 4)])
    c.layer("RMSNorm", "eps", [4, {"eps": 0.1}], [real(2, 4)])
    c.layer("RMSNorm", "no-affine", [4, {"elementwiseAffine": False}], [real(2, 4)])
    c.layer("RMSNorm", "tiny", [4], [{"shape": [2, 4], "fill": "uniform:-1e-4:1e-4"}])
    c.layer("GroupNorm", "plain", [2, 4], [real(2, 4, 3, 2)], order=2)
    c.layer("GroupNorm", "one", [1, 4], [real(2, 4, 3)])
    c.layer("GroupNorm", "each", [4, 4], [real(2, 4, 3)])
    c.layer("GroupNorm", "rank2", [2, 6], [real(3, 6)])
    c.layer("GroupNorm", "rank5", [3, 6], [real(2, 6, 2, 1, 3)])
    c.layer("GroupNorm", "no-affine", [2, 4, {"affine": False}], [real(2, 4, 5)])
    c.layer("GroupNorm", "eps", [2, 4, {"eps": 0.1}], [real(2, 4, 5)])
    c.layer("GroupNorm", "error-divisible", [3, 4], [real(2, 4)], error="num_channels (4) must be divisible by num_groups (3)")
    c.layer("LocalResponseNorm", "2", [2], [real(2, 5, 3, 2)])
    c.layer("LocalResponseNorm", "3-options", [3, {"alpha": 0.1, "beta": 0.5, "k": 2}], [real(2, 5, 3, 2)])
    c.layer("LocalResponseNorm", "rank3", [2, {"alpha": 1}], [real(2, 5, 3)])
    c.layer("LocalResponseNorm", "rank5", [3, {"alpha": 1}], [real(1, 4, 2, 3, 2)])
    c.layer("CrossMapLRN2d", "repr", [3], [], forward=None)
    return c
