"""F.pad."""


def cases():
    out = []

    def add(identifier, args, shape, error=None, torch_error=False, x=None, **more):
        made = {"id": identifier, "call": "F.pad", "args": ["$x", *args], "inputs": {"x": x or {"shape": list(shape)}}, **more}
        if error is not None:
            made["error"] = error
        if torch_error is not False:
            made["torchError"] = torch_error
        out.append(made)

    add("constant/last", [[1, 2]], (2, 3), order=2)
    add("constant/two", [[1, 0, 0, 2]], (2, 3))
    add("constant/three", [[1, 1, 2, 0, 0, 1]], (2, 3, 2))
    add("constant/value", [[1, 1], {"value": 2.5}], (2, 3))
    add("constant/positional", [[1, 1], "constant", -1], (2, 3))
    add("constant/crop", [[-1, 0, 0, -1]], (3, 4), order=2)
    add("constant/crop-and-pad", [[-1, 2, 1, -1]], (3, 4))
    add("constant/vector", [[2, 1]], (3,))
    add("constant/none", [[]], (3,))
    add("constant/infinite", [[1, 1], {"value": "-inf"}], (2, 3))
    add("constant/int", [[1, 1], {"value": 7}], (), x={"shape": [2, 3], "dtype": "int32", "fill": "int:0:9"})
    add("constant/bool", [[1, 1], {"value": 1}], (), x={"shape": [4], "dtype": "bool", "fill": "bool"})
    add("constant/empty", [[1, 2]], (2, 0))
    add("constant/odd", [[1]], (2, 3), error="Padding length must be divisible by 2")
    add("constant/long", [[1] * 10], (2, 3), error="Padding length should be less than or equal to two times the input dimension but got padding length 10 and input of dimension 2")
    add("constant/negative", [[-2, -2]], (1, 3), error="resulted in a negative output size", torch_error=None)
    for mode in ("reflect", "replicate", "circular"):
        add(f"{mode}/1d", [[2, 1], {"mode": mode}], (2, 3, 4), order=2)
        add(f"{mode}/1d-unbatched", [[1, 0], {"mode": mode}], (2, 4))
        add(f"{mode}/2d", [[1, 2, 2, 1], {"mode": mode}], (1, 2, 4, 3), order=2)
        add(f"{mode}/2d-unbatched", [[0, 1, 1, 0], mode], (2, 4, 3))
        add(f"{mode}/3d", [[1, 1, 0, 1, 1, 0], {"mode": mode}], (1, 2, 2, 3, 3))
        add(f"{mode}/3d-unbatched", [[1, 0, 0, 1, 1, 1], {"mode": mode}], (2, 2, 3, 3))
        add(f"{mode}/crop", [[-1, 2, 1, -1], {"mode": mode}], (1, 1, 4, 4))
        add(f"{mode}/dimensions", [[1, 1], {"mode": mode}], (1, 2, 3, 3), error="Padding size 2 is not supported for 4D input tensor.")
        add(f"{mode}/value", [[1, 1], {"mode": mode, "value": 3}], (2, 3, 3), error=f'Padding mode "{mode}" doesn\'t take in value argument')
    add("replicate/far", [[5, 4], {"mode": "replicate"}], (1, 1, 2))
    add("circular/whole", [[3, 3], {"mode": "circular"}], (1, 2, 3))
    add("reflect/far", [[4, 0], {"mode": "reflect"}], (1, 2, 4), error="Padding size should be less than the corresponding input dimension, but got: padding (4, 0) at dimension 2 of input [1, 2, 4]")
    add("circular/far", [[5, 0], {"mode": "circular"}], (1, 2, 4), error="Padding value causes wrapping around more than once.")
    add("mode", [[1, 1], {"mode": "foo"}], (2, 3), error="Unrecognised padding mode foo")
    return out
