"""Layers and their functions with options, shapes and modes that people seldom use."""

from _layers import Cases, flags, real, whole


def cases():
    c = Cases()
    recurrent(c)
    losses(c)
    convolutions(c)
    normalizations(c)
    pooling(c)
    embeddings(c)
    transformers(c)
    shapes(c)
    return c


def recurrent(c):
    for seed, name in enumerate(("RNN", "LSTM", "GRU")):
        state = lambda *shape: [real(*shape), real(*shape)] if name == "LSTM" else [real(*shape)]

        def run(variant, args, x, states, **more):
            given = {"x": x, **{f"h{i}": s for i, s in enumerate(states)}}
            hidden = ["$h0", "$h1"] if name == "LSTM" else "$h0"
            forward = ["$x", {"tuple": hidden} if name == "LSTM" else hidden] if states else ["$x"]
            c.layer(name, variant, args, given, forward=forward, seed=seed, **more)

        run("unbatched-bidirectional", [3, 2, {"numLayers": 2, "bidirectional": True}], real(4, 3), state(4, 2))
        run("unbatched-batchFirst", [3, 2, {"batchFirst": True}], real(4, 3), state(1, 2))
        run("dropout-train", [3, 2, {"numLayers": 3, "dropout": 0.4}], real(4, 2, 3), [], calls=1)
        run("dropout-eval", [3, 2, {"numLayers": 2, "dropout": 0.4}], real(4, 2, 3), [], mode="eval")
        run("dropout-bidirectional", [2, 2, {"numLayers": 2, "dropout": 0.3, "bidirectional": True, "batchFirst": True}], real(2, 3, 2), [], calls=2)
        run("no-bias-state", [2, 3, {"bias": False, "numLayers": 2}], real(3, 2, 2), state(2, 2, 3))
        run("float64", [2, 3, {"dtype": "float64", "bidirectional": True}], real(3, 1, 2, dtype="float64"), [])
        run("one-step", [2, 3], real(1, 1, 2), state(1, 1, 3))
        run("positional", [2, 3, 2, False, True], real(2, 3, 2), [], mode="train") if name != "RNN" else run("positional", [2, 3, 2, "relu", True, True], real(2, 3, 2), [])
    for variant, options in (("projection", {"projSize": 2}), ("projection-stack", {"projSize": 1, "numLayers": 2, "bidirectional": True, "batchFirst": True}), ("projection-no-bias", {"projSize": 2, "bias": False})):
        c.layer("LSTM", variant, [3, 4, options], [real(2, 3, 3)], seed=5)
    c.layer("LSTM", "projection-unbatched", [3, 4, {"projSize": 2}], {"x": real(3, 3), "h": real(1, 2), "c": real(1, 4)}, forward=["$x", {"tuple": ["$h", "$c"]}])
    for name in ("RNNCell", "LSTMCell", "GRUCell"):
        two = {"x": real(3), "h": real(2), **({"c": real(2)} if name == "LSTMCell" else {})}
        c.layer(name, "unbatched", [3, 2], two, forward=["$x", {"tuple": ["$h", "$c"]}] if name == "LSTMCell" else ["$x", "$h"])
        c.layer(name, "no-bias-no-state", [3, 2, {"bias": False}], [real(4, 3)])
        c.layer(name, "float64", [3, 2, {"dtype": "float64"}], [real(2, 3, dtype="float64")])
    c.layer("RNNCell", "relu", [3, 2, True, "relu"], [real(2, 3)])
    c.layer("LSTM", "error-hidden", [3, 2], {"x": real(4, 1, 3), "h": real(1, 1, 3), "c": real(1, 1, 2)}, forward=["$x", {"tuple": ["$h", "$c"]}], error="Expected hidden[0] size")
    c.layer("GRU", "error-input", [3, 2], [real(4, 1, 2)], error="input.size(-1) must be equal to input_size. Expected 3, got 2")
    c.layer("RNN", "error-rank", [3, 2], [real(3)], error="Expected input to be 2D or 3D, got 1D")
    c.layer("RNN", "error-nonlinearity", [3, 2, {"nonlinearity": "sigmoid"}], [real(2, 2, 3)], error="Unknown nonlinearity 'sigmoid'")
    c.layer("GRU", "error-batch-of-state", [3, 2], {"x": real(4, 2, 3), "h": real(1, 1, 2)}, error="Expected hidden size")
    c.layer("GRU", "error-rank-of-state", [3, 2], {"x": real(4, 3), "h": real(1, 1, 2)}, error="For unbatched 2-D input, hx should also be 2-D but got 3-D tensor")


def losses(c):
    labels = {"fill": [1, 0, 3, 2, 1], "dtype": "int32"}
    ignored = {"fill": [1, -100, 3, 2, -100], "dtype": "int32"}
    for reduction in ("mean", "sum", "none"):
        for smoothing in (0, 0.2):
            options = {"reduction": reduction, "labelSmoothing": smoothing}
            c.layer("CrossEntropyLoss", f"ignored-{reduction}-{smoothing}", [options], {"x": real(5, 4), "y": ignored})
            c.layer("CrossEntropyLoss", f"weighted-ignored-{reduction}-{smoothing}", [{**options, "weight": "$w", "ignoreIndex": 2}], {"x": real(5, 4), "y": labels, "w": {"shape": [4], "fill": "positive", "requiresGrad": False}}, forward=["$x", "$y"])
            c.layer("CrossEntropyLoss", f"probabilities-{reduction}-{smoothing}", [{**options, "weight": "$w"}], {"x": real(3, 4, 2), "y": {"shape": [3, 4, 2], "fill": "positive"}, "w": {"shape": [4], "fill": "positive", "requiresGrad": False}}, forward=["$x", "$y"])
        c.layer("CrossEntropyLoss", f"image-{reduction}", [{"reduction": reduction, "labelSmoothing": 0.1, "ignoreIndex": 0}], [real(2, 3, 2, 2), whole(0, 3, 2, 2, 2)])
        c.layer("CrossEntropyLoss", f"unbatched-{reduction}", [{"reduction": reduction, "labelSmoothing": 0.1}], {"x": real(4), "y": {"shape": [], "fill": "int:0:4", "dtype": "int32"}})
        c.layer("CrossEntropyLoss", f"unbatched-probabilities-{reduction}", [{"reduction": reduction}], {"x": real(4), "y": {"shape": [4], "fill": "probability"}})
        c.layer("NLLLoss", f"weighted-ignored-{reduction}", [{"reduction": reduction, "weight": "$w", "ignoreIndex": 1}], {"x": {"shape": [5, 4], "fill": "logProbability"}, "y": labels, "w": {"shape": [4], "fill": "positive", "requiresGrad": False}}, forward=["$x", "$y"])
        c.layer("NLLLoss", f"image-{reduction}", [{"reduction": reduction}], [{"shape": [2, 3, 2, 2], "fill": "logProbability"}, whole(0, 3, 2, 2, 2)])
        c.layer("NLLLoss", f"unbatched-{reduction}", [{"reduction": reduction}], [{"shape": [3], "fill": "logProbability"}, whole(0, 3)])
        c.layer("BCELoss", f"weighted-{reduction}", [{"reduction": reduction, "weight": "$w"}], {"x": {"shape": [3, 2], "fill": "rand"}, "y": {"shape": [3, 2], "fill": "rand"}, "w": {"shape": [2], "fill": "positive", "requiresGrad": False}}, forward=["$x", "$y"])
        c.layer("BCELoss", f"ends-{reduction}", [{"reduction": reduction}], {"x": {"fill": [0, 1, 0, 1, 0.5]}, "y": {"fill": [0, 1, 1, 0, 0.5], "requiresGrad": False}})
        c.layer("BCEWithLogitsLoss", f"all-{reduction}", [{"reduction": reduction, "weight": "$w", "posWeight": "$p"}], {"x": real(3, 2), "y": {"shape": [3, 2], "fill": "rand"}, "w": {"shape": [3, 1], "fill": "positive", "requiresGrad": False}, "p": {"shape": [2], "fill": "positive", "requiresGrad": False}}, forward=["$x", "$y"])
        c.layer("BCEWithLogitsLoss", f"large-{reduction}", [{"reduction": reduction}], {"x": {"fill": [-200, 200, -50, 50, 0]}, "y": {"fill": [0, 1, 1, 0, 0.3], "requiresGrad": False}})
        c.layer("SmoothL1Loss", f"beta-{reduction}", [{"reduction": reduction, "beta": 0.3}], [real(4, 2), real(4, 2)])
        c.layer("SmoothL1Loss", f"beta0-{reduction}", [{"reduction": reduction, "beta": 0}], [real(4, 2), real(4, 2)])
        c.layer("HuberLoss", f"delta-{reduction}", [{"reduction": reduction, "delta": 0.3}], [real(4, 2), real(4, 2)])
        c.layer("KLDivLoss", f"log-target-{reduction}", [{"reduction": reduction, "logTarget": True}], [{"shape": [3, 4], "fill": "logProbability"}, {"shape": [3, 4], "fill": "logProbability"}])
        c.layer("KLDivLoss", f"zeros-{reduction}", [{"reduction": reduction}], {"x": {"shape": [2, 3], "fill": "logProbability"}, "y": {"fill": [[0, 0.5, 0.5], [1, 0, 0]], "requiresGrad": False}})
        c.layer("GaussianNLLLoss", f"full-{reduction}", [{"reduction": reduction, "full": True, "eps": 0.1}], [real(3, 2), real(3, 2), {"shape": [3, 2], "fill": "rand"}])
        c.layer("GaussianNLLLoss", f"one-variance-{reduction}", [{"reduction": reduction}], [real(3, 2), real(3, 2), {"shape": [3, 1], "fill": "positive"}])
        c.layer("PoissonNLLLoss", f"full-{reduction}", [{"reduction": reduction, "full": True}], {"x": real(5), "y": {"fill": [0, 1, 2, 5, 0.5], "requiresGrad": False}})
        c.layer("PoissonNLLLoss", f"linear-{reduction}", [{"reduction": reduction, "logInput": False, "full": True, "eps": 0.01}], {"x": {"shape": [4], "fill": "rand"}, "y": {"fill": [0, 1, 2, 7], "requiresGrad": False}})
        c.layer("TripletMarginLoss", f"swap-{reduction}", [{"reduction": reduction, "margin": 0.5, "p": 1, "swap": True}], [real(3, 4), real(3, 4), real(3, 4)])
        c.layer("TripletMarginLoss", f"unbatched-{reduction}", [{"reduction": reduction, "p": 3, "eps": 0.1}], [real(4), real(4), real(4)])
        c.layer("TripletMarginWithDistanceLoss", f"own-{reduction}", [{"reduction": reduction, "margin": 2, "swap": True, "distanceFunction": {"function": "F.pairwiseDistance"}}], [real(3, 4), real(3, 4), real(3, 4)])
        c.layer("MultiMarginLoss", f"p2-weight-{reduction}", [{"reduction": reduction, "p": 2, "margin": 0.5, "weight": "$w"}], {"x": real(5, 4), "y": labels, "w": {"shape": [4], "fill": "positive", "requiresGrad": False}}, forward=["$x", "$y"])
        c.layer("MultiMarginLoss", f"unbatched-{reduction}", [{"reduction": reduction}], [real(4), whole(0, 4)])
        c.layer("MultiLabelMarginLoss", f"ended-{reduction}", [{"reduction": reduction}], {"x": real(2, 4), "y": {"fill": [[3, 0, -1, 1], [-1, 2, 2, 2]], "dtype": "int32"}})
        c.layer("MultiLabelSoftMarginLoss", f"weight-{reduction}", [{"reduction": reduction, "weight": "$w"}], {"x": real(3, 4), "y": flags(3, 4, dtype="float32", requiresGrad=False), "w": {"shape": [4], "fill": "positive", "requiresGrad": False}}, forward=["$x", "$y"])
        c.layer("CosineEmbeddingLoss", f"margin-{reduction}", [{"reduction": reduction, "margin": 0.3}], {"a": real(4, 3), "b": real(4, 3), "y": {"fill": [1, -1, -1, 1], "dtype": "int32"}})
        c.layer("CosineEmbeddingLoss", f"unbatched-{reduction}", [{"reduction": reduction}], {"a": real(3), "b": real(3), "y": {"shape": [], "fill": "full:-1", "dtype": "int32"}})
        c.layer("HingeEmbeddingLoss", f"margin-{reduction}", [{"reduction": reduction, "margin": 0.7}], {"x": real(4), "y": {"fill": [1, -1, -1, 1], "dtype": "int32"}})
        c.layer("MarginRankingLoss", f"margin-{reduction}", [{"reduction": reduction, "margin": 0.2}], {"a": real(4), "b": real(4), "y": {"fill": [1, -1, -1, 1], "dtype": "int32"}})
        c.layer("SoftMarginLoss", f"large-{reduction}", [{"reduction": reduction}], {"x": {"fill": [40, -40, 3, 0.5]}, "y": {"fill": [-1, -1, 1, 1], "requiresGrad": False}})
        c.layer("L1Loss", f"broadcast-{reduction}", [{"reduction": reduction}], [real(3, 2), real(1, 2)])
        c.layer("MSELoss", f"scalar-{reduction}", [{"reduction": reduction}], [real(), real()])
        ctc = {"x": {"shape": [6, 3, 5], "fill": "logProbability"}, "y": whole(1, 5, 3, 3)}
        c.layer("CTCLoss", f"padded-{reduction}", [{"reduction": reduction}], ctc, forward=["$x", "$y", {"tuple": [6, 4, 5]}, {"tuple": [3, 1, 0]}])
        # Only the value: PyTorch's gradient of an infinite loss is NaN.
        c.layer("CTCLoss", f"infinite-{reduction}", [{"reduction": reduction}], {"x": {"shape": [2, 2, 4], "fill": "logProbability", "requiresGrad": False}, "y": {"fill": [[1, 1, 1], [2, 0, 0]], "dtype": "int32"}}, forward=["$x", "$y", {"tuple": [2, 2]}, {"tuple": [3, 1]}])
        c.layer("CTCLoss", f"zeroed-{reduction}", [{"reduction": reduction, "zeroInfinity": True, "blank": 3}], {"x": {"shape": [2, 2, 4], "fill": "logProbability"}, "y": {"fill": [[1, 1, 1], [2, 0, 0]], "dtype": "int32"}}, forward=["$x", "$y", {"tuple": [2, 2]}, {"tuple": [3, 1]}])
        c.layer("CTCLoss", f"joined-{reduction}", [{"reduction": reduction, "blank": 0}], {"x": {"shape": [5, 2, 4], "fill": "logProbability"}, "y": {"fill": [1, 2, 2, 3, 1], "dtype": "int32"}, "l": {"fill": [5, 4], "dtype": "int32"}, "s": {"fill": [3, 2], "dtype": "int32"}})
        c.layer("CTCLoss", f"unbatched-{reduction}", [{"reduction": reduction}], {"x": {"shape": [5, 4], "fill": "logProbability"}, "y": {"fill": [1, 2], "dtype": "int32"}, "l": {"shape": [], "fill": "full:5", "dtype": "int32"}, "s": {"shape": [], "fill": "full:2", "dtype": "int32"}})
    c.layer("CrossEntropyLoss", "all-ignored", [], {"x": real(2, 3), "y": {"fill": [-100, -100], "dtype": "int32"}})
    c.layer("CrossEntropyLoss", "error-range", [], {"x": real(2, 3), "y": {"fill": [0, 3], "dtype": "int32"}}, error="Target 3 is out of bounds.")
    c.layer("NLLLoss", "error-sizes", [], {"x": real(2, 3), "y": whole(0, 3, 4)}, error="Expected input batch_size (2) to match target batch_size (4).")
    c.layer("AdaptiveLogSoftmaxWithLoss", "plain", [4, 9, [2, 5]], {"x": real(6, 4), "y": {"fill": [0, 8, 3, 1, 5, 2], "dtype": "int32"}})
    c.layer("AdaptiveLogSoftmaxWithLoss", "bias", [5, 8, [3], {"divValue": 2, "headBias": True}], {"x": real(3, 5), "y": {"fill": [0, 7, 3], "dtype": "int32"}})
    c.layer("AdaptiveLogSoftmaxWithLoss", "unbatched", [4, 9, [2, 5]], {"x": real(4), "y": {"shape": [], "fill": "full:6", "dtype": "int32"}})
    c.layer("AdaptiveLogSoftmaxWithLoss", "error-range", [4, 9, [2, 5]], {"x": real(1, 4), "y": {"fill": [9], "dtype": "int32"}}, error="Target values should be in [0, 8], but values in range [9, 9] were found.")


def convolutions(c):
    for seed, (rank, plain, transposed) in enumerate(((1, "Conv1d", "ConvTranspose1d"), (2, "Conv2d", "ConvTranspose2d"), (3, "Conv3d", "ConvTranspose3d"))):
        size = (5, 6, 4)[:rank]
        for mode in ("zeros", "reflect", "replicate", "circular"):
            c.layer(plain, f"{mode}-2", [2, 3, 3, {"padding": 2, "paddingMode": mode, "stride": 2, "bias": False}], [real(1, 2, *size)], seed=seed)
            c.layer(plain, f"{mode}-same", [2, 2, 2, {"padding": "same", "paddingMode": mode, "groups": 2}], [real(2, *size)], seed=seed)
        c.layer(plain, "valid-dilated", [2, 4, 2, {"padding": "valid", "dilation": 2, "groups": 2}], [real(2, 2, *size)], seed=seed)
        c.layer(plain, "depthwise", [3, 6, 2, {"groups": 3, "padding": 1}], [real(1, 3, *size)], seed=seed)
        c.layer(plain, "float64", [2, 2, 2, {"dtype": "float64"}], [real(1, 2, *size, dtype="float64")], seed=seed)
        c.layer(transposed, "all", [2, 4, 3, {"stride": 3, "padding": 1, "outputPadding": 2, "groups": 2, "dilation": 2, "bias": False}], [real(1, 2, *(3, 2, 2)[:rank])], seed=seed)
        c.layer(transposed, "unbatched", [2, 3, 2, {"stride": 2}], [real(2, *(3, 2, 2)[:rank])], seed=seed)
        c.layer(transposed, "outputSize", [2, 3, 3, {"stride": 2, "padding": 1}], {"x": real(1, 2, *(3, 2, 2)[:rank])}, forward=["$x", {"outputSize": [6, 4, 3][:rank]}], seed=seed)
        c.layer(transposed, "error-outputSize", [2, 3, 3, {"stride": 2, "padding": 1}], {"x": real(1, 2, *(3, 2, 2)[:rank])}, forward=["$x", {"outputSize": [9, 4, 3][:rank]}], error="requested an output size of")
        c.layer(plain, "error-groups", [3, 4, 2, {"groups": 2}], [real(1, 3, *size)], error="in_channels must be divisible by groups")
        c.layer(plain, "error-mode", [3, 4, 2, {"paddingMode": "mirror"}], [real(1, 3, *size)], error="padding_mode must be one of")
        c.layer(plain, "error-same-stride", [3, 4, 2, {"padding": "same", "stride": 2}], [real(1, 3, *size)], error="padding='same' is not supported for strided convolutions")
        c.layer(plain, "error-channels", [3, 4, 2], [real(1, 2, *size)], error="to have 3 channels, but got 2 channels instead")
    c.layer("Conv2d", "sizes", [2, 3, [3, 2], {"stride": [2, 1], "padding": [0, 2], "dilation": [1, 3]}], [real(1, 2, 5, 6)])
    c.layer("Conv2d", "circular-uneven", [1, 1, [3, 2], {"padding": [2, 1], "paddingMode": "circular"}], [real(1, 1, 3, 4)])
    c.layer("Unfold", "all", [[2, 3], {"dilation": 2, "padding": [1, 2], "stride": [2, 1]}], [real(2, 3, 5, 6)])
    c.layer("Fold", "all", [[5, 6], [2, 3], {"dilation": 1, "padding": 1, "stride": 2}], [real(1, 12, 9)])
    c.layer("Fold", "unbatched", [[4, 4], 2, {"stride": 2}], [real(8, 4)])


def normalizations(c):
    for rank, name in ((1, "BatchNorm1d"), (2, "BatchNorm2d"), (3, "BatchNorm3d")):
        x = [real(3, 2, *(4, 3, 2)[:rank])]
        c.modes(name, "momentum-none", [2, {"momentum": None}], x, calls=3)
        c.modes(name, "untracked", [2, {"trackRunningStats": False}], x, calls=2)
        c.modes(name, "plain-affine-off", [2, {"affine": False, "eps": 0.1, "momentum": 0.5}], x, calls=2)
        c.modes(name, "float64", [2, {"dtype": "float64"}], [real(3, 2, *(4, 3, 2)[:rank], dtype="float64")])
        c.modes(f"InstanceNorm{rank}d", "tracked", [2, {"trackRunningStats": True, "affine": True, "momentum": 0.3}], x, calls=2)
        c.modes(f"InstanceNorm{rank}d", "momentum-none", [2, {"trackRunningStats": True, "momentum": None}], x, calls=2)
        c.layer(f"InstanceNorm{rank}d", "unbatched", [2, {"affine": True}], [real(2, *(4, 3, 2)[:rank])])
    c.layer("BatchNorm1d", "two-dimensional-one", [3, {}], [real(1, 3)], error="Expected more than 1 value per channel when training, got input size torch.Size([1, 3])")
    c.layer("BatchNorm1d", "one-eval", [3], [real(1, 3)], mode="eval")
    c.layer("InstanceNorm1d", "error-one", [3], [real(2, 3, 1)], error="Expected more than 1 spatial element when training, got input size torch.Size([2, 3, 1])")
    c.layer("LayerNorm", "no-bias", [[2, 3], {"bias": False, "eps": 0.1}], [real(4, 2, 3)])
    c.layer("LayerNorm", "plain", [3, {"elementwiseAffine": False}], [real(3)])
    c.layer("LayerNorm", "error", [[2, 4]], [real(3, 2, 3)], error="Given normalized_shape=[2, 4], expected input with shape [*, 2, 4]")
    c.layer("RMSNorm", "eps", [[2, 3], {"eps": 0.1}], [real(4, 2, 3)])
    c.layer("RMSNorm", "plain", [4, {"elementwiseAffine": False}], [real(2, 4)])
    c.layer("GroupNorm", "unspatial", [2, 6], [real(3, 6)])
    c.layer("GroupNorm", "plain", [1, 3, {"affine": False, "eps": 0.1}], [real(2, 3, 2, 2)])
    c.layer("GroupNorm", "instance", [4, 4], [real(2, 4, 3)])
    c.layer("GroupNorm", "error", [3, 4], [real(2, 4, 3)], error="num_channels (4) must be divisible by num_groups (3)")
    c.layer("LocalResponseNorm", "options", [3, {"alpha": 0.5, "beta": 0.6, "k": 2}], [real(2, 5, 3)])
    c.layer("LocalResponseNorm", "even", [2, {"alpha": 0.5}], [real(2, 5, 2, 2)])
    c.layer("SyncBatchNorm", "eval", [2], [real(3, 2, 4)], mode="eval")


def pooling(c):
    for rank in (1, 2, 3):
        size = (7, 6, 5)[:rank]
        c.layer(f"MaxPool{rank}d", "ceil-dilated", [2, {"stride": 3, "padding": 1, "dilation": 2, "ceilMode": True}], [real(1, 2, *size)])
        c.layer(f"MaxPool{rank}d", "indices-unbatched", [3, {"stride": 2, "padding": 1, "returnIndices": True}], [real(2, *size)])
        c.layer(f"AvgPool{rank}d", "ceil-padded", [3, {"stride": 2, "padding": 1, "ceilMode": True, "countIncludePad": False}], [real(2, 1, *size)])
        c.layer(f"AvgPool{rank}d", "ceil-counted", [3, {"stride": 2, "padding": 1, "ceilMode": True}], [real(1, *size)])
        if rank > 1:
            c.layer(f"AvgPool{rank}d", "divisor", [2, {"divisorOverride": 3, "padding": 1}], [real(1, 1, *size)])
        c.layer(f"LPPool{rank}d", "p3", [3, 2, {"stride": 1, "ceilMode": True}], [{"shape": [1, 1, *size], "fill": "positive"}])
        c.layer(f"AdaptiveAvgPool{rank}d", "uneven", [3], [real(1, 2, *size)])
        c.layer(f"AdaptiveMaxPool{rank}d", "indices", [4 if rank == 1 else [4, None, 2][:rank], {"returnIndices": True}], [real(2, *size)])
        pooled = real(1, 2, *(3, 3, 2)[:rank])
        c.function(f"maxUnpool{rank}d", "given", ["$x", "$i", 2, {"outputSize": [1, 2, *(7, 6, 5)[:rank]]}], {"x": pooled, "i": {"shape": [1, 2, *(3, 3, 2)[:rank]], "fill": "arange", "dtype": "int32"}})
    c.layer("FractionalMaxPool2d", "ratio", [2, {"outputRatio": [0.5, 0.6], "returnIndices": True}], [real(1, 2, 7, 6)], seed=2)
    c.layer("FractionalMaxPool3d", "size", [2, {"outputSize": [2, 3, 2]}], [real(1, 2, 5, 6, 5)], seed=2)
    c.layer("MaxPool2d", "error-padding", [2, {"padding": 2}], [real(1, 1, 4, 4)], error="pad should be at most half of effective kernel size")
    c.layer("AvgPool2d", "error-small", [5], [real(1, 1, 4, 4)], error="Output size is too small")


def embeddings(c):
    ids = {"fill": [1, 0, 2, 2, 3, 1], "dtype": "int32"}
    for mode in ("sum", "mean", "max"):
        c.layer("EmbeddingBag", f"offsets-{mode}", [4, 3, {"mode": mode}], {"i": ids, "o": {"fill": [0, 2, 2, 5], "dtype": "int32"}})
        c.layer("EmbeddingBag", f"last-offset-{mode}", [4, 3, {"mode": mode, "includeLastOffset": True}], {"i": ids, "o": {"fill": [0, 2, 2, 6], "dtype": "int32"}})
        c.layer("EmbeddingBag", f"padding-{mode}", [4, 3, {"mode": mode, "paddingIdx": 2}], {"i": {"fill": [[2, 2], [1, 2], [0, 3]], "dtype": "int32"}})
        c.layer("EmbeddingBag", f"maxNorm-{mode}", [4, 3, {"mode": mode, "maxNorm": 1, "normType": 1}], {"i": {"fill": [[2, 2], [1, 2]], "dtype": "int32"}}, calls=2)
    c.layer("EmbeddingBag", "weighted", [4, 3, {"mode": "sum"}], {"i": ids, "o": {"fill": [0, 3], "dtype": "int32"}, "w": real(6)})
    c.layer("EmbeddingBag", "weighted-rows", [4, 3, {"mode": "sum", "paddingIdx": 1}], {"i": {"fill": [[2, 1], [1, 3]], "dtype": "int32"}, "w": real(2, 2)}, forward=["$i", None, "$w"])
    c.layer("EmbeddingBag", "error-weighted", [4, 3], {"i": ids, "o": {"fill": [0, 3], "dtype": "int32"}, "w": real(6)}, error="embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode='sum' (got mode='mean').")
    c.layer("EmbeddingBag", "error-offsets", [4, 3], {"i": {"fill": [[2, 1]], "dtype": "int32"}, "o": {"fill": [0], "dtype": "int32"}}, error="if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length sequences.")
    c.layer("Embedding", "negative-padding", [4, 3, {"paddingIdx": -1}], {"i": {"fill": [[3, 0], [1, 3]], "dtype": "int32"}})
    c.layer("Embedding", "frequencies", [4, 2, {"scaleGradByFreq": True}], {"i": {"fill": [1, 1, 1, 0], "dtype": "int32"}})
    c.layer("Embedding", "maxNorm", [4, 2, {"maxNorm": 0.5, "normType": 3, "paddingIdx": 0}], {"i": {"fill": [1, 0, 3], "dtype": "int32"}}, calls=2)
    c.layer("Embedding", "scalar", [4, 2], {"i": {"shape": [], "fill": "full:2", "dtype": "int32"}})
    c.layer("Embedding", "error-range", [4, 2], {"i": {"fill": [4], "dtype": "int32"}}, error="index out of range in self")
    c.layer("Embedding", "given", [4, 2, {"_weight": "$w", "paddingIdx": 1}], {"i": {"fill": [1, 0, 3], "dtype": "int32"}, "w": real(4, 2, requiresGrad=False)}, forward=["$i"])
    c.layer("Embedding", "frozen", [4, 2, None, None, 2, False, False, "$w", True], {"i": {"fill": [1, 0, 3], "dtype": "int32"}, "w": real(4, 2, requiresGrad=False)}, forward=["$i"])
    c.layer("Embedding", "error-given", [4, 2, {"_weight": "$w"}], {"i": {"fill": [1], "dtype": "int32"}, "w": real(3, 2)}, forward=["$i"], error="Shape of weight does not match num_embeddings and embedding_dim")
    c.layer("EmbeddingBag", "given", [4, 2, None, 2, False, "sum", False, "$w", True, 1], {"i": {"fill": [1, 0, 3], "dtype": "int32"}, "o": {"fill": [0, 2, 3], "dtype": "int32"}, "w": real(4, 2, requiresGrad=False)}, forward=["$i", "$o"])
    c.layer("SyncBatchNorm", "positional", [2, 0.1, 0.5, False, True, None], [real(3, 2, 4)], mode="eval")
    c.layer("Bilinear", "batches", [2, 3, 4, {"bias": False}], [real(2, 5, 2), real(2, 5, 3)])


def transformers(c):
    still = {"dimFeedforward": 6, "dropout": 0}
    padding = {"fill": [[0, 0, 0, 1], [0, 0, 1, 1]], "dtype": "bool"}
    blocked = {"fill": [[0, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1], [0, 0, 0, 0]], "dtype": "bool"}
    encoder = {"layer": "TransformerEncoderLayer", "args": [4, 2, {**still, "batchFirst": True}]}
    for mode in ("train", "eval"):
        c.layer("TransformerEncoder", f"padded-{mode}", [encoder, 2], {"x": real(2, 4, 4), "p": padding}, forward=["$x", {"srcKeyPaddingMask": "$p"}], mode=mode)
        c.layer("TransformerEncoder", f"masked-{mode}", [encoder, 2, {"enableNestedTensor": False, "norm": {"layer": "LayerNorm", "args": [4]}}], {"x": real(2, 4, 4), "m": blocked}, forward=["$x", {"mask": "$m"}], mode=mode)
        c.layer("TransformerEncoderLayer", f"padded-{mode}", [4, 2, {**still, "batchFirst": True, "normFirst": True, "activation": "gelu"}], {"x": real(2, 4, 4), "p": padding}, forward=["$x", None, "$p"], mode=mode)
        c.layer("TransformerDecoderLayer", f"masks-{mode}", [4, 2, {**still, "bias": False}], {"x": real(4, 2, 4), "m": real(4, 2, 4), "t": blocked, "p": padding}, forward=["$x", "$m", {"tgtMask": "$t", "memoryKeyPaddingMask": "$p", "tgtIsCausal": True}], mode=mode)
        c.layer("Transformer", f"small-{mode}", [{"dModel": 4, "nhead": 2, "numEncoderLayers": 1, "numDecoderLayers": 1, "dimFeedforward": 4, "dropout": 0, "batchFirst": True, "normFirst": True}], {"s": real(2, 4, 4), "t": real(2, 4, 4), "p": padding, "m": blocked}, forward=["$s", "$t", {"tgtMask": "$m", "srcKeyPaddingMask": "$p", "memoryKeyPaddingMask": "$p"}], mode=mode)
    c.layer("TransformerEncoderLayer", "dropout", [4, 2, 6, 0.3], [real(3, 2, 4)], seed=3)
    c.layer("TransformerDecoderLayer", "dropout", [4, 2, 6, 0.3], [real(3, 2, 4), real(2, 2, 4)], seed=3)
    c.layer("TransformerEncoderLayer", "relu-function", [4, 2, {**still, "activation": {"function": "F.relu"}}], [real(3, 4)])
    c.layer("Transformer", "error-batch", [{"dModel": 4, "nhead": 2, "numEncoderLayers": 1, "numDecoderLayers": 1}], [real(3, 2, 4), real(3, 1, 4)], error="the batch number of src and tgt must be equal")
    c.layer("Transformer", "error-size", [{"dModel": 4, "nhead": 2, "numEncoderLayers": 1, "numDecoderLayers": 1}], [real(3, 2, 4), real(3, 2, 3)], error="the feature number of src and tgt must be equal to d_model")


def shapes(c):
    for mode, ranks in (("nearest", (1, 2, 3)), ("nearest-exact", (1, 2)), ("linear", (1,)), ("bilinear", (2,)), ("bicubic", (2,)), ("trilinear", (3,)), ("area", (1, 2))):
        for rank in ranks:
            x = [real(1, 2, *(4, 3, 2)[:rank])]
            c.layer("Upsample", f"{mode}-{rank}-size", [{"size": [7, 2, 5][:rank], "mode": mode}] if mode != "area" else [[7, 2, 5][:rank], None, mode], x)
            c.layer("Upsample", f"{mode}-{rank}-factor", [{"scaleFactor": 1.7, "mode": mode}], x)
            c.layer("Upsample", f"{mode}-{rank}-recomputed", [{"scaleFactor": [0.6, 2.3, 1.2][:rank], "mode": mode, "recomputeScaleFactor": True}], x)
            if mode in ("linear", "bilinear", "bicubic", "trilinear"):
                c.layer("Upsample", f"{mode}-{rank}-corners", [{"scaleFactor": 2.5, "mode": mode, "alignCorners": True}], x)
    c.function("upsample", "positional", ["$x", None, 1.5, "bilinear", True], {"x": real(1, 2, 3, 4)})
    c.function("upsample", "size", ["$x", [5]], {"x": real(1, 2, 3)})
    c.function("upsampleNearest", "factor", ["$x", None, 2], {"x": real(1, 2, 3, 2)})
    c.function("upsampleBilinear", "size", ["$x", [5, 3]], {"x": real(1, 2, 3, 2)})
    c.function("convTbc", "plain", ["$x", "$w", "$b"], {"x": real(5, 2, 3), "w": real(2, 3, 4), "b": real(4)})
    c.function("convTbc", "padded", ["$x", "$w", "$b", 2], {"x": real(4, 1, 3), "w": real(3, 3, 2), "b": real(2)}, order=2)
    c.layer("UpsamplingNearest2d", "size", [{"size": [5, 4]}], [real(1, 1, 3, 3)])
    c.layer("UpsamplingBilinear2d", "factor", [{"scaleFactor": 1.5}], [real(1, 1, 3, 3)])
    c.layer("PixelShuffle", "unbatched", [2], [real(8, 2, 3)])
    c.layer("PixelUnshuffle", "batches", [2], [real(2, 1, 2, 4, 6)])
    c.layer("ChannelShuffle", "three", [3], [real(2, 6, 2)])
    c.layer("Flatten", "range", [2, 3], [real(2, 2, 3, 2, 2)])
    c.layer("Unflatten", "negative", [-1, [2, -1]], [real(3, 6)])
    c.layer("GLU", "first", [0], [real(4, 3)])
    c.layer("Softmax2d", "unbatched", [], [real(3, 2, 2)])
    c.layer("Softmin", "dim", [0], [real(3, 2)])
    c.layer("PReLU", "channels", [3, {"init": 0.1}], [real(2, 3, 4)])
    c.layer("PReLU", "one-dimension", [], [real(4)])
    c.layer("RReLU", "train", [0.1, 0.4], [real(4, 3)], seed=1)
    c.layer("RReLU", "eval", [{"lower": 0.1, "upper": 0.4}], [real(4, 3)], mode="eval")
    c.layer("Threshold", "values", [0.2, -3], [real(6)])
    c.layer("Hardtanh", "bounds", [-0.5, 0.25], [real(6)])
    c.layer("Softplus", "threshold", [2, 3], {"x": {"fill": [-5, -1, 0, 1, 1.4, 1.6, 30]}})
    c.layer("CELU", "alpha", [0.5], [real(6)])
    c.layer("ELU", "alpha", [{"alpha": 2}], [real(6)])
    c.layer("GELU", "tanh", [{"approximate": "tanh"}], [real(6)])
    c.layer("CosineSimilarity", "broadcast", [{"dim": 0, "eps": 0.1}], [real(3, 2), real(3, 1)])
    c.layer("PairwiseDistance", "keepdim", [3, 0.1, True], [real(3, 2), real(3, 2)])
    for name in ("Dropout1d", "Dropout2d", "Dropout3d"):
        rank = int(name[-2])
        c.layer(name, "unbatched", [0.5], [real(4, *(3, 2, 2)[:rank])], seed=4)
    c.layer("AlphaDropout", "train", [0.4], [real(4, 3)], seed=5)
    c.layer("FeatureAlphaDropout", "train", [0.4], [real(2, 4, 3)], seed=5)
    c.layer("Dropout", "one", [1], [real(4)], seed=5)
    for rank in (1, 2, 3):
        size = (4, 3, 3)[:rank]
        pad = [2, 1, 0, 2, 1, 1][: 2 * rank]
        for kind in ("Reflection", "Replication", "Circular", "Zero"):
            c.layer(f"{kind}Pad{rank}d", "uneven", [pad], [real(1, 2, *size)])
            c.layer(f"{kind}Pad{rank}d", "unbatched", [1], [real(2, *size)])
        c.layer(f"ConstantPad{rank}d", "negative", [[-1, 1, *([0, -1] if rank > 1 else []), *([1, -1] if rank > 2 else [])], 1.5], [real(2, *size)])
