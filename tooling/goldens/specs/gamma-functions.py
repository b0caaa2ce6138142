"""The gamma function's relatives: derivatives of digamma, zeta, the incomplete integrals."""

from _layers import Cases, real

POINTS = {"fill": [0.1, 0.5, 1.0, 1.5, 2.0, 3.7, 8.0, 25.0]}
NEGATIVE = {"fill": [-0.5, -1.25, -2.75, -3.5, -0.1]}


def fixed(*values, **more):
    return {"fill": list(values), "requiresGrad": False, **more}


def cases():
    found = Cases()
    for n in (0, 1, 2, 3, 4, 7):
        found.call(f"polygamma/{n}", "torch.polygamma", [n, "$x"], {"x": POINTS}, **({"order": 2} if n < 3 else {}))
        found.call(f"polygamma/{n}-negative", "torch.polygamma", [n, "$x"], {"x": NEGATIVE}, **({} if n else {"order": 2}))
    found.call("polygamma/method", "x.polygamma", [2], {"x": POINTS})
    found.call("polygamma/special", "special.polygamma", [3, "$x"], {"x": POINTS})
    found.call("polygamma/int", "torch.polygamma", [2, "$x"], {"x": {"fill": [1, 2, 5], "dtype": "int32"}})
    found.call("polygamma/float64", "torch.polygamma", [4, "$x"], {"x": {**POINTS, "dtype": "float64"}})
    found.call("polygamma/poles", "torch.polygamma", [2, "$x"], {"x": fixed(0.0, -1.0, -2.0, "nan")})
    found.call("polygamma/poles-odd", "torch.polygamma", [3, "$x"], {"x": fixed(0.0, -1.0, -2.0, "nan")})
    found.call("polygamma/below", "torch.polygamma", [-1, "$x"], {"x": POINTS}, error="polygamma(n, x) does not support negative n.")
    found.call("lgamma/third", "torch.digamma", ["$x"], {"x": POINTS}, order=2)
    found.call("zeta/tensors", "special.zeta", ["$s", "$q"], {"s": fixed(2.0, 3.0, 1.5, 6.25, 2.0), "q": {"fill": [1.0, 0.5, 4.0, 2.0, 30.0]}})
    found.call("zeta/number", "special.zeta", [2, "$q"], {"q": POINTS})
    found.call("zeta/order-tensor", "special.zeta", ["$s", 1], {"s": fixed(2.0, 3.0, 4.5, 10.0)})
    found.call("zeta/edges", "special.zeta", ["$s", "$q"], {"s": fixed(1.0, 0.5, 2.0, 2.0, 2.0, 3.0, 2.5), "q": fixed(2.0, 2.0, 0.0, -1.0, -1.5, -0.25, -0.5)})
    found.call("zeta/int", "special.zeta", ["$s", "$q"], {"s": fixed(2, 3, dtype="int32"), "q": fixed(1, 2, dtype="int32")})
    found.call("zeta/float64", "special.zeta", ["$s", "$q"], {"s": fixed(2.0, 3.0, 1.5, dtype="float64"), "q": fixed(1.0, 0.5, 4.0, dtype="float64")})
    found.call("zeta/promotion", "special.zeta", ["$s", "$q"], {"s": fixed(2.0, 3.0, dtype="float64"), "q": fixed(1.0, 0.5)})
    orders = [0.05, 0.5, 1.0, 1.5, 3.0, 5.0, 10.0, 19.0, 21.0, 50.0, 50.0, 200.0, 1000.0, 40.0, 40.0, 0.5]
    points = [0.5, 3.0, 1.0, 0.2, 2.5, 9.0, 11.5, 19.0, 22.0, 48.0, 90.0, 205.0, 970.0, 20.0, 75.0, 1.2]
    # Where x is close to a large a PyTorch itself is no better than 1e-9.
    far = [orders[:8] + orders[13:], points[:8] + points[13:]]
    for name in ("igamma", "igammac"):
        special = {"igamma": "gammainc", "igammac": "gammaincc"}[name]
        found.call(f"{name}/values", f"torch.{name}", ["$a", "$x"], {"a": fixed(*orders), "x": {"fill": points}})
        found.call(f"{name}/second", f"torch.{name}", ["$a", "$x"], {"a": fixed(0.5, 1.0, 2.5, 4.0), "x": {"fill": [1.0, 0.5, 2.0, 8.0]}}, order=2)
        found.call(f"{name}/method", f"a.{name}", ["$x"], {"a": {"shape": [3, 1], "fill": "positive", "requiresGrad": False}, "x": real(4, fill="positive")})
        found.call(f"{name}/special", f"special.{special}", ["$a", "$x"], {"a": fixed(1.0, 2.0), "x": fixed(1.0, 2.0)})
        found.call(f"{name}/float64", f"torch.{name}", ["$a", "$x"], {"a": fixed(*far[0], dtype="float64"), "x": {"fill": far[1], "dtype": "float64"}})
        found.call(f"{name}/edges", f"torch.{name}", ["$a", "$x"], {"a": fixed(0.0, 0.0, 1.0, "inf", 1.0, -1.0, 1.0, "inf", "nan", 2.0), "x": fixed(1.0, 0.0, 0.0, 1.0, "inf", 1.0, -1.0, "inf", 1.0, "nan")})
        found.call(f"{name}/in-place", f"a.{name}_", ["$x"], {"a": fixed(1.0, 2.0), "x": fixed(1.0, 2.0)}, after=["a"])
        found.call(f"{name}/int", f"torch.{name}", ["$a", "$x"], {"a": fixed(1, 2, dtype="int32"), "x": fixed(1, 2, dtype="int32")}, error="expected a floating point tensor", torchError="not implemented for 'Long'")
    found.call("mvlgamma/method", "x.mvlgamma", [2], {"x": real(4, fill="uniform:2:5")}, order=2)
    found.call("mvlgamma/in-place", "x.mvlgamma_", [2], {"x": real(4, fill="uniform:2:5", requiresGrad=False)}, after=["x"])
    found.call("mvlgamma/options", "torch.mvlgamma", ["$x", {"p": 3}], {"x": real(4, fill="uniform:2:5")})
    return found
