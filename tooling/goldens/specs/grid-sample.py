"""F.grid_sample and F.affine_grid."""


def cases():
    out = []
    for mode in ("bilinear", "nearest"):
        for padding in ("zeros", "border", "reflection"):
            for align in (False, True):
                options = {"mode": mode, "paddingMode": padding, "alignCorners": align}
                name = f"{mode}-{padding}{'-corners' if align else ''}"
                inputs = {"x": {"shape": [2, 2, 4, 5]}, "g": {"shape": [2, 3, 4, 2], "fill": "uniform:-1.6:1.6"}}
                out.append({"id": f"gridSample/{name}", "call": "F.gridSample", "args": ["$x", "$g", options], "inputs": inputs})
                inputs = {"x": {"shape": [1, 2, 3, 2, 4]}, "g": {"shape": [1, 2, 2, 3, 3], "fill": "uniform:-1.4:1.4"}}
                out.append({"id": f"gridSample/3d-{name}", "call": "F.gridSample", "args": ["$x", "$g", options], "inputs": inputs})
    out.append({"id": "gridSample/default", "call": "F.gridSample", "args": ["$x", "$g"], "inputs": {"x": {"shape": [1, 1, 3, 3]}, "g": {"shape": [1, 2, 2, 2]}}, "order": 2})
    out.append({"id": "gridSample/batch", "call": "F.gridSample", "args": ["$x", "$g"], "inputs": {"x": {"shape": [1, 1, 3, 3]}, "g": {"shape": [2, 2, 2, 2]}}, "error": "grid_sampler(): expected grid and input to have same batch size"})
    out.append({"id": "gridSample/last", "call": "F.gridSample", "args": ["$x", "$g"], "inputs": {"x": {"shape": [1, 1, 3, 3]}, "g": {"shape": [1, 2, 2, 3]}}, "error": "grid_sampler(): expected grid to have size 2 in last dimension"})
    for align in (False, True):
        out.append({"id": f"affineGrid/2d-{align}", "call": "F.affineGrid", "args": ["$t", [2, 1, 3, 4], {"alignCorners": align}], "inputs": {"t": {"shape": [2, 2, 3]}}})
        out.append({"id": f"affineGrid/3d-{align}", "call": "F.affineGrid", "args": ["$t", [1, 1, 2, 3, 1], {"alignCorners": align}], "inputs": {"t": {"shape": [1, 3, 4]}}})
    out.append({"id": "affineGrid/theta", "call": "F.affineGrid", "args": ["$t", [2, 1, 3, 4]], "inputs": {"t": {"shape": [2, 3, 3]}}, "error": "Expected a batch of 2D affine matrices of shape Nx2x3 for size"})
    return out
