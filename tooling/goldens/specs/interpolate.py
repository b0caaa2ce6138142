"""F.interpolate."""

SHAPES = {1: (2, 2, 5), 2: (1, 2, 4, 5), 3: (1, 2, 3, 4, 2)}


def cases():
    out = []

    def add(identifier, options, shape, error=None, torch_error=False, **more):
        args = ["$x", *options] if isinstance(options, list) else ["$x", options]
        made = {"id": identifier, "call": "F.interpolate", "args": args, "inputs": {"x": {"shape": list(shape)}}, **more}
        if error is not None:
            made["error"] = error
        if torch_error is not False:
            made["torchError"] = torch_error
        out.append(made)

    for mode in ("nearest", "nearest-exact", "area"):
        for rank, shape in SHAPES.items():
            add(f"{mode}/{rank}d-double", {"scaleFactor": 2, "mode": mode}, shape)
            add(f"{mode}/{rank}d-size", {"size": [7, 3, 5][:rank], "mode": mode}, shape)
        add(f"{mode}/1d-triple", {"scaleFactor": 3, "mode": mode}, SHAPES[1], order=2)
        add(f"{mode}/1d-half", {"scaleFactor": 0.5, "mode": mode}, (1, 2, 8))
        add(f"{mode}/1d-fraction", {"scaleFactor": 1.7, "mode": mode}, (1, 2, 7))
        add(f"{mode}/1d-shrink", {"scaleFactor": 0.7, "mode": mode}, (1, 2, 7))
        add(f"{mode}/1d-recompute", {"scaleFactor": 1.7, "mode": mode, "recomputeScaleFactor": True}, (1, 2, 7))
        add(f"{mode}/1d-same", {"size": 5, "mode": mode}, SHAPES[1])
    weighted = {"linear": 1, "bilinear": 2, "bicubic": 2, "trilinear": 3}
    for mode, rank in weighted.items():
        shape = SHAPES[rank]
        for align in (False, True):
            name = f"{mode}/{'corners' if align else 'edges'}"
            add(f"{name}-double", {"scaleFactor": 2, "mode": mode, "alignCorners": align}, shape, **({"order": 2} if rank == 1 else {}))
            add(f"{name}-size", {"size": [7, 3, 5][:rank], "mode": mode, "alignCorners": align}, shape)
            add(f"{name}-fraction", {"scaleFactor": [1.7, 0.6, 2][:rank], "mode": mode, "alignCorners": align}, shape)
            add(f"{name}-recompute", {"scaleFactor": 1.3, "mode": mode, "alignCorners": align, "recomputeScaleFactor": True}, shape)
            add(f"{name}-one", {"size": 1, "mode": mode, "alignCorners": align}, shape)
            add(f"{name}-from-one", {"size": 3, "mode": mode, "alignCorners": align}, (1, 1) + (1,) * rank)
        add(f"{mode}/default", {"size": 6, "mode": mode}, shape)
    for mode in ("bilinear", "bicubic"):
        add(f"{mode}/antialias-shrink", {"size": [3, 4], "mode": mode, "antialias": True}, (1, 2, 8, 9))
        add(f"{mode}/antialias-grow", {"scaleFactor": 1.5, "mode": mode, "antialias": True}, (1, 1, 4, 5))
        add(f"{mode}/antialias-corners", {"size": [3, 4], "mode": mode, "antialias": True, "alignCorners": True}, (1, 1, 7, 9))
    add("positional/size", [[3, 4]], SHAPES[2])
    add("positional/factor", [None, 2], SHAPES[2])
    add("positional/mode", [[3, 4], None, "bilinear", True], SHAPES[2])
    add("error/neither", {}, SHAPES[2], error="either size or scale_factor should be defined")
    add("error/both", {"size": 2, "scaleFactor": 2}, SHAPES[2], error="only one of size or scale_factor should be defined")
    add("error/size", {"size": [2]}, SHAPES[2], error="Input and output must have the same number of spatial dimensions, but got input with spatial dimensions of [4, 5] and output size of ", torch_error="Input and output must have the same number of spatial dimensions, but got input with spatial dimensions of [4, 5] and output size of ")
    add("error/factor", {"scaleFactor": [2, 2, 2]}, SHAPES[2], error="Input and scale_factor must have the same number of spatial dimensions, but got input with spatial dimensions of [4, 5] and scale_factor of shape ")
    add("error/mode-rank", {"size": 2, "mode": "linear"}, SHAPES[2], error="Got 4D input, but linear mode needs 3D input")
    add("error/rank", {"size": 2}, (2, 3), error="Input Error: Only 3D, 4D and 5D input Tensors supported (got 2D) for the modes:")
    add("error/align", {"size": 2, "alignCorners": True}, SHAPES[2], error="align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear")
    add("error/zero", {"size": 0}, SHAPES[2], error="Input and output sizes should be greater than 0, but got input (")
    add("error/recompute", {"size": 2, "recomputeScaleFactor": True}, SHAPES[2], error="recompute_scale_factor is not meaningful with an explicit size.")
    return out
