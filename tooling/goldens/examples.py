"""PyTorch's numbers for the chapter's examples, one safetensors file per group.

Run: python3 tooling/goldens/examples.py

An entry is named `<example>/<value>`: the example `blocks/mlp-sequential` finds its value `output` as
`mlp-sequential/output` in `blocks.safetensors`. The functions in `chapter/` are one example each, named and written
like it; those that read files of PyTorch also write these files, beside them.
"""

from pathlib import Path

import torch
from chapter import blocks, containers, custom, devices, files, module, parameters, training
from safetensors.torch import save

FOLDER = Path(__file__).resolve().parents[2] / "packages" / "conformance" / "goldens" / "chapter"

GROUPS = {
    "blocks": blocks.EXAMPLES,
    "module": module.EXAMPLES,
    "sequential": containers.SEQUENTIAL,
    "modulelist": containers.MODULELIST,
    "custom": custom.EXAMPLES,
    "parameters": parameters.EXAMPLES,
    "files": files.EXAMPLES,
    "devices": devices.EXAMPLES,
    "training": training.EXAMPLES,
}


def main():
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for group, examples in GROUPS.items():
        entries = {}
        for compute in examples:
            # As in the runner: an example that sets no seed of its own starts from 0.
            torch.manual_seed(0)
            for name, value in compute().items():
                entries[f"{compute.__name__.replace('_', '-')}/{name}"] = value.detach().clone().contiguous()
        path = FOLDER / f"{group}.safetensors"
        path.write_bytes(save(entries, metadata={"made-by": f"tooling/goldens/examples.py, PyTorch {torch.__version__.split('+')[0]}"}))
        print(path.name, len(entries), "tensors,", path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
