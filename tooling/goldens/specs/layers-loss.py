"""Losses as layers and as functions."""

from _layers import Cases, flags, real, whole

REDUCTIONS = ("mean", "sum", "none")


def each(c, name, function, args, inputs, variant="", options=(), second=True):
    """Every reduction, as a layer; the default also as a function."""
    prefix = f"{variant}-" if variant else ""
    merged = dict(options)
    for reduction in REDUCTIONS:
        c.layer(name, prefix + reduction, [*args, {**merged, "reduction": reduction}], inputs)
    names = {str(i): value for i, value in enumerate(inputs)}
    listed = [f"${i}" for i in range(len(inputs))]
    c.function(function, prefix + "default", [*listed, *([merged] if merged else [])], names, **({"order": 2} if second else {}))
    c.function(function, prefix + "sum", [*listed, {**merged, "reduction": "sum"}], names)


def cases():
    c = Cases()
    pair = [real(3, 4), real(3, 4)]
    for name, function in (("L1Loss", "l1Loss"), ("MSELoss", "mseLoss"), ("SmoothL1Loss", "smoothL1Loss"), ("HuberLoss", "huberLoss")):
        each(c, name, function, [], pair)
        c.layer(name, "default", [], pair)
        c.layer(name, "scalar", [], [real(), real()])
        c.layer(name, "rank4", [], [real(2, 1, 2, 3), real(2, 1, 2, 3)])
    c.layer("MSELoss", "broadcast", [], [real(3, 4), real(3, 1)])
    c.layer("L1Loss", "ties", [], [{"fill": [1, 2, 3]}, {"fill": [1, 0, 3]}])
    each(c, "SmoothL1Loss", "smoothL1Loss", [], pair, "beta", {"beta": 0.5})
    c.layer("SmoothL1Loss", "beta-zero", [{"beta": 0}], pair)
    each(c, "HuberLoss", "huberLoss", [], pair, "delta", {"delta": 0.5})
    c.function("mseLoss", "weight", ["$0", "$1", {"weight": "$2"}], {"0": real(3, 4), "1": real(3, 4), "2": {"shape": [3, 4], "fill": "positive", "requiresGrad": False}})

    logits, classes = real(5, 4), whole(0, 4, 5)
    each(c, "CrossEntropyLoss", "crossEntropy", [], [logits, classes])
    c.layer("CrossEntropyLoss", "default", [], [logits, classes])
    c.layer("CrossEntropyLoss", "single", [], [real(4), {"shape": [], "dtype": "int32", "fill": "int:0:4"}])
    each(c, "CrossEntropyLoss", "crossEntropy", [], [logits, classes], "smoothing", {"labelSmoothing": 0.1})
    ignored = {"fill": [0, 3, 2, 3, 1], "dtype": "int32"}
    each(c, "CrossEntropyLoss", "crossEntropy", [], [logits, ignored], "ignoreIndex", {"ignoreIndex": 3})
    each(c, "CrossEntropyLoss", "crossEntropy", [], [logits, {"fill": [0, -100, 2, -100, 1], "dtype": "int32"}], "ignored", {})
    c.layer("CrossEntropyLoss", "all-ignored", [], [logits, {"fill": [-100] * 5, "dtype": "int32"}])
    each(c, "CrossEntropyLoss", "crossEntropy", [], [real(2, 3, 4), whole(0, 3, 2, 4)], "1d", {})
    each(c, "CrossEntropyLoss", "crossEntropy", [], [real(2, 3, 2, 3), whole(0, 3, 2, 2, 3)], "2d", {})
    c.layer("CrossEntropyLoss", "2d-smoothing-ignore", [{"labelSmoothing": 0.2, "ignoreIndex": 1}], [real(2, 3, 2, 3), whole(0, 3, 2, 2, 3)])
    target = {"shape": [5, 4], "fill": "probability"}
    each(c, "CrossEntropyLoss", "crossEntropy", [], [logits, target], "probabilities", {})
    each(c, "CrossEntropyLoss", "crossEntropy", [], [logits, {**target, "requiresGrad": False}], "probabilities-smoothing", {"labelSmoothing": 0.1})
    c.layer("CrossEntropyLoss", "probabilities-2d", [], [real(2, 3, 2), {"shape": [2, 3, 2], "fill": "rand"}])
    w = {"shape": [4], "fill": "positive", "requiresGrad": False}
    for reduction in REDUCTIONS:
        weighted = {"x": logits, "y": classes, "w": w}
        c.layer("CrossEntropyLoss", f"weight-{reduction}", [{"weight": "$w", "reduction": reduction}], weighted, forward=["$x", "$y"])
        c.layer("CrossEntropyLoss", f"weight-smoothing-{reduction}", [{"weight": "$w", "labelSmoothing": 0.1, "reduction": reduction}], weighted, forward=["$x", "$y"])
        c.layer("CrossEntropyLoss", f"weight-ignore-{reduction}", [{"weight": "$w", "ignoreIndex": 2, "reduction": reduction}], {**weighted, "y": {"fill": [0, 2, 2, 3, 1], "dtype": "int32"}}, forward=["$x", "$y"])
        c.layer("CrossEntropyLoss", f"weight-probabilities-{reduction}", [{"weight": "$w", "labelSmoothing": 0.1, "reduction": reduction}], {**weighted, "y": target}, forward=["$x", "$y"])
        c.layer("NLLLoss", f"weight-{reduction}", [{"weight": "$w", "reduction": reduction}], {**weighted, "x": {"shape": [5, 4], "fill": "logProbability"}}, forward=["$x", "$y"])
    c.function("crossEntropy", "weight", ["$x", "$y", {"weight": "$w"}], {"x": logits, "y": classes, "w": w})
    c.function("crossEntropy", "weight-positional", ["$x", "$y", "$w"], {"x": logits, "y": classes, "w": w})
    c.function("crossEntropy", "large", ["$x", "$y"], {"x": {"fill": [[1000, 0, -1000], [0, 500, 0]]}, "y": {"fill": [2, 1], "dtype": "int32"}})
    c.function("crossEntropy", "error-batch", ["$x", "$y"], {"x": real(5, 4), "y": whole(0, 4, 3)}, error="Expected input batch_size (5) to match target batch_size (3).")
    c.layer("CrossEntropyLoss", "error-reduction", [{"reduction": "average"}], [logits, classes], error="average is not a valid value for reduction")

    logs = {"shape": [5, 4], "fill": "logProbability"}
    each(c, "NLLLoss", "nllLoss", [], [logs, classes])
    each(c, "NLLLoss", "nllLoss", [], [logs, ignored], "ignoreIndex", {"ignoreIndex": 3})
    each(c, "NLLLoss", "nllLoss", [], [real(2, 3, 2, 2), whole(0, 3, 2, 2, 2)], "2d", {})
    c.layer("NLLLoss", "single", [], [real(4), {"shape": [], "dtype": "int32", "fill": "int:0:4"}])

    shares = {"shape": [3, 4], "fill": "uniform:0.05:0.95"}
    each(c, "BCELoss", "binaryCrossEntropy", [], [shares, {"shape": [3, 4], "fill": "rand"}])
    c.layer("BCELoss", "hard", [], [{"fill": [0, 1, 0.5, 1, 0]}, {"fill": [0, 1, 1, 0, 1], "requiresGrad": False}])
    c.layer("BCELoss", "weight", [{"weight": "$w"}], {"x": shares, "y": {"shape": [3, 4], "fill": "rand", "requiresGrad": False}, "w": {"shape": [4], "fill": "positive", "requiresGrad": False}}, forward=["$x", "$y"])
    each(c, "BCEWithLogitsLoss", "binaryCrossEntropyWithLogits", [], [real(3, 4), {"shape": [3, 4], "fill": "rand"}])
    c.layer("BCEWithLogitsLoss", "large", [], [{"fill": [100, -100, 50, -50, 0]}, {"fill": [1, 0, 0, 1, 1], "requiresGrad": False}])
    weights = {"x": real(3, 4), "y": {"shape": [3, 4], "fill": "rand", "requiresGrad": False}, "w": {"shape": [4], "fill": "positive", "requiresGrad": False}}
    c.layer("BCEWithLogitsLoss", "weight", [{"weight": "$w"}], weights, forward=["$x", "$y"])
    c.layer("BCEWithLogitsLoss", "posWeight", [{"posWeight": "$w"}], weights, forward=["$x", "$y"])
    c.layer("BCEWithLogitsLoss", "posWeight-sum", [{"posWeight": "$w", "reduction": "sum"}], weights, forward=["$x", "$y"])
    c.function("binaryCrossEntropyWithLogits", "both", ["$x", "$y", {"weight": "$w", "posWeight": "$w"}], weights)
    c.function("binaryCrossEntropyWithLogits", "error-size", ["$x", "$y"], {"x": real(3, 4), "y": real(3)}, error="must be the same as input size", torchError="must be the same as input size")

    each(c, "KLDivLoss", "klDiv", [], [{"shape": [3, 4], "fill": "logProbability"}, {"shape": [3, 4], "fill": "probability"}])
    c.layer("KLDivLoss", "batchmean", [{"reduction": "batchmean"}], [{"shape": [3, 4], "fill": "logProbability"}, {"shape": [3, 4], "fill": "probability"}])
    c.layer("KLDivLoss", "logTarget", [{"reduction": "batchmean", "logTarget": True}], [{"shape": [3, 4], "fill": "logProbability"}, {"shape": [3, 4], "fill": "logProbability"}])
    c.layer("KLDivLoss", "zeros", [{"reduction": "sum"}], [{"shape": [2, 2], "fill": "logProbability"}, {"fill": [[0, 1], [0.5, 0.5]], "requiresGrad": False}])

    each(c, "PoissonNLLLoss", "poissonNllLoss", [], [real(3, 4), {"shape": [3, 4], "fill": "positive", "requiresGrad": False}])
    each(c, "PoissonNLLLoss", "poissonNllLoss", [], [{"shape": [3, 4], "fill": "positive"}, {"shape": [3, 4], "fill": "uniform:0:4", "requiresGrad": False}], "full", {"logInput": False, "full": True})
    each(c, "GaussianNLLLoss", "gaussianNllLoss", [], [real(3, 4), real(3, 4), {"shape": [3, 4], "fill": "positive"}])
    c.layer("GaussianNLLLoss", "full", [{"full": True, "eps": 0.5}], [real(3, 4), real(3, 4), {"shape": [3, 4], "fill": "positive"}])
    c.layer("GaussianNLLLoss", "homoscedastic", [], [real(3, 4), real(3, 4), {"shape": [3, 1], "fill": "positive"}])
    c.layer("GaussianNLLLoss", "homoscedastic-squeezed", [], [real(3, 4), real(3, 4), {"shape": [3], "fill": "positive"}])

    signs = {"shape": [5], "fill": "sign", "requiresGrad": False}
    each(c, "HingeEmbeddingLoss", "hingeEmbeddingLoss", [], [real(5), signs])
    each(c, "HingeEmbeddingLoss", "hingeEmbeddingLoss", [], [real(5), signs], "margin", {"margin": 0.5})
    each(c, "SoftMarginLoss", "softMarginLoss", [], [real(5), signs])
    each(c, "MarginRankingLoss", "marginRankingLoss", [], [real(5), real(5), signs])
    each(c, "MarginRankingLoss", "marginRankingLoss", [], [real(5), real(5), signs], "margin", {"margin": 0.5})
    each(c, "CosineEmbeddingLoss", "cosineEmbeddingLoss", [], [real(5, 3), real(5, 3), signs])
    each(c, "CosineEmbeddingLoss", "cosineEmbeddingLoss", [], [real(5, 3), real(5, 3), signs], "margin", {"margin": 0.2})
    each(c, "TripletMarginLoss", "tripletMarginLoss", [], [real(5, 3), real(5, 3), real(5, 3)])
    each(c, "TripletMarginLoss", "tripletMarginLoss", [], [real(5, 3), real(5, 3), real(5, 3)], "swap", {"margin": 0.5, "swap": True})
    c.layer("TripletMarginLoss", "p1", [{"p": 1}], [real(5, 3), real(5, 3), real(5, 3)])
    each(c, "TripletMarginWithDistanceLoss", "tripletMarginWithDistanceLoss", [], [real(5, 3), real(5, 3), real(5, 3)])
    c.layer("TripletMarginWithDistanceLoss", "distance", [{"distanceFunction": {"layer": "PairwiseDistance", "args": [{"p": 1}]}, "swap": True, "margin": 2}], [real(5, 3), real(5, 3), real(5, 3)])
    each(c, "MultiMarginLoss", "multiMarginLoss", [], [real(5, 4), classes], second=False)
    each(c, "MultiMarginLoss", "multiMarginLoss", [], [real(5, 4), classes], "p2", {"p": 2, "margin": 0.5}, second=False)
    c.layer("MultiMarginLoss", "weight", [{"weight": "$w"}], {"x": real(5, 4), "y": classes, "w": w}, forward=["$x", "$y"])
    c.layer("MultiMarginLoss", "single", [], [real(4), {"fill": [2], "dtype": "int32"}])
    labels = {"fill": [[3, 0, -1, 1], [1, -1, 0, 2], [0, 1, 2, 3]], "dtype": "int32"}
    each(c, "MultiLabelMarginLoss", "multilabelMarginLoss", [], [real(3, 4), labels], second=False)
    c.layer("MultiLabelMarginLoss", "single", [], [real(4), {"fill": [3, 0, -1, 1], "dtype": "int32"}])
    each(c, "MultiLabelSoftMarginLoss", "multilabelSoftMarginLoss", [], [real(3, 4), {"shape": [3, 4], "fill": "bool", "requiresGrad": False}])
    c.layer("MultiLabelSoftMarginLoss", "weight", [{"weight": "$w"}], {"x": real(3, 4), "y": {"shape": [3, 4], "fill": "bool", "requiresGrad": False}, "w": w}, forward=["$x", "$y"])

    logs = {"shape": [7, 2, 5], "fill": "logProbability"}
    targets = {"y": {"fill": [[1, 2, 2], [3, 1, 4]], "dtype": "int32"}, "a": {"fill": [7, 6], "dtype": "int32"}, "b": {"fill": [3, 2], "dtype": "int32"}}
    for reduction in REDUCTIONS:
        c.layer("CTCLoss", reduction, [{"reduction": reduction}], {"x": logs, **targets})
    c.layer("CTCLoss", "blank", [{"blank": 4}], {"x": logs, "y": {"fill": [[1, 2, 2], [3, 1, 0]], "dtype": "int32"}, "a": targets["a"], "b": targets["b"]})
    c.layer("CTCLoss", "concatenated", [], {"x": logs, "y": {"fill": [1, 2, 2, 3, 1], "dtype": "int32"}, "a": targets["a"], "b": targets["b"]})
    c.layer("CTCLoss", "lists", [], {"x": logs, "y": targets["y"]}, forward=["$x", "$y", {"tuple": [7, 6]}, {"tuple": [3, 2]}])
    c.layer("CTCLoss", "impossible", [{"reduction": "none"}], {"x": {"shape": [2, 2, 5], "fill": "logProbability", "requiresGrad": False}, **targets, "a": {"fill": [2, 2], "dtype": "int32"}})
    c.layer("CTCLoss", "zeroInfinity", [{"zeroInfinity": True}], {"x": {"shape": [3, 2, 5], "fill": "logProbability"}, **targets, "a": {"fill": [3, 3], "dtype": "int32"}})
    c.function("ctcLoss", "default", ["$x", "$y", "$a", "$b"], {"x": logs, **targets})
    c.function("ctcLoss", "logits", ["$x", "$y", "$a", "$b", {"reduction": "sum"}], {"x": real(6, 2, 5), **targets, "a": {"fill": [6, 6], "dtype": "int32"}})

    c.layer("AdaptiveLogSoftmaxWithLoss", "plain", [4, 10, [3, 6]], [real(6, 4), {"fill": [0, 2, 3, 5, 7, 9], "dtype": "int32"}])
    c.layer("AdaptiveLogSoftmaxWithLoss", "head-bias", [4, 8, [3], {"divValue": 2, "headBias": True}], [real(4, 4), {"fill": [0, 2, 5, 7], "dtype": "int32"}])
    return c
