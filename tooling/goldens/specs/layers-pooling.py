"""Pooling and unpooling."""

from _layers import Cases, real


def cases():
    c = Cases()
    sizes = {1: [9], 2: [7, 6], 3: [5, 4, 6]}
    for rank in (1, 2, 3):
        size = sizes[rank]
        untied = {"shape": [2, 2, *size], "fill": "distinct"}
        name = f"MaxPool{rank}d"
        c.layer(name, "2", [2], [untied], order=2 if rank < 3 else 1)
        c.layer(name, "3-stride1", [3, {"stride": 1}], [untied])
        c.layer(name, "3-stride2-padding1", [3, {"stride": 2, "padding": 1}], [untied])
        c.layer(name, "2-dilation2", [2, {"dilation": 2, "stride": 1}], [untied])
        c.layer(name, "3-dilation2-padding1", [3, {"dilation": 2, "stride": 1, "padding": 1}], [{"shape": [1, 2, *[extent + 2 for extent in size]], "fill": "distinct"}] if rank < 3 else [{"shape": [1, 1, 7, 6, 5], "fill": "distinct"}])
        c.layer(name, "2-ceilMode", [2, {"ceilMode": True}], [untied])
        c.layer(name, "3-stride2-ceilMode-padding1", [3, {"stride": 2, "ceilMode": True, "padding": 1}], [untied])
        c.layer(name, "indices", [2, {"returnIndices": True}], [untied])
        c.layer(name, "indices-padding", [3, {"stride": 2, "padding": 1, "returnIndices": True}], [untied])
        c.layer(name, "unbatched", [2], [{"shape": [2, *size], "fill": "distinct"}])
        c.layer(name, "ties", [2], [{"shape": [1, 1, *[4] * rank], "fill": "int:0:2"}])
        c.layer(name, "negative-padding", [3, {"padding": 1}], [{"shape": [1, 1, *size], "fill": "uniform:-3:-1"}])
        name = f"AvgPool{rank}d"
        x = [real(2, 2, *size)]
        c.layer(name, "2", [2], x, order=2 if rank < 3 else 1)
        c.layer(name, "3-stride1", [3, {"stride": 1}], x)
        c.layer(name, "3-stride2-padding1", [3, {"stride": 2, "padding": 1}], x)
        c.layer(name, "padding-excluded", [3, {"stride": 2, "padding": 1, "countIncludePad": False}], x)
        c.layer(name, "ceilMode", [2, {"ceilMode": True}], x)
        c.layer(name, "ceilMode-padding", [3, {"stride": 2, "padding": 1, "ceilMode": True}], x)
        c.layer(name, "ceilMode-padding-excluded", [3, {"stride": 2, "padding": 1, "ceilMode": True, "countIncludePad": False}], x)
        c.layer(name, "unbatched", [2], [real(2, *size)])
        if rank > 1:
            c.layer(name, "divisorOverride", [2, {"divisorOverride": 3}], x)
        name = f"LPPool{rank}d"
        positive = [{"shape": [2, 2, *size], "fill": "positive"}]
        c.layer(name, "2-2", [2, 2], positive)
        c.layer(name, "1-3", [1, 3, {"stride": 1}], positive)
        c.layer(name, "ceilMode", [2, 2, {"ceilMode": True}], positive)
        if rank < 3:
            c.layer(name, "norm3", [3, 2], positive)
        for kind in ("Avg", "Max"):
            name = f"Adaptive{kind}Pool{rank}d"
            drawn = {"fill": "distinct"}
            c.layer(name, "1", [1], [real(2, 2, *size, **drawn)])
            c.layer(name, "2", [2], [real(2, 2, *size, **drawn)])
            c.layer(name, "3", [3], [real(2, 2, *size, **drawn)])
            c.layer(name, "unbatched", [3], [real(2, *size, **drawn)])
            c.layer(name, "larger-than-input", [4], [real(1, 2, *[3] * rank, **drawn)])
            if kind == "Max":
                c.layer(name, "indices", [3, {"returnIndices": True}], [real(2, 2, *size, **drawn)])
    for kind in ("Avg", "Max"):
        drawn = {"fill": "distinct"}
        c.layer(f"Adaptive{kind}Pool2d", "pair", [[3, 2]], [real(2, 2, 7, 6, **drawn)])
        c.layer(f"Adaptive{kind}Pool2d", "null", [[None, 2]], [real(2, 2, 5, 6, **drawn)])
        c.layer(f"Adaptive{kind}Pool3d", "triple", [[2, 1, 3]], [real(1, 2, 4, 3, 5, **drawn)])
    c.layer("AdaptiveAvgPool2d", "global-second", [1], [real(1, 3, 4, 4)], order=2)
    c.layer("MaxPool2d", "tuple", [[3, 2], {"stride": [2, 1], "padding": [1, 0]}], [{"shape": [2, 2, 7, 6], "fill": "distinct"}])
    c.layer("MaxPool2d", "tuple-dilation", [[2, 2], {"stride": [2, 1], "dilation": [1, 2]}], [{"shape": [2, 2, 7, 6], "fill": "distinct"}])
    c.layer("MaxPool2d", "nan", [2], [{"fill": [[[[1, 2, "nan", 4], [5, 6, 7, 8]]]]}])
    c.layer("MaxPool2d", "error-padding", [2, {"padding": 2}], [real(1, 1, 5, 5)], error="pad should be at most half of effective kernel size")
    c.layer("AvgPool2d", "tuple", [[3, 2], {"stride": [2, 1], "padding": [1, 0]}], [real(2, 2, 7, 6)])
    c.layer("AvgPool2d", "divisor-padding", [3, {"padding": 1, "divisorOverride": 2}], [real(2, 2, 7, 6)])
    c.layer("LPPool2d", "tuple", [2, [3, 2], {"stride": [2, 1]}], [{"shape": [2, 2, 7, 6], "fill": "positive"}])
    pooled = {"fill": [[[[5, 2], [7, 8]]]], "dtype": "float32"}
    c.layer("MaxUnpool1d", "2", [2], [{"fill": [[[2, 4, 6, 8]]]}, {"fill": [[[1, 3, 5, 7]]], "dtype": "int32"}])
    c.layer("MaxUnpool1d", "outputSize", [2], {"x": {"fill": [[[2, 4, 6, 8]]]}, "i": {"fill": [[[1, 3, 5, 7]]], "dtype": "int32"}}, forward=["$x", "$i", {"outputSize": [1, 1, 9]}])
    c.layer("MaxUnpool2d", "2", [2], [pooled, {"fill": [[[[0, 3], [9, 14]]]], "dtype": "int32"}])
    c.layer("MaxUnpool2d", "stride", [2, {"stride": 2}], [pooled, {"fill": [[[[0, 3], [9, 14]]]], "dtype": "int32"}])
    c.layer("MaxUnpool2d", "outputSize", [2], {"x": pooled, "i": {"fill": [[[[6, 8], [16, 18]]]], "dtype": "int32"}}, forward=["$x", "$i", {"outputSize": [1, 1, 5, 5]}])
    c.layer("MaxUnpool2d", "padding", [3, {"stride": 2, "padding": 1}], [pooled, {"fill": [[[[0, 2], [4, 8]]]], "dtype": "int32"}])
    c.layer("MaxUnpool3d", "2", [2], [{"fill": [[[[[5, 2]]]]]}, {"fill": [[[[[1, 6]]]]], "dtype": "int32"}])
    for rank in (2, 3):
        name = f"FractionalMaxPool{rank}d"
        size = [8] * rank
        c.layer(name, "outputSize", [2, {"outputSize": [4] * rank}], [{"shape": [2, 2, *size], "fill": "distinct"}])
        c.layer(name, "ratio", [3, {"outputRatio": 0.5}], [{"shape": [1, 2, *size], "fill": "distinct"}], seed=3)
        c.layer(name, "indices", [2, {"outputSize": 5, "returnIndices": True}], [{"shape": [1, 1, *size], "fill": "distinct"}])
    return c
