"""Draws calls at random and has PyTorch run them: python3 tooling/goldens/random_cases --seed 1 --count 500

Writes manifests and tensors, one family per file of this folder, in the form of packages/conformance/goldens/cases. What
PyTorch refuses is left out, and so is what its own float32 does not decide; with --errors, what it refuses is all there is.
"""

import argparse
import collections
import pathlib
import sys
import warnings

# At the end: beside cases.py there is a random.py, which is not Python's.
sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))

import cases  # noqa: E402
import torch  # noqa: E402
from activation import activation  # noqa: E402
from binary import binary  # noqa: E402
from conditioning import is_decided  # noqa: E402
from convolution import convolution  # noqa: E402
from creation import creation  # noqa: E402
from draw import Draw  # noqa: E402
from factorization import factorization  # noqa: E402
from fourier import fourier  # noqa: E402
from functional import functional  # noqa: E402
from indexing import indexing  # noqa: E402
from inplace import inplace  # noqa: E402
from lazy import lazy  # noqa: E402
from loss import loss  # noqa: E402
from mutation import broken, is_foreign  # noqa: E402
from network import network  # noqa: E402
from normalization import normalization  # noqa: E402
from pooling import pooling  # noqa: E402
from products import products  # noqa: E402
from reduction import reduction  # noqa: E402
from sequence import sequence  # noqa: E402
from spelling import spell  # noqa: E402
from training import training  # noqa: E402
from unary import unary  # noqa: E402
from view import view  # noqa: E402

FAMILIES = [unary, binary, inplace, reduction, view, indexing, products, factorization, fourier, creation, activation]
FAMILIES += [convolution, pooling, normalization, loss, functional, sequence, lazy, network, training]
DEFAULT_FOLDER = pathlib.Path(".results/random-cases")


def options():
    parser = argparse.ArgumentParser(description="Draws calls at random and has PyTorch run them.")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same cases (default 1)")
    parser.add_argument("--count", type=int, default=500, help="how many cases (default 500)")
    parser.add_argument("--folder", type=pathlib.Path, default=DEFAULT_FOLDER, help="where to write (default %(default)s)")
    parser.add_argument("--family", action="append", choices=[family.name for family in FAMILIES], help="only this family; may be repeated")
    parser.add_argument("--operation", action="append", help="only this operation; may be repeated")
    parser.add_argument("--errors", action="store_true", help="only broken calls, which PyTorch refuses")
    parser.add_argument("--finite", action="store_true", help="only cases without NaN and infinities")
    parser.add_argument("--list", action="store_true", help="print the operations and stop")
    return parser.parse_args()


def in_rounds(d, operations):
    """Every operation once in any order, then all of them again: none is left out by chance."""
    while True:
        yield from d.some(operations, len(operations))


class Collection:
    """Cases of one family as they will be written."""

    def __init__(self):
        self.entries = []
        self.tensors = {}

    def add(self, entry, tensors):
        self.entries.append(entry)
        self.tensors |= tensors


def result_of(case, family, chosen):
    """The manifest's entry and the tensors of a case, or the reason why it is left out."""
    recorder = cases.Recorder(case["id"])
    path = chosen.folder / f"{family.name}.safetensors"
    run = cases.KINDS[cases.kind_of(case)]
    try:
        entry = run(case, recorder)
    except Exception as error:  # whatever PyTorch throws
        if not chosen.errors or is_foreign(error):
            return None, f"refused: {first_line(error)}"
        recorder = cases.Recorder(case["id"])
        try:
            entry = run({**case, "error": ""}, recorder)
        except Exception as another:  # it is not the call that fails, but its inputs or its gradients
            return None, f"refused: {first_line(another)}"
        lines = [*spell(case, recorder.tensors, path), f"# PyTorch: {first_line(error)}"]
        return (entry | {"error": None, "python": lines}, recorder.tensors), None
    if chosen.errors:
        return None, "refused by nobody"
    if chosen.finite and not all(torch.isfinite(value).all() for value in recorder.tensors.values()):
        return None, "not finite"
    if family.rehearsed and not is_decided(case, recorder.tensors):
        return None, "decided by rounding"
    return (entry | {"python": spell(case, recorder.tensors, path)}, recorder.tensors), None


def first_line(error):
    return str(error).split("\n")[0][:200]


def main():
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    chosen = options()
    d = Draw(chosen.seed)
    families = [family for family in FAMILIES if chosen.family is None or family.name in chosen.family]
    operations = [(family, name, function) for family in families for name, function in family.operations if chosen.operation is None or name in chosen.operation]
    if chosen.errors:  # nothing to break, or nothing that fails at the call
        operations = [entry for entry in operations if entry[0].name not in ("training", "creation", "network")]
    if chosen.list:
        print("\n".join(dict.fromkeys(f"{family.name} {name}" for family, name, _ in operations)))
        return
    if not operations:
        sys.exit("there is no such operation; --list prints them")
    collections_by_family = collections.defaultdict(Collection)
    left_out = collections.defaultdict(list)
    kept, tried = collections.Counter(), 0
    for family, name, function in in_rounds(d, operations):
        if sum(kept.values()) >= chosen.count or tried >= 20 * chosen.count:
            break
        tried += 1
        case = function(d, name)
        if case is None:
            continue
        case |= {"id": f"{name}/{tried}", "seed": chosen.seed * 1_000_000 + tried}
        if chosen.errors:
            case = broken(d, case)
        result, reason = result_of(case, family, chosen)
        if result is None:
            left_out[f"{family.name} {name}"].append(reason)
            continue
        kept[f"{family.name} {name}"] += 1
        collections_by_family[family.name].add(*result)
    for old in (*chosen.folder.glob("*.json"), *chosen.folder.glob("*.safetensors")):
        old.unlink()
    for name, collection in collections_by_family.items():
        cases.write(chosen.folder, name, collection.entries, collection.tensors)
    report(kept, left_out, chosen)


def report(kept, left_out, chosen):
    """How many there are, and what is never drawn as it should be."""
    reasons = collections.Counter(reason.split(":")[0] for several in left_out.values() for reason in several)
    print(f"{sum(kept.values())} cases of {len(kept)} operations in {chosen.folder}; left out: {dict(reasons)}")
    if chosen.errors:
        return
    for operation, several in sorted(left_out.items()):
        if kept[operation] == 0:
            print(f"  {operation} gave no case: {several[0]}")


main()
