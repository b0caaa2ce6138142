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

    lost = {"fill": [[1, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1], [1, 1, 1, 1]], "dtype": "bool"}
    for variant, options in (("weights", {}), ("output", {"needWeights": False}), ("heads", {"averageAttnWeights": False})):
        c.layer(name, f"lost-rows-{variant}", [6, 2], {**own, "m": lost}, forward=["$q", "$k", "$v", {"attnMask": "$m", **options}])
        c.layer(name, f"lost-batch-{variant}", [6, 2], {**own, "p": {"fill": [[1, 1, 1, 1], [0, 0, 1, 0]], "dtype": "bool"}}, forward=["$q", "$k", "$v", {"keyPaddingMask": "$p", **options}])
        c.layer(name, f"lost-added-{variant}", [6, 2, {"addBiasKv": True, "addZeroAttn": True, "kdim": 3, "vdim": 5}], {"q": real(4, 2, 6), "k": real(4, 2, 3), "v": real(4, 2, 5), "m": lost}, forward=["$q", "$k", "$v", {"attnMask": "$m", **options}])
        c.layer(name, f"unbatched-masks-{variant}", [6, 2], {"q": real(3, 6), "k": real(4, 6), "v": real(4, 6), "m": real(2, 3, 4, requiresGrad=False), "p": {"fill": [0, 1, 0, 1], "dtype": "bool"}}, forward=["$q", "$k", "$v", {"attnMask": "$m", "keyPaddingMask": "$p", **options}])
        c.layer(name, f"float-padding-{variant}", [6, 3, {"batchFirst": True}], {"q": real(2, 3, 6), "k": real(2, 4, 6), "v": real(2, 4, 6), "m": real(3, 4), "p": real(2, 4)}, forward=["$q", "$k", "$v", {"attnMask": "$m", "keyPaddingMask": "$p", **options}])
        c.layer(name, f"batchFirst-kdim-{variant}", [4, 2, {"batchFirst": True, "kdim": 3, "bias": False, "addZeroAttn": True}], {"q": real(2, 3, 4), "k": real(2, 5, 3), "v": real(2, 5, 4)}, forward=["$q", "$k", "$v", options])
    c.layer(name, "causal-hint-only", [6, 2], {**own, "m": {"fill": [[0, 0, 0, 0]] * 4, "dtype": "bool"}}, forward=["$q", "$k", "$v", {"attnMask": "$m", "isCausal": True, "needWeights": False}])
    c.layer(name, "causal-hint-padded", [6, 2], {**own, "m": BLOCKED, "p": PADDED}, forward=["$q", "$k", "$v", {"attnMask": "$m", "keyPaddingMask": "$p", "isCausal": True, "needWeights": False}])
    c.layer(name, "dropout-train", [6, 2, {"dropout": 0.3}], own, seed=3)
    c.layer(name, "dropout-train-output", [6, 2, {"dropout": 0.3}], own, forward=["$q", "$k", "$v", {"needWeights": False}], seed=4)
    c.layer(name, "error-causal", [6, 2], own, forward=["$q", "$k", "$v", {"isCausal": True}], error="Need attn_mask if specifying the is_causal hint.")
    c.layer(name, "error-mask-2d", [6, 2], {**own, "m": flags(3, 4)}, forward=["$q", "$k", "$v", {"attnMask": "$m"}], error="The shape of the 2D attn_mask is torch.Size([3, 4]), but should be (4, 4).")
    c.layer(name, "error-mask-3d", [6, 2], {**own, "m": flags(2, 4, 4)}, forward=["$q", "$k", "$v", {"attnMask": "$m"}], error="The shape of the 3D attn_mask is torch.Size([2, 4, 4]), but should be (4, 4, 4).")
    c.layer(name, "error-mask-unbatched", [6, 2], {"q": real(3, 6), "k": real(4, 6), "v": real(4, 6), "m": flags(1, 3, 4)}, forward=["$q", "$k", "$v", {"attnMask": "$m"}], error="Expected `attn_mask` shape to be (2, 3, 4) but got torch.Size([1, 3, 4])")
    c.layer(name, "error-embedding", [6, 2], {"q": real(3, 1, 4), "k": real(4, 1, 4), "v": real(4, 1, 4)}, error="was expecting embedding dimension of 6, but got 4")

    def functional(variant, options, separate=False, bias=True, added=False, zero=False, **more):
        sizes = (3, 5) if separate else (6, 6)
        given = {"q": real(3, 2, 6), "k": real(4, 2, sizes[0]), "v": real(4, 2, sizes[1]), "out": real(6, 6), "outBias": real(6)}
        if separate:
            given |= {"wq": real(6, 6), "wk": real(6, 3), "wv": real(6, 5)}
            options = {"useSeparateProjWeight": True, "qProjWeight": "$wq", "kProjWeight": "$wk", "vProjWeight": "$wv", **options}
        else:
            given["w"] = real(18, 6)
        if bias:
            given["b"] = real(18)
        if added:
            given |= {"bk": real(1, 1, 6), "bv": real(1, 1, 6)}
        given |= more
        heads = ["$q", "$k", "$v", 6, 2, None if separate else "$w", "$b" if bias else None, "$bk" if added else None, "$bv" if added else None, zero, 0, "$out", "$outBias"]
        c.function("multiHeadAttentionForward", variant, [*heads, *([options] if options else [])], given)

    functional("plain", {})
    functional("no-bias", {"needWeights": False}, bias=False)
    functional("separate", {"averageAttnWeights": False}, separate=True)
    functional("added", {}, added=True, zero=True)
    functional("masks", {"attnMask": "$m", "keyPaddingMask": "$p"}, added=True, m=flags(3, 4), p={"fill": [[0, 0, 1, 0], [0, 1, 0, 0]], "dtype": "bool"})
    functional("static", {"staticK": "$sk", "staticV": "$sv"}, sk=real(4, 5, 3), sv=real(4, 5, 3))
    functional("static-padding", {"staticK": "$sk", "staticV": "$sv", "keyPaddingMask": "$p", "needWeights": False}, sk=real(4, 5, 3), sv=real(4, 5, 3), p={"fill": [[0, 0, 1, 0, 1], [0, 1, 0, 0, 0]], "dtype": "bool"})
    functional("eval", {"training": False, "needWeights": False})
    c.function("multiHeadAttentionForward", "unbatched", ["$q", "$k", "$v", 4, 2, "$w", "$b", None, None, False, 0, "$out", None, {"attnMask": "$m"}], {"q": real(3, 4), "k": real(5, 4), "v": real(5, 4), "w": real(12, 4), "b": real(12), "out": real(4, 4), "m": real(3, 5)})
    c.function("multiHeadAttentionForward", "dropout", ["$q", "$q", "$q", 4, 2, "$w", None, None, None, False, 0.4, "$out", None, True, None, False], {"q": real(3, 2, 4), "w": real(12, 4), "out": real(4, 4)}, seed=5)
    for variant, changes, text in (
        ("weight", {5: None}, "use_separate_proj_weight is False but in_proj_weight is None"),
        ("heads", {4: 5}, "embed_dim 6 not divisible by num_heads 5"),
        ("bias", {7: "$bk"}, "bias_k is set but bias_v is None"),
        ("embedding", {3: 4}, "was expecting embedding dimension of 4, but got 6"),
    ):
        heads = ["$q", "$k", "$k", 6, 2, "$w", None, None, None, False, 0, "$out", None]
        for position, value in changes.items():
            heads[position] = value
        c.function("multiHeadAttentionForward", f"error-{variant}", heads, {"q": real(3, 2, 6), "k": real(4, 2, 6), "w": real(18, 6), "bk": real(1, 1, 6), "out": real(6, 6)}, error=text)

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
    c.layer("TransformerDecoder", "two", [layer, 2], both, seed=1)
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
