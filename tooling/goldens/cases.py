"""Has real PyTorch run the cases of specs/: python3 tooling/goldens/cases.py [family...]

Reads `specs/<family>.json` (or `specs/<family>.py`, whose `cases()` gives the same list), translates each call by the
naming rule, runs it, and writes `<family>.json` and `<family>.safetensors` into packages/conformance/goldens/cases. Without
arguments it makes every family. README.md beside this file describes the specs.
"""

import copy
import importlib.util
import json
import math
import pathlib
import re
import sys
import warnings

import torch
import torch.optim.swa_utils
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).resolve().parent
SPECS = HERE / "specs"
CONFORMANCE = HERE.parents[1] / "packages/conformance"
GOLDENS = CONFORMANCE / "goldens/cases"
TABLE = CONFORMANCE / "src/cases/families.ts"
MAXIMUM_BYTES = 2_000_000

# PyTorch's int64 is int32 in TypeScript; it is what PyTorch takes for indices.
DTYPES = {"float16": torch.float16, "float32": torch.float32, "float64": torch.float64, "int32": torch.int64, "bool": torch.bool}

# What the naming rule does not give.
EXCEPTIONS = {
    "atleast1d": "atleast_1d",
    "atleast2d": "atleast_2d",
    "atleast3d": "atleast_3d",
    "at": "__getitem__",
    "tMult": "T_mult",
    "tMax": "T_max",
    "T": "T",
    "H": "H",
    "mT": "mT",
    "mH": "mH",
}

NAMED_VALUES = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


def snake(name):
    """camelCase as PyTorch spells it."""
    if name in EXCEPTIONS:
        return EXCEPTIONS[name]
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: "_" + match.group(1).lower(), name)


# Inputs


def fill(spec, shape, dtype):
    """A tensor of the wanted shape; floating values are drawn in float32 unless the dtype is float64."""
    kind = spec.get("fill", "randn")
    drawn = torch.float64 if dtype == torch.float64 else torch.float32
    if isinstance(kind, list):
        flat = torch.tensor(numbers(kind), dtype=torch.float64)
        return flat.reshape(shape if shape is not None else flat.shape)
    name, *rest = kind.split(":")
    bounds = [float(value) for value in rest]
    if name == "randn":
        return torch.randn(shape, dtype=drawn)
    if name == "rand":
        return torch.rand(shape, dtype=drawn)
    if name == "positive":
        return torch.rand(shape, dtype=drawn) * 2 + 0.25
    if name == "uniform":
        return torch.rand(shape, dtype=drawn) * (bounds[1] - bounds[0]) + bounds[0]
    if name == "nonzero":
        values = torch.rand(shape, dtype=drawn) + 0.5
        return values * (torch.randint(0, 2, shape) * 2 - 1)
    if name == "int":
        return torch.randint(int(bounds[0]), int(bounds[1]), shape)
    if name == "bool":
        return torch.randint(0, 2, shape)
    if name == "distinct":  # no ties, and no two values close to each other
        count = math.prod(shape)
        return ((torch.randperm(count) - count / 2 + 0.25) / max(1, count / 4)).to(drawn).reshape(shape)
    if name == "permutation":
        return torch.randperm(math.prod(shape)).reshape(shape)
    if name == "arange":
        start, step = (bounds + [0.0, 1.0][len(bounds) :])[:2]
        return (torch.arange(math.prod(shape)) * step + start).reshape(shape)
    if name == "full":
        return torch.full(shape, bounds[0])
    if name == "probability":
        return torch.softmax(torch.randn(shape, dtype=drawn), -1)
    if name == "logProbability":
        return torch.log_softmax(torch.randn(shape, dtype=drawn), -1)
    if name == "sign":
        return torch.randint(0, 2, shape) * 2 - 1
    if name == "definite":  # symmetric, positive definite, well conditioned
        values = torch.randn(shape, dtype=drawn)
        return values @ values.mT / shape[-1] + torch.eye(shape[-1], dtype=drawn)
    if name == "symmetric":  # and not of a definite sign
        values = torch.randn(shape, dtype=drawn)
        return (values + values.mT) / 2
    if name == "deficient":  # of a rank one below full
        values = torch.randn(shape, dtype=torch.float64)
        u, s, vh = torch.linalg.svd(values, full_matrices=False)
        s[..., -1] = 0
        return ((u * s.unsqueeze(-2)) @ vh).to(drawn)
    raise ValueError(f"unknown fill {kind!r}")


def numbers(values):
    if isinstance(values, list):
        return [numbers(value) for value in values]
    return NAMED_VALUES.get(values, values) if isinstance(values, str) else values


def draw(spec):
    dtype = DTYPES[spec.get("dtype", "float32")]
    shape = spec.get("shape")
    if spec.get("exact"):
        dtype = torch.int32
    value = fill(spec, shape, dtype).to(dtype).contiguous()
    if spec.get("widened"):  # the values of the narrow dtype
        value = value.to(torch.float64)
    return value.requires_grad_(spec.get("requiresGrad", dtype.is_floating_point))


def draw_inputs(case):
    """Inputs by name. A list of specs has the names "0", "1"..."""
    specs = case.get("inputs", {})
    if isinstance(specs, list):
        specs = {str(index): spec for index, spec in enumerate(specs)}
    torch.manual_seed(case.get("seed", 0) + 1000)
    return {name: draw(spec) for name, spec in specs.items()}, specs


# Calls


def value_of(argument, inputs):
    """An argument as PyTorch takes it."""
    if isinstance(argument, str):
        if argument.startswith("$"):
            return inputs[argument[1:]]
        if argument in DTYPES:
            return DTYPES[argument]
        return NAMED_VALUES.get(argument, argument)
    if isinstance(argument, list):
        if argument and argument[0] == "slice":
            return slice(*argument[1:])
        return [value_of(entry, inputs) for entry in argument]
    if isinstance(argument, dict):
        if "layer" in argument:
            return build(argument, inputs)
        if "function" in argument:
            return resolve(argument["function"], inputs)
        if "complex" in argument:  # two real tensors here, { real, imag } there
            return torch.complex(*(value_of(entry, inputs) for entry in argument["complex"]))
        if "tuple" in argument:
            return tuple(value_of(entry, inputs) for entry in argument["tuple"])
        return {snake(key): value_of(entry, inputs) for key, entry in argument.items()}
    return argument


def split(arguments, inputs):
    """Positional and keyword arguments: a trailing object of options becomes keywords."""
    values = [value_of(argument, inputs) for argument in arguments]
    if values and isinstance(values[-1], dict):
        return values[:-1], values[-1]
    return values, {}


ROOTS = {"torch": torch, "F": torch.nn.functional, "nn": torch.nn, "linalg": torch.linalg, "fft": torch.fft, "special": torch.special}


def resolve(path, inputs):
    root, *rest = path.split(".")
    target = inputs[root] if root in inputs else ROOTS[root]
    for name in rest:
        target = getattr(target, snake(name))
    return target


def build(spec, inputs):
    positional, keywords = split(spec.get("args", []), inputs)
    # People write sizes as tuples, and layers print them as they were given.
    positional = [sizes(value) for value in positional]
    keywords = {name: sizes(value) for name, value in keywords.items()}
    return getattr(torch.nn, spec["layer"])(*positional, **keywords)


def sizes(value):
    """A list of numbers as a tuple; anything else as it is."""
    return tuple(value) if isinstance(value, list) and all(entry is None or isinstance(entry, (int, float)) for entry in value) else value


def index_of(index):
    if isinstance(index, list):
        return tuple(Ellipsis if entry == "..." else entry for entry in index)
    return Ellipsis if index == "..." else index


def invoke(case, inputs):
    path = case.get("torch", case["call"])
    arguments = case.get("torchArgs", case.get("args"))
    if path.endswith((".set", ".set_")):  # x[index] = value, as a statement and as a function
        (index, value), _ = split(arguments, inputs)
        receiver = inputs[path.split(".")[0]]
        changed = receiver if path.endswith("_") else receiver.clone()
        changed[index_of(index)] = value
        return changed
    target = resolve(path, inputs)
    if not callable(target) or (arguments is None and "." in path and path.split(".")[-1] in ("T", "H", "mT", "mH")):
        return target
    positional, keywords = split(arguments or [], inputs)
    if path.endswith(".at"):
        index = positional[0] if len(positional) == 1 else positional
        return target(index_of(index))
    return target(*positional, **keywords)


# Results


class Recorder:
    """What one case gave: tensors go to the safetensors file, everything else into the manifest."""

    def __init__(self, identifier):
        self.identifier = identifier
        self.tensors = {}

    def tensor(self, name, value):
        value = value.detach()
        if value.dtype in (torch.int64, torch.int16, torch.int8, torch.uint8):
            value = value.to(torch.int32)
        if value.dtype not in (torch.float16, torch.float32, torch.float64, torch.int32, torch.bool):
            raise TypeError(f"{name}: {value.dtype} has no counterpart")
        self.tensors[f"{self.identifier}#{name}"] = value.clone().contiguous()

    def structure(self, value, found):
        """A result as JSON in which tensors are numbered; `found` collects them."""
        if isinstance(value, torch.Tensor) and value.is_complex():
            return {"real": self.structure(value.real, found), "imag": self.structure(value.imag, found)}
        if isinstance(value, torch.Tensor):
            found.append(value)
            return {"$tensor": len(found) - 1}
        if isinstance(value, torch.Size):
            return list(value)
        if isinstance(value, torch.dtype):
            return {torch.int64: "int32"}.get(value, str(value).removeprefix("torch."))
        if isinstance(value, tuple) and hasattr(type(value), "n_sequence_fields"):
            names = [name for name in dir(value) if not name.startswith("_") and name not in ("count", "index")]
            names = [name for name in names if name not in ("n_fields", "n_sequence_fields", "n_unnamed_fields")]
            by_name = {name: getattr(value, name) for name in names}
            ordered = sorted(by_name, key=lambda name: next(i for i, entry in enumerate(value) if entry is by_name[name]))
            return {camel(name): self.structure(by_name[name], found) for name in ordered}
        if isinstance(value, tuple) and hasattr(value, "_asdict"):
            return {camel(name): self.structure(entry, found) for name, entry in value._asdict().items()}
        if isinstance(value, dict):
            return {name: self.structure(entry, found) for name, entry in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.structure(entry, found) for entry in value]
        if isinstance(value, float) and not math.isfinite(value):
            return {"$number": str(value)}
        if value is None or isinstance(value, (bool, int, float, str)):
            return value
        raise TypeError(f"a result of type {type(value).__name__} has no counterpart")


def camel(name):
    return re.sub(r"_([a-z0-9])", lambda match: match.group(1).upper(), name)


def cotangent(value, salt):
    """The same on the other side, so that it need not be stored."""
    flat = (torch.arange(value.numel(), dtype=torch.float64) * 37 + 11 * salt) % 101 / 50.5 - 1
    return flat.reshape(value.shape).to(value.dtype)


def objective(outputs):
    """A scalar that depends on every element of every differentiable result, or None."""
    total = None
    for index, output in enumerate(outputs):
        if not output.requires_grad:
            continue
        term = (output * cotangent(output, index)).sum()
        total = term if total is None else total + term.to(total.dtype)
    return total


def record_result(recorder, entry, result):
    outputs = []
    entry["result"] = recorder.structure(result, outputs)
    for index, output in enumerate(outputs):
        recorder.tensor(f"out.{index}", output)
    differentiable = [index for index, output in enumerate(outputs) if output.requires_grad]
    if differentiable:
        entry["differentiable"] = differentiable
    return outputs


def record_gradients(recorder, entry, outputs, leaves, order):
    """Gradients of `leaves` (name -> tensor) as `grad.<name>`; with order 2 also `grad2.<name>`."""
    total = objective(outputs)
    if total is None or not leaves:
        return
    gradients = torch.autograd.grad(total, list(leaves.values()), create_graph=order == 2, allow_unused=True)
    reached = [(name, leaf, gradient) for (name, leaf), gradient in zip(leaves.items(), gradients) if gradient is not None]
    for name, _, gradient in reached:
        recorder.tensor(f"grad.{name}", gradient)
    entry["gradients"] = [name for name, _, _ in reached]
    if order == 2:
        second = objective([gradient for _, _, gradient in reached])
        if second is None:
            return
        again = torch.autograd.grad(second, [leaf for _, leaf, _ in reached], allow_unused=True)
        entry["gradients2"] = []
        for (name, _, _), gradient in zip(reached, again):
            if gradient is not None:
                recorder.tensor(f"grad2.{name}", gradient)
                entry["gradients2"].append(name)


def record_inputs(recorder, entry, inputs, specs):
    if not specs:
        return
    entry["inputs"] = {}
    for name, value in inputs.items():
        recorder.tensor(f"in.{name}", value)
        described = {"requiresGrad": value.requires_grad} if value.requires_grad else {}
        if specs[name].get("clone"):
            described["clone"] = True
        entry["inputs"][name] = described


class Unexpected(Exception):
    pass


def expect_error(case, action):
    """Checks that PyTorch fails too, with the same text unless `torchError` has its own."""
    wanted = case.get("torchError", case["error"])
    try:
        action()
    except Exception as error:  # whatever PyTorch throws
        if wanted is not None and wanted not in str(error):
            raise Unexpected(f"PyTorch says {str(error)!r}, which does not contain {wanted!r}") from None
        return
    if wanted is not None:
        raise Unexpected("PyTorch throws no error")


def squared(result, names):
    """The result with some of its tensors squared: vectors whose sign is open have squares that are not."""
    if not names:
        return result
    if "eigenvalues" in names:
        return arranged(result)
    # torch.svd_lowrank gives a plain tuple.
    fields = [name for name in ("U", "S", "Vh", "V", "eigenvalues", "eigenvectors") if hasattr(result, name)] or ["U", "S", "V"]
    return {name: value**2 if name in names else value for name, value in zip(fields, result)}


def arranged(result):
    """Complex eigenvalues in the order that Chimera gives them, and the squared magnitudes of the vectors' entries."""
    values, vectors = result
    order = torch.argsort(values.real.detach() + 1e-3 * values.imag.detach(), dim=-1, descending=True)
    sizes = vectors.real**2 + vectors.imag**2
    return {
        "eigenvalues": torch.gather(values, -1, order),
        "eigenvectors": torch.gather(sizes, -1, order.unsqueeze(-2).expand(sizes.shape)),
    }


def run_call(case, recorder):
    entry = {key: case[key] for key in ("id", "call", "args", "seed", "order", "error", "after", "squared", "tolerance") if key in case}
    leaves, specs = draw_inputs(case)
    record_inputs(recorder, entry, leaves, specs)
    inputs = {name: leaf.clone() if specs[name].get("clone") else leaf for name, leaf in leaves.items()}
    torch.manual_seed(case.get("seed", 0))
    if "error" in case:
        expect_error(case, lambda: invoke(case, inputs))
        return entry
    outputs = record_result(recorder, entry, squared(invoke(case, inputs), case.get("squared", [])))
    for name in case.get("after", []):
        recorder.tensor(f"after.{name}", inputs[name])
    record_gradients(recorder, entry, outputs, {name: leaf for name, leaf in leaves.items() if leaf.requires_grad}, case.get("order", 1))
    return entry


def run_layer(case, recorder):
    entry = {key: case[key] for key in ("id", "layer", "args", "seed", "mode", "calls", "forward", "dtype", "lazy", "error", "order", "tolerance", "through") if key in case}
    inputs, specs = draw_inputs(case)
    record_inputs(recorder, entry, inputs, specs)
    torch.manual_seed(case.get("seed", 0))
    if "error" in case:
        expect_error(case, lambda: forward(build(case, inputs), case, inputs))
        return entry
    layer = build(case, inputs)
    for path, *arguments in case.get("through", []):
        positional, keywords = split(arguments, inputs)
        layer = resolve(path, inputs)(layer, *positional, **keywords)
    if "dtype" in case:
        layer.to(DTYPES[case["dtype"]])
    layer.train(case.get("mode", "train") == "train")
    entry["repr"] = repr(layer)
    if case.get("lazy"):
        # Its parameters exist, and are drawn, after the first call.
        result = forward(layer, case, inputs)
        entry["reprAfter"] = repr(layer)
    state = layer.state_dict()
    entry["state"] = list(state)
    for name, value in state.items():
        recorder.tensor(f"state.{name}", value)
    parameters = dict(layer.named_parameters())
    if list(parameters) != list(state):
        entry["parameters"] = list(parameters)
    if case.get("forward", True) is None:
        return entry
    for _ in range(case.get("calls", 1) - (1 if case.get("lazy") else 0)):
        result = forward(layer, case, inputs)
    outputs = record_result(recorder, entry, result)
    leaves = {name: leaf for name, leaf in inputs.items() if leaf.requires_grad}
    leaves |= {f"parameter {name}": parameter for name, parameter in parameters.items()}
    record_gradients(recorder, entry, outputs, leaves, case.get("order", 1))
    buffers = dict(layer.named_buffers())
    if buffers:
        entry["buffers"] = list(buffers)
        for name, value in buffers.items():
            recorder.tensor(f"buffer.{name}", value)
    return entry


def forward(layer, case, inputs):
    arguments = case.get("forward", ["$" + name for name in inputs])
    positional, keywords = split(arguments, inputs)
    return layer(*positional, **keywords)


def run_init(case, recorder):
    entry = {key: case[key] for key in ("id", "init", "args", "shape", "seed") if key in case}
    entry["error"] = case["error"] if "error" in case else None
    if entry["error"] is None:
        del entry["error"]
    tensor = torch.zeros(case["shape"])
    positional, keywords = split(case.get("args", []), {})
    torch.manual_seed(case.get("seed", 0))
    action = lambda: getattr(torch.nn.init, snake(case["init"]))(tensor, *positional, **keywords)
    if "error" in case:
        expect_error(case, action)
        return entry
    action()
    recorder.tensor("out", tensor)
    return entry


def learning_objective(name, parameters):
    """Objectives for optimizers that evaluate one themselves."""
    if name == "quadratic":
        return sum(((parameter - 1) ** 2 * (torch.arange(parameter.numel()).reshape(parameter.shape) + 1)).sum() for parameter in parameters)
    if name == "quartic":
        return sum(((parameter - 0.5) ** 4 + parameter**2).sum() for parameter in parameters)
    raise ValueError(f"unknown objective {name!r}")


def run_optimizer(case, recorder):
    entry = {key: case[key] for key in ("id", "optimizer", "options", "steps", "objective", "tolerance", "resume") if key in case}
    groups = case["params"]
    if not isinstance(groups[0], dict):
        groups = [{"shapes": groups}]
    torch.manual_seed(case.get("seed", 0) + 1000)
    parameters, made, described = [], [], []
    for group in groups:
        members = [torch.nn.Parameter(torch.randn(shape, dtype=DTYPES[case.get("dtype", "float32")])) for shape in group["shapes"]]
        options = {key: value for key, value in group.items() if key != "shapes"}
        described.append({"count": len(members), "options": options})
        made.append({"params": members, **tuples(value_of(options, {}))})
        parameters += members
    entry["groups"] = described
    for index, parameter in enumerate(parameters):
        recorder.tensor(f"param.{index}", parameter)
    optimizer = getattr(torch.optim, case["optimizer"])(made, **tuples(value_of(case.get("options", {}), {})))
    steps = case.get("steps", 5)
    entry["steps"] = steps
    for step in range(steps):
        if step == case.get("resume"):  # in another optimizer, which has only what was saved
            saved = optimizer.state_dict()
            optimizer = getattr(torch.optim, case["optimizer"])([{"params": group["params"]} for group in optimizer.param_groups])
            optimizer.load_state_dict(saved)
        if "objective" in case:

            def closure():
                optimizer.zero_grad()
                loss = learning_objective(case["objective"], parameters)
                loss.backward()
                return loss

            optimizer.step(closure)
        else:
            for index, parameter in enumerate(parameters):
                if step in case.get("missing", {}).get(str(index), []):
                    parameter.grad = None
                    continue
                parameter.grad = torch.randn(parameter.shape, dtype=parameter.dtype)
                recorder.tensor(f"grad.{step}.{index}", parameter.grad)
            optimizer.step()
        for index, parameter in enumerate(parameters):
            recorder.tensor(f"after.{step}.{index}", parameter)
    entry["repr"] = repr(optimizer)
    saved = optimizer.state_dict()
    entry["saved"] = {
        "state": {
            str(position): {name: recorded_state(recorder, f"state.{position}.{name}", value, case) for name, value in state.items() if name != "al"}
            for position, state in saved["state"].items()
        },
        "groups": [[[name, value] for name, value in group.items()] for group in saved["param_groups"]],
    }
    return entry


def tuples(options):
    """People write sizes and betas as tuples, and optimizers print them as they were given."""
    return {name: sizes(value) for name, value in options.items()}


def recorded_state(recorder, name, value, case):
    """One entry of an optimizer's state: tensors are recorded under their names, 0-d ones as numbers."""
    if case["optimizer"] == "LBFGS" and "resume" not in case and not isinstance(value, int):
        return None  # near the minimum these are differences of almost equal numbers
    if isinstance(value, list):
        return [recorded_state(recorder, f"{name}.{index}", entry, case) for index, entry in enumerate(value)]
    if isinstance(value, torch.Tensor) and value.ndim > 0:
        recorder.tensor(name, value)
        return {"$tensor": name}
    return float(value)


LAMBDAS = {
    "power": lambda base: lambda epoch: base**epoch,
    "constant": lambda factor: lambda epoch: factor,
    "inverse": lambda rate: lambda epoch: 1 / (1 + rate * epoch),
}


def scheduler_of(spec, optimizer):
    def convert(argument):
        if isinstance(argument, dict):
            if "scheduler" in argument:
                return scheduler_of(argument, optimizer)
            if "lambda" in argument:
                name, value = argument["lambda"]
                return LAMBDAS[name](value)
            return {snake(key): convert(entry) for key, entry in argument.items()}
        if isinstance(argument, list):
            return [convert(entry) for entry in argument]
        return NAMED_VALUES.get(argument, argument) if isinstance(argument, str) else argument

    values = [convert(argument) for argument in spec.get("args", [])]
    keywords = values.pop() if values and isinstance(values[-1], dict) else {}
    kind = getattr(torch.optim.swa_utils if spec["scheduler"] == "SWALR" else torch.optim.lr_scheduler, spec["scheduler"])
    if spec["scheduler"] == "ChainedScheduler":
        return kind(*values, optimizer=optimizer, **keywords)
    return kind(optimizer, *values, **keywords)


def run_scheduler(case, recorder):
    entry = {key: case[key] for key in ("id", "scheduler", "args", "optimizer", "options", "lrs", "steps", "metrics", "epochs", "resume") if key in case}
    rates = case.get("lrs", [0.1])
    parameters = [torch.nn.Parameter(torch.zeros(1)) for _ in rates]
    options = value_of(case.get("options", {}), {})

    def make_optimizer():
        groups = [{"params": [parameter], "lr": rate} for parameter, rate in zip(parameters, rates)]
        return getattr(torch.optim, case.get("optimizer", "SGD"))(groups, **{"lr": rates[0], **options})

    optimizer = make_optimizer()
    scheduler = scheduler_of(case, optimizer)
    history = [[group["lr"] for group in optimizer.param_groups]]
    momenta = [[momentum_of(group) for group in optimizer.param_groups]]
    for step in range(case.get("steps", 10)):
        if step == case.get("resume"):  # another scheduler, which has only what was saved
            saved, groups = copy.deepcopy(scheduler.state_dict()), copy.deepcopy(optimizer.state_dict())
            optimizer = make_optimizer()
            scheduler = scheduler_of(case, optimizer)
            optimizer.load_state_dict(groups)
            scheduler.load_state_dict(saved)
        optimizer.step()
        if "metrics" in case:
            scheduler.step(numbers(case["metrics"][step]))
        elif "epochs" in case:
            scheduler.step(case["epochs"][step])
        else:
            scheduler.step()
        history.append([group["lr"] for group in optimizer.param_groups])
        momenta.append([momentum_of(group) for group in optimizer.param_groups])
    entry["history"] = history
    if case.get("momentum"):
        entry["momenta"] = momenta
    entry["last"] = scheduler.get_last_lr()
    entry["saved"] = plain(scheduler.state_dict())
    return entry


def plain(value):
    """A scheduler's state as JSON, without the two flags that say what is under way."""
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in sorted(value.items()) if key not in ("_is_initial", "_get_lr_called_within_step")}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return str(value) if isinstance(value, float) and math.isinf(value) else value


def momentum_of(group):
    return group["betas"][0] if "betas" in group else group.get("momentum", 0)


KINDS = {"call": run_call, "layer": run_layer, "init": run_init, "optimizer": run_optimizer, "scheduler": run_scheduler}


def kind_of(case):
    for kind in ("call", "layer", "init", "scheduler", "optimizer"):
        if kind in case:
            return kind
    raise ValueError("a case has one of call, layer, init, optimizer, scheduler")


# Families


def load(family):
    path = SPECS / f"{family}.json"
    if path.exists():
        return json.loads(path.read_text())
    sys.path.insert(0, str(SPECS))
    module = importlib.util.spec_from_file_location(family.replace("-", "_"), SPECS / f"{family}.py")
    loaded = importlib.util.module_from_spec(module)
    module.loader.exec_module(loaded)
    return list(loaded.cases())


def families():
    """Every family that has a spec. Python files that begin with an underscore are helpers."""
    return sorted(path.stem for path in SPECS.iterdir() if path.suffix in (".json", ".py") and not path.stem.startswith("_"))


def collect(cases, label):
    """Runs cases; gives what goes into the manifest, the tensors, and the number that PyTorch refused."""
    tensors, entries, refused, seen = {}, [], 0, set()
    for case in cases:
        identifier = case.get("id")
        recorder = Recorder(identifier)
        try:
            if identifier in seen:
                raise ValueError("this id is used twice")
            entries.append(KINDS[kind_of(case)](case, recorder))
            seen.add(identifier)
            tensors |= recorder.tensors
        except Exception as error:  # one bad spec must not hide the others
            refused += 1
            print(f"  {label}: {identifier}: {type(error).__name__}: {error}", file=sys.stderr)
    return entries, tensors, refused


def write(folder, family, entries, tensors):
    """Writes a family's manifest and tensors; gives the sizes of both files."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(entry, separators=(",", ":"), ensure_ascii=False) for entry in entries)
    manifest = folder / f"{family}.json"
    manifest.write_text(f'{{"torch":"{torch.__version__.split("+")[0]}","cases":[\n{lines}\n]}}\n')
    values = folder / f"{family}.safetensors"
    save_file(tensors, values)
    values.chmod(0o644)
    return [path.stat().st_size for path in (manifest, values)]


def generate(family):
    """Writes one family; gives the number of specs that PyTorch refused."""
    entries, tensors, refused = collect(load(family), family)
    sizes = write(GOLDENS, family, entries, tensors)
    print(f"{family}: {len(entries)} cases, {sum(sizes) / 1e6:.2f} MB" + (f", {refused} REFUSED" if refused else ""))
    if max(sizes) > MAXIMUM_BYTES:
        print(f"  {family}: more than {MAXIMUM_BYTES} bytes: use smaller shapes or split the family", file=sys.stderr)
        refused += 1
    return refused


def write_table():
    """The families that there are, as literal URLs: bundlers find the files by them."""

    def url(family, extension):
        return f"new URL('../../goldens/cases/{family}.{extension}', import.meta.url)"

    known = sorted(path.stem for path in GOLDENS.glob("*.json"))
    rows = [f"  '{family}': {{ manifest: {url(family, 'json')}, goldens: {url(family, 'safetensors')} }}," for family in known]
    TABLE.write_text("\n".join(["// Written by tooling/goldens/cases.py.", "export const familyFiles = {", *rows, "} as const;", "", "export type FamilyName = keyof typeof familyFiles;", ""]))


def main():
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    chosen = sys.argv[1:] or families()
    refused = sum(generate(family) for family in chosen)
    write_table()
    sys.exit(1 if refused else 0)


if __name__ == "__main__":
    main()
