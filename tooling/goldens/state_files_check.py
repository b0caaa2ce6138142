"""Has real PyTorch and safetensors read what core writes: python3 tooling/goldens/state_files_check.py

Needs Node 24 and the installed workspace. Every golden state file is decoded and encoded again by core; Python then
compares both files, values, kinds, dtypes and ties included. Written views are contiguous, which is the one difference.
"""

import math
import pathlib
import subprocess
import tempfile

import torch
from safetensors import safe_open

ROOT = pathlib.Path(__file__).resolve().parents[2]
STATE = ROOT / "packages/core/src/state"
FIXTURES = STATE / "fixtures"

ENCODE_AGAIN = """
import { basename, join } from 'node:path';
const [state, target, ...sources] = process.argv.slice(1);
const { decodeCheckpoint, encodeCheckpoint } = await import(`${state}/checkpoint.ts`);
const { decodeSafetensors, encodeSafetensors } = await import(`${state}/safetensors.ts`);
const { readStateFile, writeStateFile } = await import(`${state}/file.ts`);
for (const source of sources) {
  const bytes = await readStateFile(source);
  let again;
  if (source.endsWith('.pt')) again = encodeCheckpoint(decodeCheckpoint(bytes));
  else {
    const { tensors, metadata } = decodeSafetensors(bytes);
    again = encodeSafetensors(tensors, metadata);
  }
  await writeStateFile(join(target, basename(source)), again);
}
"""


def compare(path, a, b):
    if isinstance(a, torch.Tensor):
        a = a.detach()
        assert isinstance(b, torch.Tensor) and a.dtype == b.dtype and a.shape == b.shape, (path, a, b)
        assert b.is_contiguous() and torch.equal(a, b), (path, a, b)
    elif isinstance(a, dict):
        assert isinstance(b, dict) and list(a) == list(b) and list(map(type, a)) == list(map(type, b)), (path, a, b)
        for key in a:
            compare(f"{path}/{key}", a[key], b[key])
    elif isinstance(a, (list, tuple)):
        assert type(a) is type(b) and len(a) == len(b), (path, a, b)
        for index, (x, y) in enumerate(zip(a, b)):
            compare(f"{path}/{index}", x, y)
    elif isinstance(a, float):
        # Python's 2.0 and 2 are one number in JavaScript, and come back as the integer.
        assert a != a and b != b or a == b and math.copysign(1, a) == math.copysign(1, b), (path, a, b)
        assert type(b) is float or a.is_integer(), (path, a, b)
    else:
        assert type(a) is type(b) and a == b, (path, a, b)


def main():
    sources = [path for path in sorted(FIXTURES.iterdir()) if path.suffix in (".pt", ".safetensors") and not path.name.startswith("refused_")]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["node", "--input-type=module", "-e", ENCODE_AGAIN, str(STATE), folder, *map(str, sources)], check=True)
        for source in sources:
            written = pathlib.Path(folder) / source.name
            if source.suffix == ".pt":
                # These goldens are our own; the restricted loader is for what core wrote. It would not read all of them.
                original = torch.load(source, weights_only=False)
                for mmap in (False, True):
                    compare(source.name, original, torch.load(written, weights_only=True, mmap=mmap))
            else:
                with safe_open(source, "pt") as a, safe_open(written, "pt") as b:
                    assert sorted(a.keys()) == sorted(b.keys()) and a.metadata() == b.metadata()
                    for key in a.keys():
                        compare(f"{source.name}/{key}", a.get_tensor(key), b.get_tensor(key))
            print(f"read back: {source.name}")
        tied = torch.load(pathlib.Path(folder) / "tied.pt", weights_only=True)
        assert tied["encoder.weight"].data_ptr() == tied["decoder.weight"].data_ptr()


main()
