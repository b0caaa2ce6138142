"""Writes packages/core/src/random/goldens/streams.json: PyTorch's CPU random streams.

A program is a seed and a list of steps that run on one generator. Arrays are little-endian bytes in base64; a large
one is kept as a few positions and two sums. After its last step a program records the generator's state: a digest of the
twister's part and the cached normal value.
"""

import base64
import hashlib
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

SIZES = [1, 2, 15, 16, 17, 31, 32, 100, 1000]
SEEDS = [0, 1, 42, 2**32 - 1, 2**32 + 5, 2**63 + 11, -1, -(2**63), 123456789012345]
TYPES = {
    "float16": torch.float16,
    "bfloat16": torch.bfloat16,
    "float32": torch.float32,
    "float64": torch.float64,
    "int8": torch.int8,
    "uint8": torch.uint8,
    "int16": torch.int16,
    "int32": torch.int32,
    "int64": torch.int64,
}


def weights_of(size, dtype):
    index = torch.arange(size, dtype=torch.float64)
    return ((index * 7) % 11 / 16 + 1 / 32).to(dtype)


def step(op, n, dtype="float32", *args):
    return {"op": op, "n": n, "dtype": dtype, "args": list(args)}


def draw(op, n, dtype, args):
    """Runs one step on the default generator."""
    kind = TYPES[dtype]
    out = torch.zeros(n, dtype=kind)
    if op == "uniform":
        return out.uniform_(*args)
    if op == "normal":
        return out.normal_(*args)
    if op == "normalFrom":
        mean = weights_of(n, kind) if args[0] == "tensor" else args[0]
        std = weights_of(n, kind) if args[1] == "tensor" else args[1]
        return torch.normal(mean, std)
    if op == "randint":
        return out.random_(int(args[0]), int(args[1]))
    if op == "random":
        return out.random_()
    if op == "randperm":
        return torch.randperm(n, dtype=kind)
    if op == "bernoulli":
        return out.bernoulli_(*args)
    if op == "bernoulliFrom":
        return torch.bernoulli(weights_of(n, kind))
    if op == "dropout":
        return F.dropout(torch.ones(n, dtype=kind), args[0], training=True)
    if op == "featureDropout":
        # n channels of one sample, three positions each: one draw per channel.
        return F.dropout1d(torch.ones(1, n, 3, dtype=kind), args[0], training=True)[0, :, 0].contiguous()
    if op == "alphaDropout":
        return F.alpha_dropout(weights_of(n, kind), args[0], training=True)
    if op == "rrelu":
        return F.rrelu(weights_of(n, kind) - 0.25, *args, training=True)
    if op == "exponential":
        return out.exponential_(*args)
    if op == "geometric":
        return out.geometric_(*args)
    if op == "logNormal":
        return out.log_normal_(*args)
    if op == "cauchy":
        return out.cauchy_(*args)
    if op == "gumbel":
        # What F.gumbel_softmax adds to its logits, drawn before anything else it does.
        return -out.exponential_().log()
    if op == "multinomial":
        rows, samples, replacement = args
        weights = weights_of(n, kind)
        return torch.multinomial(weights.reshape(rows, -1), samples, replacement).flatten()
    if op == "truncatedNormal":
        return torch.nn.init.trunc_normal_(out, *args)
    if op == "poisson":
        return torch.poisson(weights_of(n, kind) * args[0])
    raise ValueError(op)


def bytes_of(tensor):
    if tensor.dtype in (torch.float16, torch.bfloat16):
        tensor = tensor.float()
    return base64.b64encode(tensor.numpy().tobytes()).decode()


def summary(tensor):
    n = tensor.numel()
    if n <= 32:
        return {"values": bytes_of(tensor)}
    positions = sorted({0, 1, 7, 8, 15, 16, n // 2, n // 2 + 1, n - 17, n - 16, n - 9, n - 8, n - 2, n - 1})
    wide = tensor.double()
    ramp = torch.arange(n, dtype=torch.float64) % 7 - 3
    return {
        "positions": positions,
        "values": bytes_of(tensor[positions]),
        "sum": wide.sum().item(),
        "absolute": wide.abs().sum().item(),
        "ramp": (wide * ramp).sum().item(),
    }


def state():
    raw = torch.get_rng_state().numpy().tobytes()
    valid = int.from_bytes(raw[5040:5044], "little")
    return {
        "digest": hashlib.sha256(raw[:5016]).hexdigest()[:32],
        "spare": float(np.frombuffer(raw[5024:5032])[0]) if valid else None,
    }


def run(seed, steps):
    torch.manual_seed(seed)
    for one in steps:
        result = draw(one["op"], one["n"], one["dtype"], one["args"])
        one.update(summary(result))
    return {"seed": str(seed), "steps": steps, "state": state()}


def programs():
    floats = ["float32", "float64", "float16", "bfloat16"]
    for seed in SEEDS:
        yield run(seed, [step("uniform", 17), step("normal", 3), step("normal", 40), step("normal", 2)])
    for n in SIZES:
        for dtype in floats:
            yield run(n, [step("uniform", n, dtype)])
            yield run(n + 1, [step("uniform", n, dtype, -0.37, 1.91)])
            yield run(n + 2, [step("normal", n, dtype)])
            yield run(n + 3, [step("normal", n, dtype, 0.3, 1.7)])
            yield run(n + 4, [step("dropout", n, dtype, 0.3), step("exponential", n, dtype, 2.5)])
        for dtype in ["float32", "float64"]:
            yield run(n + 5, [step("bernoulli", n, dtype, 0.3), step("bernoulliFrom", n, dtype)])
            yield run(n + 6, [step("featureDropout", n, dtype, 0.2), step("alphaDropout", n, dtype, 0.4)])
            yield run(n + 7, [step("rrelu", n, dtype), step("rrelu", n, dtype, 0.2, 0.7)])
            yield run(n + 8, [step("geometric", n, dtype, 0.2), step("logNormal", n, dtype, 0.5, 0.25)])
            yield run(n + 9, [step("cauchy", n, dtype, 1.0, 0.5), step("gumbel", n, dtype)])
            yield run(n + 10, [step("truncatedNormal", n, dtype)])
            yield run(n + 11, [step("truncatedNormal", n, dtype, 0.0, 0.02, -0.03, 0.05)])
            yield run(n + 12, [step("truncatedNormal", n, dtype, 0.5, 1.0, 2.0, 3.0)])
            yield run(n + 13, [step("normalFrom", n, dtype, "tensor", 1.5), step("normalFrom", n, dtype, 0.5, "tensor")])
            yield run(n + 14, [step("normalFrom", n, dtype, "tensor", "tensor")])
            yield run(n + 15, [step("multinomial", n, dtype, 1, 1, False), step("multinomial", n, dtype, 1, 1, True)])
            yield run(n + 16, [step("multinomial", n, dtype, 1, 5, True)])
            yield run(n + 17, [step("poisson", n, dtype, 4.0), step("poisson", n, dtype, 90.0)])
            if n > 2:
                yield run(n + 18, [step("multinomial", n, dtype, 1, min(n, 11), False)])
            if n % 4 == 0:
                yield run(n + 19, [step("multinomial", n, dtype, 4, 3, False), step("multinomial", n, dtype, 4, 3, True)])
                yield run(n + 20, [step("multinomial", n, dtype, 4, 1, False), step("multinomial", n, dtype, 4, 1, True)])
        for dtype in ["int32", "int64", "float32", "float64", "int8", "uint8", "int16"]:
            yield run(n + 21, [step("random", n, dtype), step("randint", n, dtype, 0, 100)])
        yield run(n + 22, [step("randint", n, "int32", -7, 9), step("randint", n, "int32", 0, 2**28 - 1)])
        yield run(n + 23, [step("randint", n, "int32", 0, 2**28), step("randint", n, "int32", -(2**31), 2**31)])
        yield run(n + 24, [step("randint", n, "int64", "-9223372036854775807", "9223372036854775807")])
        yield run(n + 25, [step("randint", n, "int64", 0, 2**40), step("randint", n, "float64", -5, 2**40)])
        yield run(n + 26, [step("randint", n, "float32", -(2**24), 2**24), step("randint", n, "float32", 0, 2**24 + 1)])
        yield run(n + 27, [step("randperm", n, "int32"), step("randperm", n + 1, "int32")])
    yield run(7, [step("randperm", 0, "int32"), step("randperm", 100000, "int32"), step("normal", 0), step("uniform", 3)])
    yield run(8, [step("normal", 100003), step("uniform", 100000), step("normal", 100000, "float64"), step("normal", 5)])
    yield run(9, [step("dropout", 100000, "float32", 0.5), step("exponential", 50000), step("bernoulli", 50000, "float32", 0.9)])
    yield run(10, [step("dropout", 4, "float32", 0.0), step("dropout", 4, "float32", 1.0), step("alphaDropout", 4, "float32", 1.0)])
    # Single normals leave a spare; everything else must step around it.
    yield run(
        11,
        [
            step("normal", 3),
            step("uniform", 5),
            step("normal", 16),
            step("bernoulli", 7, "float32", 0.5),
            step("normal", 1, "float64"),
            step("logNormal", 3, "float32", 0.0, 1.0),
            step("randint", 5, "int64", 0, 10),
            step("randperm", 6, "int32"),
            step("normal", 20, "float64"),
            step("normal", 2),
            step("exponential", 3),
        ],
    )


def linear():
    """Two values of a torch.nn.Linear as a check of what the streams are for."""
    torch.manual_seed(0)
    layer = torch.nn.Linear(20, 256)
    return {"seed": "0", "bound": 1 / math.sqrt(20), "weight": bytes_of(layer.weight.detach().flatten()[-8:]), "bias": bytes_of(layer.bias.detach()[-8:])}


def saved_state():
    torch.manual_seed(5)
    torch.empty(700).uniform_()
    torch.empty(3).normal_()
    raw = torch.get_rng_state().numpy().tobytes()
    follow = torch.empty(4, dtype=torch.float64).normal_()
    return {"bytes": base64.b64encode(raw).decode(), "next": bytes_of(follow)}


def error_functions():
    y = torch.tensor([-1.0, -0.999999999, -0.9, -0.5, -0.1, -1e-9, 0.0, 1e-300, 1e-5, 0.3, 0.5, 0.7, 0.75, 0.99, 0.9999999, 1 - 2**-53, 1.0], dtype=torch.float64)
    x = torch.tensor([-6.0, -3.5, -2.0, -0.7, 0.0, 1e-12, 0.2, 0.5, 1.0, 1.9999, 2.0, 2.5, 4.0, 5.9, 8.0, 20.0, 26.0], dtype=torch.float64)
    return {"y": bytes_of(y), "erfinv": bytes_of(torch.erfinv(y)), "x": bytes_of(x), "erf": bytes_of(torch.erf(x)), "erfc": bytes_of(torch.erfc(x))}


def main():
    goldens = {
        "torch": torch.__version__.split("+")[0],
        "programs": list(programs()),
        "linear": linear(),
        "state": saved_state(),
        "errorFunctions": error_functions(),
    }
    lines = ",\n".join("  " + json.dumps(program, separators=(",", ":")) for program in goldens.pop("programs"))
    rest = ",\n".join(f" {json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}" for key, value in goldens.items())
    target = pathlib.Path(__file__).parents[2] / "packages/core/src/random/goldens/streams.json"
    target.write_text("{\n" + rest + ',\n "programs": [\n' + lines + "\n ]\n}\n")


main()
