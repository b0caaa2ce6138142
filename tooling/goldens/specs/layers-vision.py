"""Resampling, shuffling, folding, sampling."""

from _layers import Cases, real


def cases():
    c = Cases()
    c.layer("PixelShuffle", "2", [2], [real(1, 8, 2, 3)], order=2)
    c.layer("PixelShuffle", "3", [3], [real(2, 9, 2, 1)])
    c.layer("PixelShuffle", "unbatched", [2], [real(4, 2, 3)])
    c.layer("PixelShuffle", "error", [2], [real(1, 3, 2, 2)], error="divisible by the square of upscale_factor")
    c.layer("PixelUnshuffle", "2", [2], [real(1, 2, 4, 6)])
    c.layer("PixelUnshuffle", "3", [3], [real(2, 1, 3, 6)])
    c.layer("ChannelShuffle", "2", [2], [real(1, 4, 2, 3)])
    c.layer("ChannelShuffle", "3", [3], [real(2, 6, 2, 2)])
    c.function("pixelShuffle", "2", ["$x", 2], {"x": real(1, 4, 2, 2)})
    c.function("pixelUnshuffle", "2", ["$x", 2], {"x": real(1, 1, 4, 2)})
    c.function("channelShuffle", "2", ["$x", 2], {"x": real(1, 4, 2, 2)})

    c.layer("Unfold", "2", [2], [real(2, 3, 4, 5)])
    c.layer("Unfold", "all", [[2, 3], {"dilation": 2, "padding": [1, 2], "stride": [1, 2]}], [real(1, 2, 5, 6)], order=2)
    c.layer("Unfold", "unbatched", [2, {"stride": 2}], [real(3, 4, 6)])
    c.layer("Fold", "2", [[4, 5], 2], [real(2, 12, 12)])
    c.layer("Fold", "all", [[5, 6], [2, 3], {"dilation": 2, "padding": [1, 2], "stride": [1, 2]}], [real(1, 12, 15)])
    c.layer("Fold", "unbatched", [[4, 6], 2, {"stride": 2}], [real(12, 6)])
    c.layer("Fold", "error", [[4, 5], 2], [real(2, 12, 10)], error="Given output_size=(4, 5), kernel_size=(2, 2), dilation=(1, 1), padding=(0, 0), stride=(1, 1), expected size of input's dimension 2 to match the calculated number of sliding blocks", torchError="expected size of input's dimension 2 to match the calculated number of sliding blocks")
    c.function("unfold", "2", ["$x", 2], {"x": real(1, 2, 3, 4)})
    c.function("unfold", "options", ["$x", [3, 2], {"padding": 1, "stride": 2}], {"x": real(1, 2, 5, 4)})
    c.function("fold", "2", ["$x", [3, 4], 2], {"x": real(1, 8, 6)})
    c.function("fold", "options", ["$x", [4, 4], 2, {"stride": 2}], {"x": real(1, 8, 4)})

    images = {"nearest": [1, 2, 3, 4], "bilinear": [1, 2, 3, 4], "bicubic": [1, 2, 4, 5], "area": [1, 2, 5, 4], "nearest-exact": [1, 2, 3, 4]}
    for mode, shape in images.items():
        x = [real(*shape)]
        c.layer("Upsample", f"{mode}-2", [{"scaleFactor": 2, "mode": mode}] if mode != "area" else [{"scaleFactor": 2, "mode": "nearest"}], x)
        c.function("interpolate", f"{mode}-size", ["$x", {"size": [5, 7], "mode": mode}], {"x": real(*shape)})
        c.function("interpolate", f"{mode}-smaller", ["$x", {"size": [2, 3], "mode": mode}], {"x": real(*shape)})
        c.function("interpolate", f"{mode}-scale", ["$x", {"scaleFactor": 2, "mode": mode}], {"x": real(*shape)})
        c.function("interpolate", f"{mode}-scale-pair", ["$x", {"scaleFactor": [1.5, 2], "mode": mode}], {"x": real(*shape)})
        c.function("interpolate", f"{mode}-scale-fraction", ["$x", {"scaleFactor": 0.6, "mode": mode}], {"x": real(1, 2, 5, 7)})
        if mode in ("bilinear", "bicubic"):
            c.function("interpolate", f"{mode}-align", ["$x", {"size": [5, 7], "mode": mode, "alignCorners": True}], {"x": real(*shape)}, order=2)
            c.function("interpolate", f"{mode}-align-scale", ["$x", {"scaleFactor": 2, "mode": mode, "alignCorners": True}], {"x": real(*shape)})
            c.function("interpolate", f"{mode}-recompute", ["$x", {"scaleFactor": 1.7, "mode": mode, "recomputeScaleFactor": True}], {"x": real(*shape)})
            c.function("interpolate", f"{mode}-antialias", ["$x", {"size": [2, 3], "mode": mode, "antialias": True}], {"x": real(1, 1, 6, 7)})
    c.function("interpolate", "linear-size", ["$x", {"size": 7, "mode": "linear"}], {"x": real(2, 2, 4)})
    c.function("interpolate", "linear-align", ["$x", {"size": 7, "mode": "linear", "alignCorners": True}], {"x": real(2, 2, 4)})
    c.function("interpolate", "nearest-1d", ["$x", {"scaleFactor": 3}], {"x": real(2, 2, 4)})
    c.function("interpolate", "nearest-3d", ["$x", {"scaleFactor": 2}], {"x": real(1, 1, 2, 3, 2)})
    c.function("interpolate", "trilinear", ["$x", {"size": [3, 4, 5], "mode": "trilinear"}], {"x": real(1, 1, 2, 3, 3)})
    c.function("interpolate", "trilinear-align", ["$x", {"scaleFactor": 2, "mode": "trilinear", "alignCorners": True}], {"x": real(1, 1, 2, 3, 3)})
    c.function("interpolate", "area-1d", ["$x", {"size": 3, "mode": "area"}], {"x": real(2, 2, 7)})
    c.function("interpolate", "area-3d", ["$x", {"size": 2, "mode": "area"}], {"x": real(1, 1, 3, 4, 5)})
    c.function("interpolate", "same-size", ["$x", {"size": [3, 4], "mode": "bilinear"}], {"x": real(1, 2, 3, 4)})
    c.function("interpolate", "error-both", ["$x", {"size": 4, "scaleFactor": 2}], {"x": real(1, 1, 3, 3)}, error="only one of size or scale_factor should be defined")
    c.function("interpolate", "error-none", ["$x"], {"x": real(1, 1, 3, 3)}, error="either size or scale_factor should be defined")
    c.layer("Upsample", "size", [[5, 4]], [real(1, 2, 3, 2)])
    c.layer("Upsample", "size-bilinear-align", [{"size": [5, 4], "mode": "bilinear", "alignCorners": True}], [real(1, 2, 3, 2)])
    c.layer("Upsample", "linear", [{"scaleFactor": 2, "mode": "linear"}], [real(1, 2, 4)])
    c.layer("UpsamplingNearest2d", "2", [{"scaleFactor": 2}], [real(1, 2, 3, 2)])
    c.layer("UpsamplingBilinear2d", "2", [{"scaleFactor": 2}], [real(1, 2, 3, 2)])
    c.layer("UpsamplingBilinear2d", "size", [{"size": [4, 5]}], [real(1, 2, 3, 2)])

    theta = {"shape": [2, 2, 3], "fill": "uniform:-1:1"}
    for align in (False, True):
        c.function("affineGrid", f"2d-{align}", ["$t", [2, 1, 3, 4], {"alignCorners": align}], {"t": theta})
    c.function("affineGrid", "3d", ["$t", [1, 1, 2, 3, 2]], {"t": {"shape": [1, 3, 4], "fill": "uniform:-1:1"}})
    grid = {"shape": [2, 3, 2, 2], "fill": "uniform:-1.3:1.3"}
    for mode in ("bilinear", "nearest", "bicubic"):
        for padding in ("zeros", "border", "reflection"):
            for align in (False, True):
                c.function("gridSample", f"{mode}-{padding}-{align}", ["$x", "$g", {"mode": mode, "paddingMode": padding, "alignCorners": align}], {"x": real(2, 2, 4, 3), "g": grid})
    c.function("gridSample", "3d", ["$x", "$g"], {"x": real(1, 2, 3, 2, 3), "g": {"shape": [1, 2, 2, 1, 3], "fill": "uniform:-1.2:1.2"}})
    return c
