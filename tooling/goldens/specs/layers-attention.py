"""Attention and transformers."""

from _layers import Cases, flags, real

CAUSAL = {"fill": [[0, "-inf", "-inf", "-inf"], [0, 0, "-inf", "-inf"], [0, 0, 0, "-inf"], [0, 0, 0, 0]], "requiresGrad": False}
BLOCKED = {"fill": [[0, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1], [0, 0, 0, 0]], "dtype": "bool"}
PADDED = {"fill": [[0, 0, 0, 1], [0, 0, 1, 1]], "dtype": "bool"}


def cases():
    c = Cases()
    name = "MultiheadAttention"
    own = {"q": real(4, 2, 6), "k": real(4, 2, 6), "v": real(4, 2, 6)}
    c.layer(name, "plain", [6, 2], own)
    c.layer(name, "self", [6, 2], {"x": real(4, 2, 6)}, forward=["$x", "$x", "$x"])
    c.layer(name, "one-head", [4, 1], {"x": real(3, 2, 4)}, forward=["$x", "$x", "$x"])
    c.layer(name, "many-heads", [6, 6], {"x": real(3, 2, 6)}, forward=["$x", "$x", "$x"], seed=1)
    c.layer(name, "batchFirst", [6, 3, {"batchFirst": True}], {"x": real(2, 4, 6)}, forward=["$x", "$x", "$x"])
    c.layer(name, "cross", [6, 2], {"q": real(3, 2, 6), "k": real(5, 2, 6), "v": real(5, 2, 6)})
    c.layer(name, "no-weights", [6, 2], own, forward=["$q", "$k", "$v", {"needWeights": False}])
    c.layer(name, "weights-per-head", [6, 2], own, forward=["$q", "$k", "$v", {"averageAttnWeights": False}])
    c.layer(name, "no-bias", [6, 2, {"bias": False}], own)
    c.layer(name, "kdim-vdim", [6, 2, {"kdim": 3, "vdim": 5}], {"q": real(3, 2, 6), "k": real(4, 2, 3), "v": real(4, 2, 5)})
    c.layer(name, "addBiasKv", [6, 2, {"addBiasKv": True}], own)
    c.layer(name, "addZeroAttn", [6, 2, {"addZeroAttn": True}], own)
    c.layer(name, "mask-float", [6, 2], {**own, "m": CAUSAL}, forward=["$q", "$k", "$v", {"attnMask": "$m"}])
    c.layer(name, "mask-bool", [6, 2], {**own, "m": BLOCKED}, forward=["$q", "$k", "$v", {"attnMask": "$m"}])
    c.layer(name, "mask-3d", [6, 2], {**own, "m": real(4, 4, 4, requiresGrad=False)}, forward=["$q", "$k", "$v", {"attnMask": "$m"}])
    c.layer(name, "causal", [6, 2], {**own, "m": BLOCKED}, forward=["$q", "$k", "$v", {"attnMask": "$m", "isCausal": True, "needWeights": False}])
    c.layer(name, "keyPaddingMask", [6, 2], {**own, "p": PADDED}, forward=["$q", "$k", "$v", {"keyPaddingMask": "$p"}])
    c.layer(name, "both-masks", [6, 2], {**own, "p": PADDED, "m": BLOCKED}, forward=["$q", "$k", "$v", {"keyPaddingMask": "$p", "attnMask": "$m"}])
    c.layer(name, "bias-kv-masks", [6, 2, {"addBiasKv": True, "addZeroAttn": True}], {**own, "p": PADDED, "m": BLOCKED}, forward=["$q", "$k", "$v", {"keyPaddingMask": "$p", "attnMask": "$m"}])
    c.layer(name, "unbatched", [6, 2], {"q": real(3, 6), "k": real(4, 6), "v": real(4, 6)})
    c.layer(name, "dropout-eval", [6, 2, {"dropout": 0.5}], own, mode="eval")
    c.layer(name, "error-heads", [5, 2], own, error="embed_dim must be divisible by num_heads")
    c.layer(name, "float64", [4, 2], {"x": real(3, 2, 4, dtype="float64")}, forward=["$x", "$x", "$x"], dtype="float64")

    encoder = "TransformerEncoderLayer"
    still = {"dimFeedforward": 8, "dropout": 0}
    x = {"x": real(4, 2, 6)}
    c.layer(encoder, "plain", [6, 2, still], x)
    c.layer(encoder, "gelu", [6, 2, {**still, "activation": "gelu"}], x)
    c.layer(encoder, "function", [6, 2, {**still, "activation": {"function": "F.gelu"}}], x)
    c.layer(encoder, "normFirst", [6, 2, {**still, "normFirst": True}], x, seed=1)
    c.layer(encoder, "batchFirst", [6, 2, {**still, "batchFirst": True}], {"x": real(2, 4, 6)})
    c.layer(encoder, "eps-no-bias", [6, 2, {**still, "layerNormEps": 0.1, "bias": False}], x)
    c.layer(encoder, "mask", [6, 2, still], {**x, "m": CAUSAL}, forward=["$x", {"srcMask": "$m"}])
    c.layer(encoder, "padding", [6, 2, still], {**x, "p": PADDED}, forward=["$x", {"srcKeyPaddingMask": "$p"}])
    c.layer(encoder, "masks", [6, 2, still], {**x, "p": PADDED, "m": BLOCKED}, forward=["$x", {"srcKeyPaddingMask": "$p", "srcMask": "$m"}])
    c.layer(encoder, "causal", [6, 2, still], {**x, "m": BLOCKED}, forward=["$x", {"srcMask": "$m", "isCausal": True}])
    c.layer(encoder, "eval", [6, 2, {"dimFeedforward": 8, "dropout": 0.3}], x, mode="eval")
    c.layer(encoder, "unbatched", [6, 2, still], {"x": real(4, 6)})
    c.layer(encoder, "repr-default", [8, 2], [], forward=None)

    decoder = "TransformerDecoderLayer"
    both = {"x": real(4, 2, 6), "m": real(3, 2, 6)}
    c.layer(decoder, "plain", [6, 2, still], both)
    c.layer(decoder, "normFirst-gelu", [6, 2, {**still, "normFirst": True, "activation": "gelu"}], both)
    c.layer(decoder, "batchFirst", [6, 2, {**still, "batchFirst": True}], {"x": real(2, 4, 6), "m": real(2, 3, 6)})
    c.layer(decoder, "masks", [6, 2, still], {**both, "t": BLOCKED, "p": PADDED}, forward=["$x", "$m", {"tgtMask": "$t", "tgtKeyPaddingMask": "$p"}])
    c.layer(decoder, "memory-masks", [6, 2, still], {**both, "k": {"fill": [[0, 0, 1], [0, 0, 0]], "dtype": "bool"}}, forward=["$x", "$m", {"memoryKeyPaddingMask": "$k"}])
    c.layer(decoder, "causal", [6, 2, still], {**both, "t": CAUSAL}, forward=["$x", "$m", {"tgtMask": "$t", "tgtIsCausal": True}])
    c.layer(decoder, "unbatched", [6, 2, still], {"x": real(4, 6), "m": real(3, 6)})
    c.layer(decoder, "eval", [6, 2, {"dimFeedforward": 8}], both, mode="eval")

    layer = {"layer": encoder, "args": [4, 2, {"dimFeedforward": 6, "dropout": 0}]}
    x = {"x": real(4, 2, 4)}
    c.layer("TransformerEncoder", "two", [layer, 2], x)
    c.layer("TransformerEncoder", "norm", [layer, 2, {"norm": {"layer": "LayerNorm", "args": [4]}}], x)
    c.layer("TransformerEncoder", "masks", [layer, 1], {**x, "m": BLOCKED, "p": PADDED}, forward=["$x", {"mask": "$m", "srcKeyPaddingMask": "$p"}])
    layer = {"layer": decoder, "args": [4, 2, {"dimFeedforward": 6, "dropout": 0}]}
    both = {"x": real(4, 2, 4), "m": real(3, 2, 4)}
    c.layer("TransformerDecoder", "two", [layer, 2], both)
    c.layer("TransformerDecoder", "norm-masks", [layer, 2, {"norm": {"layer": "LayerNorm", "args": [4]}}], {**both, "t": BLOCKED, "p": PADDED}, forward=["$x", "$m", {"tgtMask": "$t", "tgtKeyPaddingMask": "$p"}])
    small = {"dModel": 4, "nhead": 2, "numEncoderLayers": 1, "numDecoderLayers": 2, "dimFeedforward": 6, "dropout": 0}
    both = {"s": real(3, 2, 4), "t": real(4, 2, 4)}
    c.layer("Transformer", "plain", [small], both)
    c.layer("Transformer", "batchFirst-normFirst", [{**small, "batchFirst": True, "normFirst": True, "activation": "gelu"}], {"s": real(2, 3, 4), "t": real(2, 4, 4)}, seed=1)
    c.layer("Transformer", "mask", [small], {**both, "m": BLOCKED}, forward=["$s", "$t", {"tgtMask": "$m"}])
    c.layer("Transformer", "paddings", [small], {**both, "p": PADDED, "k": {"fill": [[0, 0, 1], [0, 0, 0]], "dtype": "bool"}}, forward=["$s", "$t", {"tgtKeyPaddingMask": "$p", "srcKeyPaddingMask": "$k", "memoryKeyPaddingMask": "$k"}])
    c.layer("Transformer", "no-bias", [{**small, "bias": False}], both)

    sdpa = "scaledDotProductAttention"
    qkv = {"q": real(2, 2, 4, 3), "k": real(2, 2, 4, 3), "v": real(2, 2, 4, 5)}
    c.function(sdpa, "plain", ["$q", "$k", "$v"], qkv, order=2)
    c.function(sdpa, "causal", ["$q", "$k", "$v", {"isCausal": True}], qkv)
    c.function(sdpa, "scale", ["$q", "$k", "$v", {"scale": 0.3}], qkv)
    c.function(sdpa, "mask-float", ["$q", "$k", "$v", {"attnMask": "$m"}], {**qkv, "m": real(4, 4)})
    c.function(sdpa, "mask-bool", ["$q", "$k", "$v", {"attnMask": "$m"}], {**qkv, "m": {"fill": [[1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 0], [1, 1, 1, 1]], "dtype": "bool"}})
    c.function(sdpa, "mask-broadcast", ["$q", "$k", "$v", {"attnMask": "$m"}], {**qkv, "m": real(2, 1, 1, 4, requiresGrad=False)})
    c.function(sdpa, "rank3", ["$q", "$k", "$v"], {"q": real(2, 3, 4), "k": real(2, 5, 4), "v": real(2, 5, 4)})
    c.function(sdpa, "rank2", ["$q", "$k", "$v"], {"q": real(3, 4), "k": real(5, 4), "v": real(5, 4)})
    c.function(sdpa, "causal-rectangular", ["$q", "$k", "$v", {"isCausal": True}], {"q": real(1, 3, 4), "k": real(1, 5, 4), "v": real(1, 5, 4)})
    c.function(sdpa, "grouped", ["$q", "$k", "$v", {"enableGqa": True}], {"q": real(1, 4, 3, 2), "k": real(1, 2, 3, 2), "v": real(1, 2, 3, 2)})
    c.call("generateSquareSubsequentMask", "nn.Transformer.generateSquareSubsequentMask", [3])
    return c
