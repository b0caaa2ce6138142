"""Random masks of tensors that do not lie row by row in PyTorch's memory."""

from _layers import Cases, real


def cases():
    found = Cases()
    for seed in range(3):
        for variant, options in (("batchFirst", {"batchFirst": True}), ("normFirst", {"batchFirst": True, "normFirst": True}), ("time-first", {})):
            found.layer("TransformerEncoderLayer", f"{variant}-{seed}", [4, 2, {"dimFeedforward": 6, "dropout": 0.3, **options}], [real(2, 5, 4)], seed=seed)
            found.layer("TransformerDecoderLayer", f"{variant}-{seed}", [4, 2, {"dimFeedforward": 6, "dropout": 0.3, **options}], [real(2, 5, 4), real(2, 5, 4)], seed=seed)
        found.layer("Transformer", f"batchFirst-{seed}", [{"dModel": 4, "nhead": 2, "numEncoderLayers": 1, "numDecoderLayers": 1, "dimFeedforward": 6, "dropout": 0.2, "batchFirst": True}], [real(2, 3, 4), real(2, 5, 4)], seed=seed)
        found.layer("Sequential", f"unbatched-{seed}", [{"layer": "TransformerEncoderLayer", "args": [4, 2, {"dimFeedforward": 6, "dropout": 0.3, "batchFirst": True}]}], [real(5, 4)], seed=seed)
    return found
