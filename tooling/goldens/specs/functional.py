"""Functions that layers are made of, beside activations, dropout, losses, padding, resampling and attention."""

from _layers import Cases, flags, real, whole


def cases():
    c = Cases()
    c.function("linear", "bias", ["$x", "$w", "$b"], {"x": real(2, 4), "w": real(3, 4), "b": real(3)}, order=2)
    c.function("linear", "no-bias", ["$x", "$w"], {"x": real(2, 3, 4), "w": real(3, 4)})
    c.function("linear", "vector", ["$x", "$w"], {"x": real(4), "w": real(3, 4)})
    c.function("linear", "bias-option", ["$x", "$w", {"bias": "$b"}], {"x": real(2, 4), "w": real(3, 4), "b": real(3)})
    c.function("linear", "error", ["$x", "$w"], {"x": real(2, 5), "w": real(3, 4)}, error="mat1 and mat2 shapes cannot be multiplied (2x5 and 4x3)")
    c.function("bilinear", "plain", ["$a", "$b", "$w", "$c"], {"a": real(4, 2), "b": real(4, 3), "w": real(5, 2, 3), "c": real(5)})
    c.function("embedding", "plain", ["$i", "$w"], {"i": whole(0, 5, 2, 3), "w": real(5, 2)})
    c.function("embedding", "paddingIdx", ["$i", "$w", {"paddingIdx": 1}], {"i": whole(0, 3, 2, 3), "w": real(5, 2)})
    c.function("embeddingBag", "plain", ["$i", "$w"], {"i": whole(0, 5, 2, 3), "w": real(5, 2)})
    c.function("embeddingBag", "offsets", ["$i", "$w", "$o", {"mode": "sum"}], {"i": whole(0, 5, 6), "w": real(5, 2), "o": {"fill": [0, 4], "dtype": "int32"}})
    c.function("oneHot", "default", ["$i"], {"i": {"fill": [0, 3, 1], "dtype": "int32"}})
    c.function("oneHot", "classes", ["$i", 5], {"i": {"fill": [[0, 3], [1, 4]], "dtype": "int32"}})
    c.function("oneHot", "option", ["$i", {"numClasses": 4}], {"i": {"fill": [0, 3], "dtype": "int32"}})
    for rank, size in ((1, [6]), (2, [5, 4]), (3, [3, 4, 3])):
        kernel = [2] * rank
        inputs = {"x": real(2, 2, *size), "w": real(3, 2, *kernel), "b": real(3)}
        c.function(f"conv{rank}d", "plain", ["$x", "$w"], {"x": inputs["x"], "w": inputs["w"]})
        c.function(f"conv{rank}d", "bias", ["$x", "$w", "$b"], inputs, **({"order": 2} if rank < 3 else {}))
        c.function(f"conv{rank}d", "bias-option", ["$x", "$w", {"bias": "$b", "stride": 2, "padding": 1}], inputs)
        c.function(f"conv{rank}d", "groups", ["$x", "$w", {"groups": 2, "dilation": 2, "padding": 1}], {"x": real(1, 2, *size), "w": real(4, 1, *kernel)})
        c.function(f"conv{rank}d", "same", ["$x", "$w", {"padding": "same"}], {"x": inputs["x"], "w": inputs["w"]})
        c.function(f"conv{rank}d", "unbatched", ["$x", "$w"], {"x": real(2, *size), "w": inputs["w"]})
        inputs = {"x": real(2, 2, *size), "w": real(2, 3, *kernel), "b": real(3)}
        c.function(f"convTranspose{rank}d", "plain", ["$x", "$w"], {"x": inputs["x"], "w": inputs["w"]})
        c.function(f"convTranspose{rank}d", "options", ["$x", "$w", {"bias": "$b", "stride": 2, "padding": 1, "outputPadding": 1}], inputs)
        c.function(f"convTranspose{rank}d", "groups", ["$x", "$w", {"groups": 2, "dilation": 2}], {"x": real(1, 2, *size), "w": real(2, 2, *kernel)})
        untied = real(2, 2, *size, fill="distinct")
        c.function(f"maxPool{rank}d", "2", ["$x", 2], {"x": untied})
        c.function(f"maxPool{rank}d", "options", ["$x", 3, {"stride": 1, "padding": 1}], {"x": untied})
        c.function(f"maxPool{rank}d", "indices", ["$x", 2, {"returnIndices": True}], {"x": untied})
        c.function(f"avgPool{rank}d", "2", ["$x", 2], {"x": real(2, 2, *size)})
        c.function(f"avgPool{rank}d", "options", ["$x", 2, {"stride": 1, "padding": 1, "countIncludePad": False}], {"x": real(2, 2, *size)})
        c.function(f"adaptiveAvgPool{rank}d", "3", ["$x", 3], {"x": real(1, 2, *size)})
        c.function(f"adaptiveMaxPool{rank}d", "3", ["$x", 3], {"x": real(1, 2, *size, fill="distinct")})
        c.function(f"lpPool{rank}d", "2", ["$x", 2, 2], {"x": real(1, 2, *size, fill="positive")})
    c.function("maxUnpool2d", "2", ["$x", "$i", 2], {"x": {"fill": [[[[5, 2], [7, 8]]]]}, "i": {"fill": [[[[0, 3], [9, 14]]]], "dtype": "int32"}})

    statistics = {"m": real(3, requiresGrad=False), "v": real(3, fill="positive", requiresGrad=False)}
    affine = {"w": real(3), "b": real(3)}
    c.function("batchNorm", "eval", ["$x", "$m", "$v"], {"x": real(4, 3), **statistics})
    c.function("batchNorm", "eval-affine", ["$x", "$m", "$v", {"weight": "$w", "bias": "$b"}], {"x": real(4, 3, 2), **statistics, **affine})
    c.function("batchNorm", "train", ["$x", "$m", "$v", {"weight": "$w", "bias": "$b", "training": True, "momentum": 0.3}], {"x": real(4, 3, 2), **statistics, **affine}, after=["m", "v"])
    c.function("batchNorm", "no-statistics", ["$x", None, None, {"training": True}], {"x": real(4, 3, 2)})
    c.function("instanceNorm", "plain", ["$x"], {"x": real(2, 3, 4)})
    c.function("instanceNorm", "affine", ["$x", {"weight": "$w", "bias": "$b", "eps": 0.01}], {"x": real(2, 3, 4), **affine})
    c.function("layerNorm", "plain", ["$x", [4]], {"x": real(2, 3, 4)})
    c.function("layerNorm", "affine", ["$x", [3, 4], {"weight": "$w", "bias": "$b"}], {"x": real(2, 3, 4), "w": real(3, 4), "b": real(3, 4)})
    c.function("layerNorm", "affine-positional", ["$x", [4], "$w", "$b", 0.1], {"x": real(2, 4), "w": real(4), "b": real(4)})
    c.function("groupNorm", "plain", ["$x", 2], {"x": real(2, 4, 3)})
    c.function("groupNorm", "affine", ["$x", 3, {"weight": "$w", "bias": "$b"}], {"x": real(2, 3, 4), **affine})
    c.function("rmsNorm", "plain", ["$x", [4]], {"x": real(2, 3, 4)})
    c.function("rmsNorm", "affine", ["$x", [4], {"weight": "$w", "eps": 0.1}], {"x": real(2, 4), "w": real(4)})
    c.function("localResponseNorm", "3", ["$x", 3, {"alpha": 0.5}], {"x": real(2, 4, 3)})
    c.function("normalize", "default", ["$x"], {"x": real(3, 4)}, order=2)
    c.function("normalize", "options", ["$x", {"p": 1, "dim": 0}], {"x": real(3, 4)})
    c.function("normalize", "positional", ["$x", 3, -1], {"x": real(3, 4)})
    c.function("normalize", "inf", ["$x", {"p": "inf"}], {"x": real(3, 4)})
    c.function("normalize", "zeros", ["$x"], {"x": {"fill": [[0, 0], [3, 4]]}})
    c.function("cosineSimilarity", "default", ["$x", "$y"], {"x": real(3, 4), "y": real(3, 4)})
    c.function("cosineSimilarity", "dim", ["$x", "$y", {"dim": 0}], {"x": real(3, 4), "y": real(3, 4)})
    c.function("cosineSimilarity", "zero", ["$x", "$y"], {"x": {"fill": [[0, 0], [3, 4]]}, "y": real(2, 2)})
    c.function("pairwiseDistance", "default", ["$x", "$y"], {"x": real(3, 4), "y": real(3, 4)})
    c.function("pairwiseDistance", "options", ["$x", "$y", {"p": 1, "keepdim": True}], {"x": real(3, 4), "y": real(3, 4)})
    c.function("pdist", "default", ["$x"], {"x": real(4, 3)})
    c.function("pdist", "p1", ["$x", {"p": 1}], {"x": real(4, 3)})
    return c
