"""Prints tensors with real PyTorch: python3 tooling/goldens/printing.py

Writes packages/core/src/tensor/goldens/printing.json: values, shape, dtype and options of each tensor, and its text.
"""

import json
import math
import pathlib

import numpy
import torch

OUT = pathlib.Path(__file__).resolve().parents[2] / "packages/core/src/tensor/goldens/printing.json"
DTYPES = {"float16": torch.float16, "float32": torch.float32, "float64": torch.float64, "int32": torch.int64, "bool": torch.bool}
inf, nan = math.inf, math.nan

cases = []


def plain(value):
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    # JSON has no sign of 0.
    if value == 0 and math.copysign(1, value) < 0:
        return "-0"
    # The shortest text that names the same float32.
    return float(str(numpy.float32(value))) if isinstance(value, float) and float(numpy.float32(value)) == value else value


def case(values, shape=None, dtype="float32", requires_grad=False, parameter=False, **options):
    flat = torch.as_tensor(values, dtype=DTYPES[dtype])
    tensor = flat.reshape(shape if shape is not None else flat.shape).clone().requires_grad_(requires_grad)
    if parameter:
        tensor = torch.nn.Parameter(tensor.detach(), requires_grad)
    torch.set_printoptions(profile="default")
    torch.set_printoptions(**options)
    names = {"sci_mode": "sciMode"}
    cases.append(
        {
            "values": [plain(value) for value in tensor.detach().reshape(-1).tolist()],
            "shape": list(tensor.shape),
            "dtype": dtype,
            **({"requiresGrad": True} if requires_grad else {}),
            **({"parameter": True} if parameter else {}),
            **({"options": {names.get(key, key): value for key, value in options.items()}} if options else {}),
            "text": repr(tensor),
        }
    )


def hand_written():
    for values in ([1.0, 2.0, 3.0], [1.5, 2, 3], [0.1], [1e-5, 1], [1e-4, 0.05], [123456.0, 1], [1e8, 1], [100000001.0], [99999999.0], [1e9, 2e9], [1e-10],
                   [0.0, 0.0], [-0.0, 0.0], [nan, inf, -inf], [nan, 1.0, 2.5], [inf, 1.0], [-inf, 1e10], [1000.5, 1], [1001.5, 1], [0.5, 500], [0.5, 501], [-1.0, -2.5],
                   [0.03125, 0.09375, 0.15625], [2.00005, 1], [0.99999, 1e-3], [9.99999, 2], [1.0, 2.0, nan], [16777216.0, 16777217.0], [1e30, 1e-30], [3.4e38, 1], [1e-45, 1]):
        case(values)
        case(values, dtype="float64")
    for values in (3, -2.5, 0.0, nan, inf, 1e-7, 123456789.0, 7.0, -0.0, 1000000.0):
        case(values)
    for values in ([1, 2, 3], [-10, 5, 1000], [0], 7, [[1, 20], [300, -4]], [2147483647, -2147483648]):
        case(values, dtype="int32")
    for values in (True, [True, False], [[False, False], [True, False]]):
        case(values, dtype="bool")
    for shape in ([0], [0, 3], [2, 0], [3, 0, 2]):
        for dtype in DTYPES:
            case([], shape, dtype)
    case([1.0, 0.5, 2.25], dtype="float16")
    case([65504.0, 0.0001], dtype="float16")
    case([0.0], requires_grad=True)
    case([], [0, 2], requires_grad=True)
    case(1.5, requires_grad=True)
    case([1.5, 2], dtype="float64", requires_grad=True)
    case([[1.0, 2], [3, 4]], requires_grad=True, parameter=True)
    case([1.0, 2], parameter=True)


def filled():
    torch.manual_seed(0)
    for shape in ([2, 3], [1, 1], [5], [2, 2, 2], [1, 2, 3, 2], [30], [7, 11], [2, 30], [1, 1, 1], [100], [3, 1, 4], [8, 8, 8]):
        case(torch.randn(shape), shape)
        case(torch.randn(shape) * 10, shape, requires_grad=True)
        case(torch.rand(shape), shape, dtype="float64")
        case(torch.randint(-99, 100, shape), shape, dtype="int32")
        case(torch.randint(0, 2, shape), shape, dtype="bool")
        case(torch.arange(math.prod(shape)).float(), shape)
        case(torch.exp(torch.randn(shape) * 5), shape)


def long_lines():
    """Around the length from which suffixes go on a line of their own."""
    torch.manual_seed(2)
    for count in range(5, 14):
        case(torch.randint(10, 100, [count]), [count], dtype="int32")
        case(torch.rand(count), [count], requires_grad=True)
        case(torch.rand(2 * count), [2, count], dtype="float64", requires_grad=True)
        case(torch.randint(0, 9, [count]).float(), [count], dtype="float64")
    for width in range(30, 46):
        case(torch.rand(2), [2], requires_grad=True, linewidth=width)
        case(torch.rand(4), [2, 2], dtype="float64", requires_grad=True, linewidth=width)


def abbreviated():
    for shape in ([1001], [40, 26], [7, 150], [2, 3, 170], [11, 10, 10], [1010, 1], [1, 1010], [8, 8, 2, 8]):
        case(torch.arange(math.prod(shape)) % 41, shape, dtype="int32")
        case((torch.arange(math.prod(shape)) % 41).float() / 8, shape)
    case(torch.arange(1200).float() * 100, [1200])
    case(torch.arange(1200).float(), [30, 40], requires_grad=True)


def with_options():
    torch.manual_seed(1)
    values = torch.randn(4, 5)
    for options in ({"precision": 2}, {"precision": 8}, {"precision": 0}, {"linewidth": 40}, {"linewidth": 20}, {"sci_mode": True}, {"sci_mode": False}, {"threshold": 10},
                    {"threshold": 10, "edgeitems": 1}, {"threshold": 5, "edgeitems": 2, "precision": 1}, {"profile": "short"}, {"profile": "full"}):
        case(values, [4, 5], **options)
        case(values * 1e6, [4, 5], requires_grad=True, **options)
        case(torch.arange(20), [4, 5], dtype="int32", **options)
        case(torch.arange(20).float(), [20], **options)
        case([1e25, 0.5], **options)
    case([0.5, 1.5, 2.5, -0.5, 0.25], precision=0)
    case([0.125, 0.375, -0.625], precision=2)
    case([1.5e10, 2.5e10, 0.125], precision=0, sci_mode=True)
    case([0.03125, 3.125e9], precision=2)
    case(torch.arange(1001).float(), [1001], threshold=2000)


for group in (hand_written, filled, long_lines, abbreviated, with_options):
    group()
OUT.parent.mkdir(exist_ok=True)
OUT.write_text("[\n" + ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in cases) + "\n]\n")
print(len(cases), "cases,", OUT.stat().st_size, "bytes")
