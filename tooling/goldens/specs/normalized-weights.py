"""Layers whose weights are normalized: weight and spectral normalization, as hooks and as parametrizations."""

from _layers import Cases, real


def cases():
    found = Cases()
    layers = (("Linear", [3, 4], real(2, 3)), ("Conv2d", [2, 3, 3], real(1, 2, 5, 4)), ("ConvTranspose2d", [2, 3, 3], real(1, 2, 4, 3)), ("Conv1d", [4, 6, 2, {"groups": 2, "bias": False}], real(2, 4, 5)))
    for seed, (name, args, given) in enumerate(layers):
        for root in ("nn.utils", "nn.utils.parametrizations"):
            short = root.split(".")[-1]
            for variant, options in (("plain", []), ("whole", [{"dim": None}]), ("dim1", [{"dim": 1}]), ("named", [{"name": "weight", "dim": 0}])):
                found.layer(name, f"{short}-weightNorm-{variant}", args, [given], through=[[f"{root}.weightNorm", *options]], seed=seed)
            for variant, options in (("plain", []), ("twice", [{"nPowerIterations": 2}]), ("dim1", [{"dim": 1}]), ("eps", [{"eps": 1e-3}])):
                found.layer(name, f"{short}-spectralNorm-{variant}", args, [given], through=[[f"{root}.spectralNorm", *options]], seed=seed, calls=2)
            found.layer(name, f"{short}-spectralNorm-eval", args, [given], through=[[f"{root}.spectralNorm"]], seed=seed, mode="eval")
        found.layer(name, "weightNorm-removed", args, [given], through=[["nn.utils.weightNorm"], ["nn.utils.removeWeightNorm"]], seed=seed)
        found.layer(name, "spectralNorm-removed", args, [given], through=[["nn.utils.spectralNorm"], ["nn.utils.removeSpectralNorm"]], seed=seed)
        found.layer(name, "parametrizations-removed", args, [given], through=[["nn.utils.parametrizations.spectralNorm"], ["nn.utils.parametrize.removeParametrizations", "weight"]], seed=seed)
    shapes = (("Linear", [4, 4], real(2, 4)), ("Linear", [3, 5], real(2, 3)), ("Linear", [6, 2, {"bias": False}], real(2, 6)), ("Linear", [1, 4], real(2, 1)), ("Linear", [7, 7], real(1, 7)), ("Conv2d", [2, 3, [3, 2]], real(1, 2, 4, 4)), ("Conv1d", [2, 4, 4], real(2, 2, 6)), ("Bilinear", [2, 3, 4], [real(2, 2), real(2, 3)]))
    for seed, (name, args, given) in enumerate(shapes):
        sizes = "x".join(str(value) for value in args if isinstance(value, int))
        for map_ in (None, "householder", "matrix_exp", "cayley"):
            for trivialization in (True, False):
                options = {**({"orthogonalMap": map_} if map_ else {}), **({} if trivialization else {"useTrivialization": False})}
                through = [["nn.utils.parametrizations.orthogonal", *([options] if options else [])]]
                variant = f"orthogonal-{sizes}-{map_ or 'default'}-{'from' if trivialization else 'anew'}"
                found.layer(name, variant, args, given if isinstance(given, list) else [given], through=through, seed=seed)
    found.layer("Linear", "orthogonal-removed", [3, 5], [real(2, 3)], through=[["nn.utils.parametrizations.orthogonal"], ["nn.utils.parametrize.removeParametrizations", "weight"]])
    found.layer("Linear", "orthogonal-float64", [4, 3, {"dtype": "float64"}], [real(2, 4, dtype="float64")], through=[["nn.utils.parametrizations.orthogonal"]])
    found.layer("Linear", "orthogonal-positional", [4, 4], [real(2, 4)], through=[["nn.utils.parametrizations.orthogonal", "weight", "cayley"]])
    return found
