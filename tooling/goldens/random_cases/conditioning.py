"""Whether a case's numbers say anything: PyTorch's own float32 must be near its float64."""

import cases
import torch

# The rest is left to engines that round in another order.
SHARE_OF_TOLERANCE = 0.2
# Absolute and relative, as in packages/conformance/src/cases/tolerance.ts.
TOLERANCES = {torch.float32: (1e-6, 1e-5), torch.float64: (1e-12, 1e-10)}


def is_decided(case, recorded):
    """Whether every recorded number is what exact arithmetic gives, up to a share of the tolerance."""
    if "optimizer" in case or "scheduler" in case or "init" in case:
        return True
    wide = cases.Recorder(case["id"])
    try:
        cases.KINDS[cases.kind_of(case)](widened(case), wide)
    except Exception:  # something that PyTorch has in float32 alone
        return True
    return all(agrees(value, wide.tensors.get(name)) for name, value in recorded.items()) and not any_vanishes(recorded)


def any_vanishes(recorded):
    """Whether some gradient is so small beside another that it is a difference of large numbers."""
    sizes = {name: largest(value) for name, value in recorded.items() if "#grad" in name and value.dtype == torch.float32}
    absolute, relative = TOLERANCES[torch.float32]
    rounding = 1e-6 * max(sizes.values(), default=0)
    return any(size > 0 and rounding > absolute + relative * size for size in sizes.values())


def largest(value):
    finite = value[torch.isfinite(value)]
    return float(finite.abs().max()) if finite.numel() else 0.0


def widened(case):
    """The same values as float64."""
    specs = case.get("inputs", {})
    named = specs.items() if isinstance(specs, dict) else enumerate(specs)
    wide = {name: {**spec, "widened": True} if spec.get("dtype", "float32") == "float32" else spec for name, spec in named}
    dtype = {"dtype": "float64"} if "layer" in case else {}
    return {**case, **dtype, "inputs": wide if isinstance(specs, dict) else list(wide.values())}


def agrees(value, exact):
    if exact is None or exact.shape != value.shape:
        return False
    if not value.is_floating_point():
        return torch.equal(value, exact.to(value.dtype))
    finite = torch.isfinite(value)
    if not torch.equal(finite, torch.isfinite(exact)):
        return False
    if not finite.any():
        return True
    exact = exact.double()[finite]
    absolute, relative = TOLERANCES[value.dtype]
    allowed = SHARE_OF_TOLERANCE * (absolute + relative * exact.abs().max())
    return bool(((value.double()[finite] - exact).abs() <= allowed).all())
