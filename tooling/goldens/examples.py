"""PyTorch's numbers for the chapter's examples, one safetensors file per group.

Run: python3 tooling/goldens/examples.py

An entry is named `<example>/<value>`: the example `blocks/mlp-sequential` finds its value `output` as
`mlp-sequential/output` in `blocks.safetensors`. Each function below is one example and is written like it.
"""

from pathlib import Path

import torch
from safetensors.torch import save
from torch import nn

FOLDER = Path(__file__).resolve().parents[2] / "packages" / "conformance" / "goldens"


def mlp_sequential():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(20, 256), nn.ReLU(), nn.Linear(256, 10))
    return {"output": net(torch.rand(2, 20))}


def centered():
    X = torch.tensor([1.0, 2, 3, 4, 5])
    return {"output": X - X.mean()}


GROUPS = {
    "blocks": {"mlp-sequential": mlp_sequential},
    "custom": {"centered": centered},
}


def main():
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for group, examples in GROUPS.items():
        entries = {}
        for example, compute in examples.items():
            # As in the runner: an example that sets no seed of its own starts from 0.
            torch.manual_seed(0)
            for name, value in compute().items():
                entries[f"{example}/{name}"] = value.detach().contiguous()
        path = FOLDER / f"{group}.safetensors"
        path.write_bytes(save(entries, metadata={"made-by": f"tooling/goldens/examples.py, PyTorch {torch.__version__.split('+')[0]}"}))
        print(path.name, len(entries), "tensors,", path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
