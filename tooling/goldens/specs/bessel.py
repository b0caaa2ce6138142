"""Bessel functions and the Airy function, none of which has a gradient."""

from _layers import Cases

POINTS = [0.0, 1e-3, 0.25, 1.0, 1.9, 2.0, 2.1, 3.8317, 5.0, 7.9, 8.0, 8.1, 12.5, 30.0, 87.0]


def fixed(values, **more):
    return {"fill": values, "requiresGrad": False, **more}


def cases():
    found = Cases()
    both = ("besselJ0", "besselJ1", "modifiedBesselI0", "modifiedBesselI1", "sphericalBesselJ0")
    positive = ("besselY0", "besselY1", "modifiedBesselK0", "modifiedBesselK1", "scaledModifiedBesselK0", "scaledModifiedBesselK1")
    for name in (*both, *positive):
        points = POINTS[:-1] if name.startswith("modified") else POINTS
        found.call(f"{name}/positive", f"special.{name}", ["$x"], {"x": fixed(points)})
        # From 3 on PyTorch's oscillating functions are 1e-8 off at times.
        exact = [value for value in points[1:] if value < 3 or not name.startswith("bessel")]
        found.call(f"{name}/float64", f"special.{name}", ["$x"], {"x": fixed(exact, dtype="float64")})
        found.call(f"{name}/int", f"special.{name}", ["$x"], {"x": fixed([1, 2, 9], dtype="int32")})
        found.call(f"{name}/differentiable-input", f"special.{name}", ["$x"], {"x": {"shape": [2, 3], "fill": "positive"}})
    for name in both:
        found.call(f"{name}/negative", f"special.{name}", ["$x"], {"x": fixed([-value for value in POINTS[1:-2]])})
    for name in positive:
        found.call(f"{name}/edges", f"special.{name}", ["$x"], {"x": fixed([0.0, -1.0, "nan"])})
    for name in ("modifiedBesselI0", "sphericalBesselJ0", "modifiedBesselK0", "scaledModifiedBesselK1", "modifiedBesselK1"):
        found.call(f"{name}/nan", f"special.{name}", ["$x"], {"x": fixed(["nan"])})
    found.call("sphericalBesselJ0/infinite", "special.sphericalBesselJ0", ["$x"], {"x": fixed(["inf", "-inf", 0.0])})
    points = [-45.0, -20.0, -9.0, -6.5, -6.0, -5.0, -2.5, -2.0, -1.0, -0.25, 0.0, 0.5, 1.0, 1.9, 2.0, 2.1, 3.0, 6.0, 12.0, 60.0]
    found.call("airyAi/values", "special.airyAi", ["$x"], {"x": fixed(points)})
    found.call("airyAi/float64", "special.airyAi", ["$x"], {"x": fixed([value for value in points if value != -2.5], dtype="float64")})  # PyTorch is 2e-7 off there.
    found.call("airyAi/edges", "special.airyAi", ["$x"], {"x": fixed(["nan", "inf", "-inf", 105.0])})
    return found
