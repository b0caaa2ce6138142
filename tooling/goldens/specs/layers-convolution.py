"""Convolutions and transposed convolutions in one, two and three dimensions."""

from _layers import Cases, real


def cases():
    c = Cases()
    # kernel, options, input size
    sizes = {1: [7], 2: [6, 5], 3: [4, 5, 3]}
    for rank in (1, 2, 3):
        name = f"Conv{rank}d"
        size = sizes[rank]
        x = [real(2, 2, *size)]
        c.layer(name, "plain", [2, 3, 3], x, order=2 if rank < 3 else 1)
        c.layer(name, "kernel1", [2, 4, 1], x)
        c.layer(name, "kernel2-no-bias", [2, 3, 2, {"bias": False}], x)
        c.layer(name, "stride2", [2, 3, 3, {"stride": 2}], x)
        c.layer(name, "padding1", [2, 3, 3, {"padding": 1}], x)
        c.layer(name, "stride2-padding2", [2, 3, 3, {"stride": 2, "padding": 2}], x)
        c.layer(name, "stride3-kernel2", [2, 3, 2, {"stride": 3}], x)
        c.layer(name, "dilation2", [2, 3, 2, {"dilation": 2}], x)
        c.layer(name, "dilation2-padding2-stride2", [2, 2, 3, {"dilation": 2, "padding": 2, "stride": 2}], x)
        c.layer(name, "same", [2, 3, 3, {"padding": "same"}], x)
        c.layer(name, "same-even-kernel", [2, 3, 2, {"padding": "same"}], x)
        c.layer(name, "same-dilated", [2, 3, 3, {"padding": "same", "dilation": 2}], x)
        c.layer(name, "valid", [2, 3, 3, {"padding": "valid"}], x)
        c.layer(name, "unbatched", [2, 3, 3, {"padding": 1}], [real(2, *size)])
        c.layer(name, "depthwise", [2, 4, 3, {"groups": 2, "padding": 1}], x, seed=3)
        c.layer(name, "groups", [4, 6, 3, {"groups": 2}], [real(2, 4, *size)])
        for mode in ("zeros", "reflect", "replicate", "circular"):
            c.layer(name, f"{mode}", [2, 3, 3, {"padding": 1, "paddingMode": mode}], x)
        c.layer(name, "same-reflect", [2, 2, 3, {"padding": "same", "paddingMode": "reflect"}], x)
        c.layer(name, "no-groups-channels-1", [1, 1, 3], [real(1, 1, *size)])
        c.layer(name, "float64", [2, 3, 3], [real(2, 2, *size, dtype="float64")], dtype="float64")
        c.layer(name, "repr-all", [4, 6, 3, {"stride": 2, "padding": 1, "dilation": 2, "groups": 2, "bias": False, "paddingMode": "circular"}], [], forward=None)
    c.layer("Conv2d", "tuple", [2, 3, [3, 2], {"stride": [2, 1], "padding": [0, 1], "dilation": [1, 2]}], [real(2, 2, 7, 6)])
    c.layer("Conv2d", "tuple-reflect", [2, 3, [3, 2], {"padding": [2, 1], "paddingMode": "reflect"}], [real(2, 2, 5, 4)])
    c.layer("Conv2d", "kernel5", [1, 2, 5, {"padding": 2}], [real(1, 1, 8, 8)])
    c.layer("Conv2d", "kernel-larger-than-half", [1, 2, 4], [real(2, 1, 5, 4)])
    c.layer("Conv2d", "whole-input", [2, 3, [4, 5]], [real(2, 2, 4, 5)])
    c.layer("Conv2d", "lenet-first", [1, 6, 5, {"padding": 2}], [real(1, 1, 12, 12)], seed=1)
    c.layer("Conv2d", "empty-batch", [2, 3, 3], [real(0, 2, 6, 5)])
    c.layer("Conv1d", "list-kernel", [2, 3, [3], {"stride": [2], "padding": [1]}], [real(2, 2, 9)])
    c.layer("Conv3d", "tuple", [1, 2, [2, 3, 1], {"stride": [1, 2, 1], "padding": [1, 0, 0]}], [real(2, 1, 4, 5, 3)])
    c.layer("Conv2d", "error-channels", [2, 3, 3], [real(2, 4, 6, 6)], error="expected input[2, 4, 6, 6] to have 2 channels, but got 4 channels instead")
    c.layer("Conv2d", "error-too-small", [2, 3, 5], [real(2, 2, 4, 6)], error="Kernel size can't be greater than actual input size")
    c.layer("Conv2d", "error-rank", [2, 3, 3], [real(2, 6)], error="to conv2d, but got input of size: [2, 6]")
    c.layer("Conv2d", "error-groups-in", [3, 4, 3, {"groups": 2}], [real(1, 3, 5, 5)], error="in_channels must be divisible by groups")
    c.layer("Conv2d", "error-groups-out", [4, 3, 3, {"groups": 2}], [real(1, 4, 5, 5)], error="out_channels must be divisible by groups")
    c.layer("Conv2d", "error-same-stride", [2, 3, 3, {"padding": "same", "stride": 2}], [real(1, 2, 5, 5)], error="padding='same' is not supported for strided convolutions")

    sizes = {1: [5], 2: [4, 3], 3: [3, 2, 3]}
    for rank in (1, 2, 3):
        name = f"ConvTranspose{rank}d"
        size = sizes[rank]
        x = [real(2, 2, *size)]
        c.layer(name, "plain", [2, 3, 3], x, order=2 if rank < 3 else 1)
        c.layer(name, "kernel1", [2, 3, 1], x)
        c.layer(name, "no-bias", [2, 3, 2, {"bias": False}], x)
        c.layer(name, "stride2", [2, 3, 3, {"stride": 2}], x)
        c.layer(name, "stride2-kernel2", [2, 3, 2, {"stride": 2}], x)
        c.layer(name, "stride3-kernel2", [2, 2, 2, {"stride": 3}], x)
        c.layer(name, "padding1", [2, 3, 3, {"padding": 1}], x)
        c.layer(name, "stride2-padding1-output1", [2, 3, 3, {"stride": 2, "padding": 1, "outputPadding": 1}], x)
        c.layer(name, "dilation2", [2, 3, 2, {"dilation": 2}], x)
        c.layer(name, "dilation2-stride2-padding1", [2, 2, 3, {"dilation": 2, "stride": 2, "padding": 1, "outputPadding": 1}], x)
        c.layer(name, "groups", [4, 6, 3, {"groups": 2}], [real(2, 4, *size)])
        c.layer(name, "depthwise", [3, 3, 3, {"groups": 3, "stride": 2}], [real(1, 3, *size)])
        c.layer(name, "unbatched", [2, 3, 3, {"stride": 2}], [real(2, *size)])
        grown = [2 * extent + 2 for extent in size]
        c.layer(name, "outputSize", [2, 3, 3, {"stride": 2}], {"x": real(2, 2, *size)}, forward=["$x", {"outputSize": grown}])
        c.layer(name, "repr-all", [4, 6, 3, {"stride": 2, "padding": 1, "outputPadding": 1, "dilation": 2, "groups": 2, "bias": False}], [], forward=None)
    c.layer("ConvTranspose2d", "tuple", [2, 3, [3, 2], {"stride": [2, 1], "padding": [0, 1], "outputPadding": [1, 0]}], [real(2, 2, 3, 4)])
    c.layer("ConvTranspose2d", "dcgan", [4, 3, 4, {"stride": 2, "padding": 1, "bias": False}], [real(1, 4, 4, 4)], seed=7)
    c.layer("ConvTranspose2d", "error-channels", [2, 3, 3], [real(2, 4, 6, 6)], error="to have 2 channels, but got 4 channels instead")
    return c
