"""Layers for sequences and tables: recurrent ones, attention, embeddings, linear ones."""

from draw import call, integers, layer, real
from family import Family

sequence = Family("sequence")


@sequence.operation("RNN", "LSTM", "GRU", times=4)
def recurrent(d, name):
    features, hidden = d.whole(1, 4), d.whole(2, 4)
    options = d.options(numLayers=2, bias=False, batchFirst=True, bidirectional=True)
    if name == "LSTM" and hidden > 2 and d.chance(0.4):
        options["projSize"] = 2
    if name == "RNN" and d.chance(0.4):
        options["nonlinearity"] = "relu"
    return layer(name, [features, hidden, options], [real([3, 2, features] if d.chance(0.8) else [4, features])])


@sequence.operation("RNNCell", "LSTMCell", "GRUCell")
def cell(d, name):
    return layer(name, [3, 4, d.options(bias=False)], [real(d.pick([2, 3], [3]))], order=d.order())


@sequence.operation("MultiheadAttention", times=3)
def attention(d, name):
    options = d.options(bias=False, addBiasKv=True, addZeroAttn=True, batchFirst=True)
    query, keys = (real([3, 2, 4]), real([3, 2, 4])) if options.get("batchFirst") or d.chance(0.5) else (real([3, 2, 4]), real([5, 2, 4]))
    return layer(name, [4, d.pick(1, 2, 4), options], [query, keys, dict(keys)], mode=d.pick("train", "eval"))


@sequence.operation("TransformerEncoderLayer", "TransformerDecoderLayer", times=2)
def transformer_layer(d, name):
    options = {"dimFeedforward": 6, "dropout": 0, **d.options(activation=d.pick("relu", "gelu"), normFirst=True, batchFirst=True, bias=False, layerNormEps=1e-4)}
    inputs = [real([3, 2, 8])] * (1 if "Encoder" in name else 2)
    return layer(name, [8, 2, options], inputs, mode=d.pick("train", "eval"))


@sequence.operation("Transformer")
def transformer(d, name):
    options = {"numEncoderLayers": 1, "numDecoderLayers": 1, "dimFeedforward": 6, "dropout": 0, **d.options(normFirst=True, batchFirst=True)}
    return layer(name, [8, 2, options], [real([3, 2, 8]), real([4, 2, 8]) if not options.get("batchFirst") else real([3, 4, 8])], mode=d.pick("train", "eval"))


@sequence.operation("TransformerEncoder", "TransformerDecoder")
def transformer_stack(d, name):
    inner = {"layer": f"{name}Layer", "args": [8, 2, {"dimFeedforward": 6, "dropout": 0}]}
    inputs = [real([3, 2, 8])] * (1 if name == "TransformerEncoder" else 2)
    return layer(name, [inner, d.whole(1, 2), *([{"enableNestedTensor": False}] if name == "TransformerEncoder" else [])], inputs)


@sequence.operation("F.scaledDotProductAttention", times=3)
def scaled_dot_product(d, name):
    grouped = d.chance(0.2)
    heads = 2 if grouped else 4
    options = {**d.pick({}, {"isCausal": True}, {"attnMask": "$m"}), **d.options(scale=0.3), **({"enableGqa": True} if grouped else {})}
    inputs = {"q": real([2, 4, 3, 4]), "k": real([2, heads, 5, 4]), "v": real([2, heads, 5, 4]), "m": real([3, 5])}
    return call(name, ["$q", "$k", "$v", options], inputs)


@sequence.operation("Embedding", times=2)
def embedding(d, name):
    options = d.options(paddingIdx=d.pick(1, -1), maxNorm=0.8, normType=d.pick(1, 2, 3), scaleGradByFreq=True)
    return layer(name, [6, 3, options], [integers(d.shape(ranks=(0, 3)), 0, 6)])


@sequence.operation("EmbeddingBag", times=2)
def embedding_bag(d, name):
    return layer(name, [6, 3, d.options(mode=d.pick("sum", "mean", "max"), paddingIdx=2, maxNorm=0.8)], [integers([3, 4], 0, 6)])


@sequence.operation("Linear", "Bilinear", "Identity", times=2)
def linear(d, name):
    if name == "Bilinear":
        return layer(name, [3, 2, 4, d.options(bias=False)], [real([2, 3]), real([2, 2])], order=2)
    return layer(name, [3, 4, *d.trailing(bias=False)] if name == "Linear" else [], [real([*d.shape(ranks=(0, 3)), 3])], order=2)


@sequence.operation("CosineSimilarity", "PairwiseDistance")
def similarity(d, name):
    options = d.options(dim=d.pick(0, 1, -1), eps=1e-6) if name == "CosineSimilarity" else d.options(p=d.pick(1, 2, 3), eps=1e-4, keepdim=True)
    return layer(name, [options], [real([4, 5]), real([4, 5])], order=d.order() if name == "CosineSimilarity" else 1)


@sequence.operation("Flatten", "Unflatten")
def shape(d, name):
    if name == "Unflatten":
        return layer(name, [1, [2, 3]], [real([2, 6, 2])])
    return layer(name, d.trailing(startDim=d.pick(0, 1, 2), endDim=d.pick(-1, 2)), [real([2, 3, 2, 2])])


@sequence.operation("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout", times=2)
def dropout(d, name):
    ranks = {"Dropout1d": 3, "Dropout2d": 4, "Dropout3d": 5, "FeatureAlphaDropout": 4}
    return layer(name, [d.pick(0.1, 0.3, 0.5)], [real(d.shape(ranks.get(name, d.whole(1, 4)), 2, 5))], mode=d.pick("train", "train", "eval"), calls=d.pick(1, 2))
