"""Makes the state files that core's decoders are tested on: python3 tooling/goldens/state_files.py

Everything is written by real PyTorch and safetensors. `expected.json` lists every tensor, by path, as dtype, shape and
the bytes in hexadecimal, taken from the tensors themselves and not from the files.
"""

import json
import os
import pathlib
import zipfile
from collections import OrderedDict

import torch
from safetensors.torch import save_file

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "packages/core/src/state/fixtures"

DTYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}
NAMES = {dtype: name for name, dtype in DTYPES.items()}


def described(tensor):
    tensor = tensor.detach().contiguous()
    data = tensor.reshape(-1).view(torch.uint8).numpy().tobytes() if tensor.numel() else b""
    return {"dtype": NAMES[tensor.dtype], "shape": list(tensor.shape), "hex": data.hex()}


def tensors_of(value, path=""):
    if isinstance(value, torch.Tensor):
        yield path, described(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from tensors_of(item, f"{path}/{key}")
    elif isinstance(value, (list, tuple)) and not isinstance(value, torch.Size):
        for index, item in enumerate(value):
            yield from tensors_of(item, f"{path}/{index}")


def one_of_each():
    tensors = {}
    for name, dtype in DTYPES.items():
        values = torch.tensor([0, 1, 2, 3, 5, 7])
        values = (values > 2) if name == "BOOL" else values.to(dtype) - (0 if name == "U8" else 3)
        tensors[name] = values.to(dtype).reshape(2, 3)
    return tensors


def main():
    FIXTURES.mkdir(exist_ok=True)
    os.chdir(FIXTURES)
    torch.manual_seed(0)
    expected = {}

    def save(name, value, **options):
        torch.save(value, name, **options)
        expected[name] = dict(tensors_of(value))

    tensors = one_of_each()
    tensors["scalar"] = torch.tensor(2.5)
    tensors["empty"] = torch.empty(0, 4, dtype=torch.float16)
    tensors["three bytes"] = torch.tensor([1, 2, 3], dtype=torch.uint8)
    tensors["größe.重み"] = torch.randn(3)
    tensors["__proto__"] = torch.tensor([1.0])
    tensors["10"] = torch.tensor([10])
    tensors["9"] = torch.tensor([9])
    save_file(tensors, "dtypes.safetensors", metadata={"format": "pt", "naïve": 'quo"te\n'})
    expected["dtypes.safetensors"] = dict(tensors_of(tensors))
    save_file({}, "empty.safetensors")
    expected["empty.safetensors"] = {}

    save("dtypes.pt", {**one_of_each(), "scalar": torch.tensor(2.5), "empty": torch.empty(0, 4)})
    save("dtypes_protocol4.pt", one_of_each(), pickle_protocol=4)

    # The same records on a machine of the other byte order.
    with zipfile.ZipFile("dtypes.pt") as source, zipfile.ZipFile("dtypes_big_endian.pt", "w") as target:
        order = [torch.finfo(d).bits // 8 if d.is_floating_point else torch.empty(0, dtype=d).element_size() for d in DTYPES.values()]
        order += [4, 4]
        for name in source.namelist():
            data = source.read(name)
            record = name.split("/", 1)[1]
            if record == "byteorder":
                data = b"big"
            elif record.startswith("data/"):
                width = order[int(record[5:])]
                data = b"".join(data[i : i + width][::-1] for i in range(0, len(data), width))
            target.writestr(zipfile.ZipInfo(name.replace("dtypes", "dtypes_big_endian")), data)
    reread = torch.load("dtypes_big_endian.pt", weights_only=True)
    expected["dtypes_big_endian.pt"] = dict(tensors_of(reread))
    assert expected["dtypes_big_endian.pt"] == expected["dtypes.pt"]

    base = torch.arange(24, dtype=torch.float32)
    save(
        "views.pt",
        {
            "base": base,
            "window": base[4:10],
            "transposed": base.reshape(4, 6).t(),
            "permuted": base.reshape(2, 3, 4).permute(2, 0, 1),
            "steps": base[1::5],
            "expanded": base[3:4].expand(5, 1).expand(5, 3),
            "column": base.reshape(4, 6)[:, 2:3],
            "ones": base.reshape(1, 24, 1).transpose(0, 2),
            "bytes transposed": torch.arange(6, dtype=torch.uint8).reshape(2, 3).t(),
            "doubles transposed": torch.arange(6, dtype=torch.float64).reshape(2, 3).t(),
            "halves transposed": torch.arange(6, dtype=torch.float16).reshape(2, 3).t(),
            "none of them": base[:0],
        },
    )

    model = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.BatchNorm1d(3), torch.nn.Linear(3, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    model(torch.randn(5, 4)).sum().backward()
    optimizer.step()
    save("training.pt", {"epoch": 3, "model": model.state_dict(), "optimizer": optimizer.state_dict()})

    weight = torch.nn.Parameter(torch.randn(2, 2))
    save("tied.pt", OrderedDict([("encoder.weight", weight), ("decoder.weight", weight), ("bias", torch.nn.Parameter(torch.zeros(2), requires_grad=False))]))

    values = {
        "none": None,
        "true": True,
        "false": False,
        "integers": [0, 255, 256, 65535, 65536, -1, -(2**31), 2**31, 2**53 - 1, -(2**53) + 1, 2**53, -(2**70)],
        "floats": [0.5, -0.0, 1e300, float("inf"), float("-inf"), float("nan")],
        "text": "größe 重み 🙂",
        "bytes": bytes(range(256)),
        "no bytes": b"",
        "tuples": ((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)),
        "list": [[], [1, [2]]],
        "set": {1},
        "no set": set(),
        "dict": {1: "int key", "1": "str key", None: "none key", 2.5: "float key"},
        "ordered": OrderedDict([("z", 1), ("a", 2)]),
        "size": torch.Size([2, 3]),
        "devices": [torch.device("cpu"), torch.device("cuda", 1)],
        "dtypes": [torch.float32, torch.bfloat16, torch.int64, torch.bool],
        "__proto__": {"polluted": True},
    }
    save("values.pt", values)
    save("values_protocol4.pt", values, pickle_protocol=4)
    save("long.pt", [f"entry {index}" for index in range(1500)])

    # What must be refused.
    class Command:
        def __reduce__(self):
            return (os.system, ("exit 1",))

    torch.save({"weights": torch.ones(1), "payload": Command()}, "refused_command.pt")
    torch.save(torch.nn.Linear(1, 1), "refused_model.pt")
    torch.save({"complex": torch.ones(1, dtype=torch.complex64)}, "refused_complex.pt")
    torch.save({"uint16": torch.ones(1, dtype=torch.uint16)}, "refused_uint16.pt")
    torch.save({"negative": torch._neg_view(torch.ones(1))}, "refused_negative.pt")
    torch.save({"weights": torch.ones(1)}, "refused_legacy.pt", _use_new_zipfile_serialization=False)
    torch.jit.save(torch.jit.script(torch.nn.Identity()), "refused_torchscript.pt")
    save_file({"float8": torch.ones(1, dtype=torch.float8_e4m3fn)}, "refused_float8.safetensors")

    with open("expected.json", "w") as file:
        json.dump(expected, file, ensure_ascii=False, indent=1, sort_keys=True)
        file.write("\n")


main()
