"""Methods that change their tensor."""


def values(*numbers, **more):
    return {"fill": list(numbers), **more}


X = {"shape": [2, 3], "clone": True}
POSITIVE = {"shape": [2, 3], "fill": "positive", "clone": True}
INSIDE = {"shape": [2, 3], "fill": "uniform:-0.9:0.9", "clone": True}
ROW = {"shape": [3], "fill": "nonzero"}
FIXED = {"shape": [4, 5], "requiresGrad": False}


def case(identifier, name, args, inputs, **more):
    return {"id": identifier, "call": f"x.{name}", "args": args, "inputs": inputs, "after": ["x"], **more}


def cases():
    for name in ("neg_", "abs_", "sign_", "square_", "exp_", "expm1_", "sin_", "cos_", "tan_", "atan_", "sinh_", "cosh_", "tanh_", "floor_", "ceil_",
                 "round_", "trunc_", "frac_", "erf_", "erfc_", "relu_", "sigmoid_", "sinc_", "exp2_"):
        yield case(name, name, [], {"x": X})
    for name in ("sqrt_", "rsqrt_", "reciprocal_", "log_", "log2_", "log10_", "log1p_", "lgamma_", "digamma_"):
        yield case(name, name, [], {"x": POSITIVE})
    for name in ("asin_", "acos_", "erfinv_"):
        yield case(name, name, [], {"x": INSIDE})
    for name in ("add_", "sub_", "mul_", "div_", "remainder_", "fmod_", "atan2_", "hypot_", "copysign_"):
        yield case(f"{name}/tensor", name, ["$y"], {"x": X, "y": ROW})
    for name in ("add_", "sub_", "mul_", "div_", "remainder_", "fmod_", "pow_"):
        yield case(f"{name}/number", name, [2], {"x": POSITIVE})
    yield case("floorDivide_", "floorDivide_", ["$y"], {"x": {**X, "requiresGrad": False}, "y": {**ROW, "requiresGrad": False}})
    yield case("add_/alpha", "add_", ["$y", {"alpha": 0.5}], {"x": X, "y": ROW})
    yield case("pow_/tensor", "pow_", ["$y"], {"x": POSITIVE, "y": ROW})
    yield case("add_/int", "add_", [2], {"x": values(1, 2, dtype="int32", clone=True)})
    yield case("mul_/bool", "mul_", ["$y"], {"x": values(1, 2, dtype="int32", clone=True), "y": values(1, 0, dtype="bool")})
    yield case("add_/double", "add_", ["$y"], {"x": X, "y": {"shape": [2, 3], "dtype": "float64"}})
    yield case("addcmul_", "addcmul_", ["$y", "$y", {"value": 2}], {"x": X, "y": ROW})
    yield case("addcdiv_", "addcdiv_", ["$y", "$y", {"value": 2}], {"x": X, "y": ROW})
    yield case("lerp_", "lerp_", ["$y", 0.25], {"x": X, "y": {"shape": [2, 3]}})
    yield case("clamp_/both", "clamp_", [-0.5, 0.5], {"x": X})
    yield case("clamp_/min", "clamp_", [{"min": 0}], {"x": X})
    yield case("clampMin_", "clampMin_", [0], {"x": X})
    yield case("clampMax_", "clampMax_", [0], {"x": X})
    yield case("maskedFill_", "maskedFill_", ["$m", 3], {"x": X, "m": {"shape": [2, 3], "dtype": "bool", "fill": "bool"}})
    yield case("nanToNum_", "nanToNum_", [], {"x": values("nan", 1, "inf", clone=True)})
    yield case("cumsum_", "cumsum_", [1], {"x": X})
    for name in ("eq_", "ne_", "gt_", "ge_", "lt_", "le_"):
        yield case(name, name, [0], {"x": {**X, "requiresGrad": False}})
    for name in ("logicalAnd_", "logicalOr_", "logicalXor_"):
        yield case(name, name, ["$y"], {"x": {**X, "requiresGrad": False}, "y": {"shape": [3], "dtype": "bool", "fill": "bool"}})
    yield case("logicalNot_", "logicalNot_", [], {"x": {**X, "requiresGrad": False}})
    for name in ("unsqueeze_", "squeeze_"):
        yield case(name, name, [0], {"x": {"shape": [1, 2, 3], "clone": True}})
    yield case("transpose_", "transpose_", [0, 1], {"x": X})
    yield case("t_", "t_", [], {"x": X})
    yield case("tril_", "tril_", [], {"x": X})
    yield case("triu_", "triu_", [1], {"x": X})
    for name in ("subtract_", "multiply_", "divide_", "trueDivide_"):
        yield case(name, name, ["$y"], {"x": X, "y": ROW})
    for name in ("absolute_", "negative_", "arctan_", "deg2rad_", "rad2deg_", "fix_"):
        yield case(name, name, [], {"x": X})
    yield case("clip_", "clip_", [-1, 1], {"x": X})
    yield case("logit_", "logit_", [0.1], {"x": POSITIVE})
    yield case("bitwiseAnd_", "bitwiseAnd_", ["$y"], {"x": values(1, 0, dtype="bool", clone=True), "y": values(1, 1, dtype="bool")})
    for label, value in {"int": 3, "fraction": 0.5}.items():
        yield case(f"fill_/{label}", "fill_", [value], {"x": X})
    yield case("fill_/tensor", "fill_", ["$v"], {"x": X, "v": {"shape": []}})
    yield case("fill_/int-tensor", "fill_", [3], {"x": values(1, 2, dtype="int32", clone=True)})
    yield case("zero_", "zero_", [], {"x": X})
    yield case("copy_", "copy_", ["$y"], {"x": X, "y": ROW})
    yield case("copy_/cast", "copy_", ["$y"], {"x": values(1, 2, 3, dtype="int32", clone=True), "y": values(1.7, -1.7, 0.2)})
    for name, args in {"uniform_": [-1, 2], "normal_": [1, 0.5], "exponential_": [2], "cauchy_": [0, 1], "logNormal_": [0.5, 0.25], "geometric_": [0.3], "bernoulli_": [0.3], "random_": [5]}.items():
        yield case(f"{name}/values", name, args, {"x": FIXED}, seed=3)
        yield case(f"{name}/small", name, args, {"x": {"shape": [3], "requiresGrad": False}}, seed=4)
    for name in ("uniform_", "normal_", "exponential_", "random_"):
        yield case(f"{name}/defaults", name, [], {"x": FIXED}, seed=5)
        yield case(f"{name}/float64", name, [], {"x": {**FIXED, "dtype": "float64"}}, seed=6)
    yield case("uniform_/options", "uniform_", [{"from": -1, "to": 1}], {"x": FIXED}, seed=7)
    yield case("normal_/options", "normal_", [{"mean": 3, "std": 0.1}], {"x": FIXED}, seed=7)
    yield case("random_/range", "random_", [-3, 4], {"x": {"shape": [9], "dtype": "int32", "fill": "int:0:2"}}, seed=7)
    yield case("bernoulli_/tensor", "bernoulli_", ["$p"], {"x": FIXED, "p": {"shape": [4, 5], "fill": "rand", "requiresGrad": False}}, seed=8)
    leaf = {"x": {"shape": [2, 3]}}
    for name, args in {"add_": [1], "fill_": [0], "uniform_": [], "relu_": []}.items():
        yield {"id": f"{name}/leaf", "call": f"x.{name}", "args": args, "inputs": leaf, "error": "a leaf Variable that requires grad is being used in an in-place operation."}
    yield {"id": "add_/grows", "call": "x.add_", "args": ["$y"], "inputs": {"x": {"shape": [3], "clone": True}, "y": {"shape": [2, 3]}}, "error": "output with shape [3] doesn't match the broadcast shape [2, 3]"}
    yield {"id": "add_/float-into-int", "call": "x.add_", "args": [0.5], "inputs": {"x": values(1, 2, dtype="int32", clone=True)}, "error": "result type Float can't be cast to the desired output type Long"}
    yield {"id": "div_/int", "call": "x.div_", "args": [2], "inputs": {"x": values(1, 2, dtype="int32", clone=True)}, "error": "result type Float can't be cast to the desired output type Long"}
    yield {"id": "fill_/dimensions", "call": "x.fill_", "args": ["$v"], "inputs": {"x": X, "v": {"shape": [3]}}, "error": "fill_ only supports 0-dimension value tensor but got tensor with 1 dimensions."}
