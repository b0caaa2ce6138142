"""Families of orthogonal polynomials: degrees as numbers and tensors."""

from _layers import Cases

X = {"fill": [-2.0, -1.0, -0.75, 0.0, 0.3, 0.5, 1.0, 1.5], "requiresGrad": False}
NAMES = (
    "chebyshevPolynomialT", "chebyshevPolynomialU", "chebyshevPolynomialV", "chebyshevPolynomialW",
    "shiftedChebyshevPolynomialT", "shiftedChebyshevPolynomialU", "shiftedChebyshevPolynomialV", "shiftedChebyshevPolynomialW",
    "hermitePolynomialH", "hermitePolynomialHe", "laguerrePolynomialL", "legendrePolynomialP",
)


def cases():
    found = Cases()
    for name in NAMES:
        for degree in (-1, 0, 1, 2, 3, 6, 9):
            found.call(f"{name}/{degree}", f"special.{name}", ["$x", degree], {"x": X})
        found.call(f"{name}/float64", f"special.{name}", ["$x", 12], {"x": {**X, "dtype": "float64"}})
        found.call(f"{name}/int", f"special.{name}", ["$x", 3], {"x": {"fill": [-1, 0, 2], "dtype": "int32"}})
        degrees = {"fill": [0, 1, 2, 4, -1], "dtype": "int32"}
        found.call(f"{name}/degrees", f"special.{name}", ["$x", "$n"], {"x": {"shape": [3, 1], "requiresGrad": False}, "n": degrees})
        found.call(f"{name}/number", f"special.{name}", [0.5, "$n"], {"n": degrees})
        found.call(f"{name}/fractions", f"special.{name}", ["$x", "$n"], {"x": {"fill": [0.5, 2.0, -1.5], "requiresGrad": False}, "n": {"fill": [2.75, 1.0, 0.5], "requiresGrad": False}})
        found.call(f"{name}/differentiable-input", f"special.{name}", ["$x", 2], {"x": {"shape": [2, 2]}})
    for name in ("hermitePolynomialH", "hermitePolynomialHe"):
        found.call(f"{name}/too-high", f"special.{name}", ["$x", 129], {"x": X})
    return found
