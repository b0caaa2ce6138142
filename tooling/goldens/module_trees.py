"""Random trees of modules, as data, with what PyTorch makes of them. `modules.py` writes them."""

import random

import torch
from torch import nn

NAMES = ["a", "b", "net", "head", "layer1", "proj", "0", "7", "weight", "inner", "q", "mean", "kind", "length2"]
KINDS = ["Encoder", "Head", "Mixer", "Wrapper"]
LEAVES = [
    ("Linear", [[2, 3], [3, 1], [1, 1]], {"bias": [True, False]}),
    ("Conv2d", [[1, 2, 3], [2, 2, 1]], {"stride": [1, 2], "bias": [True, False]}),
    ("BatchNorm1d", [[2], [3]], {"affine": [True, False]}),
    ("LayerNorm", [[3]], {"eps": [1e-5, 0.5]}),
    ("Embedding", [[4, 2]], {}),
    ("PReLU", [[]], {}),
    ("Dropout", [[0.5], [0.25]], {}),
    ("ReLU", [[]], {}),
    ("Tanh", [[]], {}),
    ("Flatten", [[]], {}),
    ("Softmax", [[1]], {}),
]


def snake(name):
    return "".join("_" + c.lower() if c.isupper() else c for c in name)


class Maker:
    """Describes trees and builds them at the same time, so that a description may refer to what is there already."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.modules = []
        self.parameters = []

    def maybe(self, probability):
        return self.random.random() < probability

    def node(self, depth):
        if self.modules and self.maybe(0.12):
            index = self.random.randrange(len(self.modules))
            return {"ref": index}, self.modules[index]
        kinds = ["leaf"] if depth == 0 else ["leaf", "leaf", "Sequential", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict", "block", "block"]
        kind = self.random.choice(kinds)
        # Not in the list of what can be referred to before it is complete: no cycles.
        description, module = getattr(self, kind if kind in ("leaf", "block") else "container")(kind, depth)
        self.modules.append(module)
        return description, module

    def leaf(self, _kind, _depth):
        name, arguments, options = self.random.choice(LEAVES)
        args = self.random.choice(arguments)
        chosen = {key: self.random.choice(values) for key, values in options.items() if self.maybe(0.5)}
        return {"class": name, "args": [*args, chosen] if chosen else args}, getattr(nn, name)(*args, **{snake(k): v for k, v in chosen.items()})

    def unique_names(self, count):
        return self.random.sample(NAMES, count)

    def container(self, kind, depth):
        module = getattr(nn, kind)()
        entries = []
        count = self.random.randrange(4)
        names = self.unique_names(count) if kind.endswith("Dict") or (kind == "Sequential" and self.maybe(0.4)) else [str(i) for i in range(count)]
        for name in names:
            if kind.startswith("Parameter"):
                entry, value = self.parameter()
                if kind == "ParameterDict":
                    module[name] = value
                else:
                    module.append(value)
            else:
                entry, value = self.node(depth - 1)
                if value is None:
                    continue
                module.add_module(name, value)
            entries.append([name, entry])
        operations = []
        if kind in ("Sequential", "ModuleList"):
            for _ in range(self.random.randrange(3)):
                operation = self.random.choice(["append", "insert", "delete", "replace"])
                plain = list(module._modules) == [str(i) for i in range(len(module))]
                if operation == "append" and plain:
                    entry, value = self.node(0)
                    module.append(value)
                    operations.append(["append", entry])
                elif operation == "insert" and plain:
                    index = self.random.randrange(len(module) + 1)
                    entry, value = self.node(0)
                    module.insert(index, value)
                    operations.append(["insert", index, entry])
                elif operation == "delete" and len(module) > 0:
                    index = self.random.randrange(-len(module), len(module))
                    del module[index]
                    operations.append(["delete", index])
                elif operation == "replace" and len(module) > 0:
                    index = self.random.randrange(-len(module), len(module))
                    entry, value = self.node(0)
                    module[index] = value
                    operations.append(["replace", index, entry])
        return {"class": kind, "entries": entries, "operations": operations}, module

    def parameter(self):
        if self.parameters and self.maybe(0.2):
            index = self.random.randrange(len(self.parameters))
            return {"parameter": index}, self.parameters[index]
        shape = [self.random.randrange(1, 4) for _ in range(self.random.randrange(3))]
        value = nn.Parameter(torch.zeros(shape))
        self.parameters.append(value)
        return {"shape": shape}, value

    def block(self, _kind, depth):
        name = self.random.choice(KINDS)
        extra = self.random.choice(["", "", "size=3", "size=3\nmode='x'"])
        module = type(name, (nn.Module,), {"extra_repr": lambda self: extra})()
        steps = []
        for key in self.unique_names(self.random.randrange(1, 6)):
            what = self.random.choice(["parameter", "parameter", "buffer", "module", "module", "module", "noParameter", "noBuffer", "noModule"])
            if what == "parameter":
                entry, value = self.parameter()
                setattr(module, key, value)
                steps.append([what, key, entry])
            elif what == "buffer":
                shape = [self.random.randrange(1, 4)]
                persistent = self.maybe(0.7)
                module.register_buffer(key, torch.zeros(shape), persistent=persistent)
                steps.append([what, key, shape, persistent])
            elif what == "module":
                entry, value = self.node(depth - 1)
                setattr(module, key, value)
                steps.append([what, key, entry])
            else:
                {"noParameter": module.register_parameter, "noBuffer": module.register_buffer, "noModule": module.add_module}[what](key, None)
                steps.append([what, key])
        present = [*module._parameters, *module._buffers, *module._modules]
        for _ in range(self.random.randrange(3)):
            key = self.random.choice(present)
            operation = self.random.choice(["delete", "null", "parameter", "reuse"])
            if operation == "delete":
                delattr(module, key)
                present.remove(key)
                steps.append(["delete", key])
                if not present:
                    break
            elif operation == "null":
                setattr(module, key, None)
                steps.append(["null", key])
            elif operation == "parameter":
                entry, value = self.parameter()
                setattr(module, key, value)
                steps.append(["parameter", key, entry])
            elif key not in module._parameters:
                entry, value = self.node(0)
                setattr(module, key, value)
                steps.append(["module", key, entry])
        return {"block": name, "extra": extra, "steps": steps}, module


def shapes(pairs):
    return [[name, list(tensor.shape)] for name, tensor in pairs]


def names(pairs):
    return [name for name, _ in pairs]


def altered(module, chooser):
    """A state with some names missing, some renamed and some of another shape; as changes, and as the state itself."""
    state = dict(module.state_dict())
    changes = []
    for key in list(state):
        choice = chooser.random()
        if choice < 0.1:
            del state[key]
            changes.append(["delete", key])
        elif choice < 0.2:
            shape = [*state[key].shape, 2]
            state[key] = torch.zeros(shape)
            changes.append(["shape", key, shape])
        elif choice < 0.25:
            state[key + "x"] = state.pop(key)
            changes.append(["rename", key, key + "x"])
        elif choice < 0.3:
            state[key + ".deep"] = torch.zeros(1)
            changes.append(["add", key + ".deep"])
    return changes, state


def outcome(module, state):
    try:
        missing, unexpected = module.load_state_dict(state)
    except RuntimeError as error:
        return str(error)
    return [missing, unexpected]


def tree(seed):
    maker = Maker(seed)
    description, module = maker.block("block", 3) if seed % 3 else maker.container(maker.random.choice(["Sequential", "ModuleList", "ModuleDict"]), 3)
    order = []
    module.apply(lambda m: order.append(type(m).__name__))
    changes, state = altered(module, maker.random)
    return {
        "seed": seed,
        "tree": description,
        "parameters": shapes(module.named_parameters()),
        "allParameters": names(module.named_parameters(prefix="p", remove_duplicate=False)),
        "ownParameters": names(module.named_parameters(recurse=False)),
        "buffers": shapes(module.named_buffers()),
        "allBuffers": names(module.named_buffers(remove_duplicate=False)),
        "children": names(module.named_children()),
        "modules": [[name, type(m).__name__] for name, m in module.named_modules()],
        "allModules": names(module.named_modules(prefix="p", remove_duplicate=False)),
        "applied": order,
        "state": shapes(module.state_dict().items()),
        "versions": [[key, value["version"]] for key, value in module.state_dict(prefix="s.")._metadata.items()],
        "printed": repr(module),
        "changes": changes,
        "outcome": outcome(module, state),
    }


def trees(count):
    return [tree(seed) for seed in range(count)]
