"""Windows: unfolding, folding, pixel shuffling."""


def cases():
    out = []

    def add(identifier, call, args, shape, error=None, **more):
        made = {"id": identifier, "call": call, "args": args, "inputs": {"x": {"shape": list(shape)}}, **more}
        if error is not None:
            made["error"] = error
        out.append(made)

    add("unfold/overlap", "x.unfold", [0, 3, 1], (7,), order=2)
    add("unfold/step", "x.unfold", [1, 2, 2], (2, 7))
    add("unfold/gaps", "x.unfold", [-1, 2, 3], (2, 9))
    add("unfold/first", "x.unfold", [0, 2, 1], (4, 3))
    add("unfold/whole", "x.unfold", [0, 4, 1], (4, 3))
    add("unfold/patches", "x.unfold", [2, 2, 2], (1, 2, 4, 4))
    add("unfold/size", "x.unfold", [0, 3, 1], (2, 3), error="maximum size for tensor at dimension 0 is 2 but size is 3")
    add("unfold/zero-step", "x.unfold", [0, 2, 0], (2, 3), error="step is 0 but must be > 0")
    add("F.unfold", "F.unfold", ["$x", 2], (2, 3, 4, 5), order=2)
    add("F.unfold/options", "F.unfold", ["$x", [2, 3], {"dilation": [1, 2], "padding": [1, 2], "stride": 2}], (1, 2, 5, 6))
    add("F.unfold/positional", "F.unfold", ["$x", 2, 1, 1, 2], (1, 2, 4, 4))
    add("F.unfold/unbatched", "F.unfold", ["$x", 3, {"padding": 1}], (2, 4, 4))
    add("F.unfold/size", "F.unfold", ["$x", 5], (1, 4, 3, 3), error="Given input with spatial size (3, 3), kernel_size=(5, 5), dilation=(1, 1), padding=(0, 0), calculated shape of the array of sliding blocks as (-1, -1), but its components must be at least one.")
    add("F.fold", "F.fold", ["$x", [4, 5], 2], (2, 8, 12), order=2)
    add("F.fold/options", "F.fold", ["$x", [5, 6], [2, 3], {"dilation": [1, 2], "padding": [1, 2], "stride": 2}], (1, 12, 9))
    add("F.fold/unbatched", "F.fold", ["$x", 4, 2, {"stride": 2}], (4, 4))
    add("F.fold/rows", "F.fold", ["$x", 4, 2], (1, 5, 4), error="Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got input.size(1)=5 and kernel_size=(2, 2).")
    add("F.fold/blocks", "F.fold", ["$x", [4, 5], 2], (1, 4, 5), error="Given output_size=(4, 5), kernel_size=(2, 2), dilation=(1, 1), padding=(0, 0), stride=(1, 1), expected size of input's dimension 2 to match the calculated number of sliding blocks 3 * 4 = 12, but got input.size(2)=5.")
    add("F.fold/rank", "F.fold", ["$x", 4, 2], (1, 2, 3, 3), error="Expected 2D or 3D (batch mode) tensor for input")
    add("pixelShuffle", "F.pixelShuffle", ["$x", 2], (1, 8, 2, 3), order=2)
    add("pixelShuffle/unbatched", "F.pixelShuffle", ["$x", 3], (9, 2, 2))
    add("pixelShuffle/channels", "F.pixelShuffle", ["$x", 2], (1, 3, 3, 3), error="pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but input.size(-3)=3 is not divisible by 4")
    add("pixelUnshuffle", "F.pixelUnshuffle", ["$x", 2], (1, 2, 4, 6))
    add("pixelUnshuffle/height", "F.pixelUnshuffle", ["$x", 2], (1, 4, 3, 3), error="pixel_unshuffle expects height to be divisible by downscale_factor, but input.size(-2)=3 is not divisible by 2")
    add("channelShuffle", "F.channelShuffle", ["$x", 3], (1, 6, 2, 2))
    add("channelShuffle/groups", "F.channelShuffle", ["$x", 3], (1, 4, 2, 2), error="Number of channels must be divisible by groups. Got 4 channels and 3 groups.")
    return out
