"""A case as the lines of Python that it stands for, so that a person can run it."""

import cases

# Longer inputs are read from the file.
LONGEST_LITERAL = 24


def spell(case, recorded, file):
    """Lines that give what PyTorch gave. `recorded` has the tensors of the case, `file` all of the family."""
    lines = [f"values = safetensors.torch.load_file({str(file)!r})"] if any(is_long(value) for value in recorded_inputs(case, recorded).values()) else []
    for name, value in recorded_inputs(case, recorded).items():
        text = input_text(case["id"], name, value) + (".requires_grad_()" if requires_gradient(case, name, value) else "")
        copied = spec_of(case, name).get("clone")
        lines.append(f"{variable(name)} = {f'({variable(name)}_leaf := {text}).clone()' if copied else text}")
    lines.append(f"torch.manual_seed({case.get('seed', 0)})")
    return [*lines, *subject(case)]


def recorded_inputs(case, recorded):
    prefix = f"{case['id']}#in."
    return {name.removeprefix(prefix): value for name, value in recorded.items() if name.startswith(prefix)}


def is_long(value):
    return value.numel() > LONGEST_LITERAL


def variable(name):
    return f"input{name}" if name.isdigit() else name


def input_text(identifier, name, value):
    kind = {"torch.int32": "torch.int64"}.get(str(value.dtype), str(value.dtype))
    if is_long(value):
        text = f"values[{identifier + '#in.' + name!r}].to({kind})"
    elif value.numel() == 0:
        text = f"torch.empty({list(value.shape)}, dtype={kind})"
    else:
        text = f"torch.tensor({value.tolist()}, dtype={kind})"
    return text


def spec_of(case, name):
    specs = case["inputs"]
    return specs[name] if isinstance(specs, dict) else specs[int(name)]


def requires_gradient(case, name, value):
    return spec_of(case, name).get("requiresGrad", value.is_floating_point())


def subject(case):
    kind = cases.kind_of(case)
    if kind == "call":
        return [call_text(case)]
    if kind == "layer":
        inputs = case.get("inputs", {})
        names = inputs if isinstance(inputs, dict) else map(str, range(len(inputs)))
        given = case.get("forward", [f"${name}" for name in names])
        lines = [f"layer = {layer_text(case)}", f"layer.train({case.get('mode', 'train') == 'train'})"]
        return [*lines, *[f"layer({arguments_text(given)})"] * case.get("calls", 1)]
    if kind == "init":
        texts = [f"torch.zeros({case['shape']})", arguments_text(case["args"])]
        return [f"torch.nn.init.{cases.snake(case['init'])}({', '.join(filter(None, texts))})"]
    if kind == "scheduler":
        return [f"torch.optim.lr_scheduler.{case['scheduler']}(optimizer, {arguments_text(case['args'])})  # of groups with the rates {case['lrs']}"]
    return [f"torch.optim.{case['optimizer']}(parameters, {arguments_text([case['options']])})  # of the shapes {case['params']}"]


def call_text(case):
    root, *rest = case["call"].split(".")
    path = ".".join([{"F": "torch.nn.functional", "nn": "torch.nn"}.get(root, root if root in ("torch", *case["inputs"]) else f"torch.{root}"), *map(cases.snake, rest)])
    if case.get("args") is None:
        return path
    if case["call"] == "x.at":
        return f"x[{subscript_text(case['args'])}]"
    if case["call"] == "x.set":
        index, value = case["args"]
        return f"x = x.clone(); x[{subscript_text(index)}] = {text(value)}"
    return f"{path}({arguments_text(case['args'])})"


def subscript_text(index):
    return ", ".join(map(text, index)) if isinstance(index, list) else text(index)


def layer_text(spec):
    return f"torch.nn.{spec['layer']}({arguments_text(spec.get('args', []))})"


def arguments_text(arguments):
    *first, last = arguments if arguments else [None]
    if not arguments:
        return ""
    texts = [text(argument) for argument in first]
    if isinstance(last, dict) and not last.keys() & {"layer", "tuple", "complex", "function"}:
        texts += [f"{cases.snake(key)}={text(value)}" for key, value in last.items()]
    else:
        texts.append(text(last))
    return ", ".join(texts)


def text(value):
    if isinstance(value, str):
        if value.startswith("$"):
            return variable(value[1:])
        if value in cases.DTYPES:
            return str(cases.DTYPES[value])
        return f"float({value!r})" if value in cases.NAMED_VALUES else repr(value)
    if isinstance(value, list):
        if value and value[0] == "slice":
            return f"slice({', '.join(map(text, value[1:]))})"
        return f"[{', '.join(map(text, value))}]"
    if isinstance(value, dict):
        if "layer" in value:
            return layer_text(value)
        if "complex" in value:
            return f"torch.complex({', '.join(map(text, value['complex']))})"
        if "tuple" in value:
            return f"({''.join(text(entry) + ', ' for entry in value['tuple'])})"
        return "{" + ", ".join(f"{cases.snake(key)!r}: {text(entry)}" for key, entry in value.items()) + "}"
    return repr(value)
