"""Writes what PyTorch's module system does: python3 tooling/goldens/modules.py

`packages/conformance/goldens/modules.json` has, by scenario, the lines that the scenario logs: names, state keys,
printed trees, calls of hooks, error texts. The tests in packages/conformance/src/modules build the same modules in TypeScript and log the
same lines. `packages/conformance/goldens/module-trees.json` has random trees of modules, described as data, with what PyTorch lists, prints
and refuses for each of them.
"""

import copy
import json
import pathlib
import re
import warnings

import torch
from torch import nn

from module_trees import trees

GOLDENS = pathlib.Path(__file__).resolve().parents[2] / "packages/conformance/goldens"

# How TypeScript says what PyTorch's texts name in Python's terms.
SPELLING = [
    (r"torch\.FloatTensor", "Tensor"),
    (r"torch\.LongTensor", "Tensor"),
    (r"torch\.nn\.parameter\.Parameter", "Parameter"),
    (r"torch\.nn\.modules\.\w+\.(\w+)", r"\1"),
    (r"__main__\.(\w+)", r"\1"),
    (r"<class '(\w+)'>", r"\1"),
    (r"torch\.nn\.", "nn."),
    (r"torch Tensor", "Tensor"),
    (r"nn\.Buffer, torch\.Tensor", "nn.Buffer, Tensor"),
    (r"dtype=torch\.", "dtype="),
    (r"\bbut list is given", "but Array is given"),
    (r"\blist is not a Module\b", "Array is not a Module"),
    (r"\bNone\b", "null"),
    (r"'str'", "'string'"),
    (r"'int'", "'number'"),
    (r"\bGot int\b", "Got number"),
    (r"\bint is not a Module\b", "number is not a Module"),
    (r"\bgot int\b", "got number"),
    (r"received int\b", "received number"),
    (r"found int\b", "found number"),
    (r"Iterable; isint\b", "Iterable; is number"),
    (r"received str\b", "received string"),
]


def spelled(text):
    for pattern, replacement in SPELLING:
        text = re.sub(pattern, replacement, text)
    return text


class Log:
    def __init__(self):
        self.lines = []

    def __call__(self, label, value):
        self.lines.append(f"{label}: {value if isinstance(value, str) else json.dumps(value, separators=(',', ':'))}")

    def error(self, label, body):
        try:
            body()
        except Exception as error:  # noqa: BLE001
            text = error.args[0] if error.args else ""
            self(label, spelled(str(text)))
        else:
            self(label, "no error")


SCENARIOS = {}


def scenario(function):
    SCENARIOS[function.__name__] = function
    return function


def values(tensor):
    return None if tensor is None else [int(v) if float(v).is_integer() else float(v) for v in tensor.detach().reshape(-1).tolist()]


def names(pairs):
    return [name for name, _ in pairs]


def listing(log, label, module):
    log(label, [list(module._parameters), list(module._buffers), list(module._modules), list(module.state_dict())])


def parameter(*sizes):
    return nn.Parameter(torch.ones(*sizes))


class Piece(nn.Module):
    def forward(self, x):
        return x


class Scale(nn.Module):
    def __init__(self, factor):
        super().__init__()
        self.factor = nn.Parameter(torch.full([2], float(factor)))

    def forward(self, x):
        return x * self.factor


@scenario
def registration(log):
    m = Piece()
    m.weight = parameter(2)
    m.child = Piece()
    m.register_buffer("mean", torch.zeros(2))
    m.plain = torch.zeros(3)
    listing(log, "assigned", m)
    m.register_parameter("bias", None)
    m.add_module("gap", None)
    m.register_buffer("empty", None)
    listing(log, "null entries", m)
    m.bias = parameter(1)
    m.gap = Piece()
    m.empty = torch.zeros(1)
    listing(log, "filled later, in their places", m)
    m.weight = None
    m.child = None
    m.mean = None
    listing(log, "set to null", m)
    m.weight = parameter(3)
    m.child = nn.ReLU()
    m.mean = torch.ones(2)
    listing(log, "set again", m)
    m.mean = parameter(2)
    listing(log, "a parameter over a buffer", m)
    m.child = parameter(2)
    listing(log, "a parameter over a child", m)
    m.empty = Piece()
    listing(log, "a child over a buffer", m)
    del m.weight
    del m.gap
    listing(log, "deleted", m)
    m.weight = 3
    listing(log, "an ordinary property after the deletion", m)
    m.later = parameter(1)
    m.gap = Piece()
    listing(log, "added at the end", m)
    m.plain = parameter(4)
    listing(log, "a parameter over an ordinary property", m)
    m.register_module("other", Piece())
    m.register_parameter("later", parameter(5))
    m.add_module("gap", nn.ReLU())
    listing(log, "registered again under their names", m)
    log("shapes", [list(p.shape) for p in m.parameters()])


@scenario
def registration_errors(log):
    m = Piece()
    m.weight = parameter(2)
    m.child = Piece()
    m.register_buffer("mean", torch.zeros(2))
    m.plain = 1

    def assign(name, value):
        return lambda: setattr(m, name, value)

    log.error("a tensor over a parameter", assign("weight", torch.zeros(2)))
    log.error("a child over a parameter", assign("weight", Piece()))
    log.error("a number over a parameter", assign("weight", 3))
    log.error("a tensor over a child", assign("child", torch.zeros(2)))
    log.error("a number over a child", assign("child", 3))
    log.error("a text over a buffer", assign("mean", "x"))
    log.error("a number over a buffer", assign("mean", 3))
    log.error("parameter name with a dot", lambda: m.register_parameter("a.b", None))
    log.error("buffer name with a dot", lambda: m.register_buffer("a.b", None))
    log.error("child name with a dot", lambda: m.add_module("a.b", None))
    log.error("empty parameter name", lambda: m.register_parameter("", None))
    log.error("empty buffer name", lambda: m.register_buffer("", None))
    log.error("empty child name", lambda: m.add_module("", None))
    log.error("parameter name no text", lambda: m.register_parameter(3, None))
    log.error("buffer name no text", lambda: m.register_buffer(3, None))
    log.error("child name no text", lambda: m.add_module(3, None))
    log.error("parameter over an ordinary property", lambda: m.register_parameter("plain", parameter(1)))
    log.error("buffer over a parameter", lambda: m.register_buffer("weight", torch.zeros(1)))
    log.error("child over a buffer", lambda: m.add_module("mean", Piece()))
    log.error("parameter over a method", lambda: m.register_parameter("forward", parameter(1)))
    log.error("a tensor as a parameter", lambda: m.register_parameter("other", torch.zeros(1)))
    log.error("a number as a buffer", lambda: m.register_buffer("other", 3))
    log.error("a number as a child", lambda: m.add_module("other", 3))
    log.error("a Buffer over an ordinary property", assign("plain", nn.Buffer(torch.zeros(1))))
    log.error("a Buffer over a child", assign("child", nn.Buffer(torch.zeros(1))))
    listing(log, "nothing has changed", m)


@scenario
def buffers(log):
    m = Piece()
    m.register_buffer("kept", torch.zeros(1))
    m.register_buffer("scratch", torch.zeros(1), persistent=False)
    listing(log, "persistent or not", m)
    m.kept = torch.ones(1)
    m.scratch = torch.ones(1)
    listing(log, "reassigned", m)
    m.register_buffer("kept", torch.zeros(2), persistent=False)
    m.register_buffer("scratch", torch.zeros(2))
    listing(log, "toggled", m)
    del m.kept
    m.register_buffer("kept", torch.zeros(1))
    listing(log, "deleted and registered again", m)
    m.first = nn.Buffer(torch.zeros(1))
    m.second = nn.Buffer(torch.zeros(1), persistent=False)
    listing(log, "assigned as Buffer", m)
    m.first = nn.Buffer(torch.zeros(1), persistent=False)
    m.second = nn.Buffer(torch.zeros(1))
    listing(log, "toggled by assignment", m)
    m.second = None
    m.second = torch.zeros(3)
    listing(log, "null and back", m)
    log("listed", names(m.named_buffers()))
    log("loading needs the persistent ones", [list(k) for k in m.load_state_dict({}, strict=False)])


def shared_tree():
    shared = nn.Linear(2, 2)
    inner = Piece()
    inner.a = shared
    inner.b = nn.Linear(2, 2, bias=False)
    inner.b.weight = shared.weight
    root = Piece()
    root.first = shared
    root.inner = inner
    root.second = shared
    root.norm = nn.BatchNorm1d(2)
    root.again = root.norm
    root.nothing = None
    root.own = shared.weight
    root.add_module("gap", None)
    return root


@scenario
def traversal(log):
    root = shared_tree()
    log("parameters", names(root.named_parameters()))
    log("parameters with duplicates", names(root.named_parameters(remove_duplicate=False)))
    log("parameters with a prefix", names(root.named_parameters(prefix="net")))
    log("own parameters", names(root.named_parameters(recurse=False)))
    log("own parameters with a prefix", names(root.named_parameters(prefix="net", recurse=False)))
    log("buffers", names(root.named_buffers()))
    log("buffers with duplicates", names(root.named_buffers(prefix="x", remove_duplicate=False)))
    log("own buffers", names(root.named_buffers(recurse=False)))
    log("children", names(root.named_children()))
    log("modules", names(root.named_modules()))
    log("modules with duplicates", names(root.named_modules(remove_duplicate=False)))
    log("modules with a prefix", names(root.named_modules(prefix="net")))
    log("counts", [len(list(root.parameters())), len(list(root.parameters(recurse=False))), len(list(root.buffers())), len(list(root.children())), len(list(root.modules()))])
    log("state", list(root.state_dict()))
    order = []
    root.apply(lambda m: order.append(type(m).__name__))
    log("apply", order)


@scenario
def cycles(log):
    root = Piece()
    root.weight = parameter(1)
    root.child = Piece()
    root.child.scale = parameter(1)
    root.child.parent = root
    log("parameters", names(root.named_parameters()))
    log("children", names(root.child.named_children()))
    log("modules", names(root.named_modules()))
    log("modules of the child", names(root.child.named_modules()))


@scenario
def paths(log):
    root = shared_tree()
    root.body = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
    root.tensor = torch.zeros(1)
    log("blocks", [type(root.get_submodule(p)).__name__ for p in ["", "first", "inner.b", "body.0", "body.1"]])
    log("parameters", [list(root.get_parameter(p).shape) for p in ["own", "inner.b.weight", "body.0.bias"]])
    log("buffers", [list(root.get_buffer(p).shape) for p in ["norm.running_mean", "again.num_batches_tracked"]])
    log.error("no such block", lambda: root.get_submodule("inner.c"))
    log.error("a path through nothing", lambda: root.get_submodule("body.5.x"))
    log.error("no block", lambda: root.get_submodule("own"))
    log.error("no block inside", lambda: root.get_submodule("first.weight.x"))
    log.error("no such parameter", lambda: root.get_parameter("first.scale"))
    log.error("no parameter", lambda: root.get_parameter("norm.running_mean"))
    log.error("block as parameter", lambda: root.get_parameter("inner.a"))
    log.error("no such buffer", lambda: root.get_buffer("norm.scale"))
    log.error("no buffer", lambda: root.get_buffer("norm.weight"))
    log.error("tensor that is no buffer", lambda: root.get_buffer("tensor"))
    root.set_submodule("body.0", nn.Linear(2, 5))
    root.set_submodule("inner.new", nn.ReLU())
    root.set_submodule("top", nn.Tanh())
    log("set", names(root.named_modules()))
    log.error("set without a name", lambda: root.set_submodule("", nn.ReLU()))
    log.error("set over a parameter", lambda: root.set_submodule("first.weight", nn.ReLU()))
    log.error("set strictly where nothing is", lambda: root.set_submodule("inner.zzz", nn.ReLU(), strict=True))
    log.error("set what is no block", lambda: root.set_submodule("inner.zzz", 3))
    log.error("set on a path through nothing", lambda: root.set_submodule("nowhere.zzz", nn.ReLU()))


class Frozen(nn.Sequential):
    def train(self, mode=True):
        return super().train(False)


@scenario
def modes(log):
    net = nn.Sequential(nn.Linear(2, 2), Frozen(nn.BatchNorm1d(2), nn.Dropout(0.5)), nn.Sequential(nn.ReLU()))

    def training():
        return [m.training for m in net.modules()]

    log("at first", training())
    net.train()
    log("train", training())
    net.eval()
    log("eval", training())
    net[2].train()
    log("a part", training())
    net.train(True)
    log("train again", training())
    log.error("no boolean", lambda: net.train(1))
    net.requires_grad_(False)
    log("not trained", [p.requires_grad for p in net.parameters()])
    net[0].requires_grad_()
    log("a part trained", [p.requires_grad for p in net.parameters()])
    for p in net[0].parameters():
        p.grad = torch.ones_like(p)
    net.zero_grad(set_to_none=False)
    log("zeros", [values(p.grad) for p in net.parameters()])
    net.zero_grad()
    log("null", [values(p.grad) for p in net.parameters()])
    weight = net[0].weight
    net.double()
    log("double", [str(t.dtype).removeprefix("torch.") for t in [*net.parameters(), *list(net.buffers())[:2]]])
    net.half()
    net.float()
    log("float", [str(t.dtype).removeprefix("torch.") for t in [*net.parameters(), *list(net.buffers())[:2]]])
    log("the same parameter", net[0].weight is weight)
    log.error("an integer dtype", lambda: net.to(torch.int32))


@scenario
def forward_hooks(log):
    net = nn.Sequential(Scale(2), Scale(3))
    x = torch.tensor([1.0, 2.0])
    events = []

    def note(name, result=None):
        def hook(module, *arguments):
            last = arguments[-1]
            events.append([name, values(last[0] if isinstance(last, tuple) else last)])
            return None if result is None else result(*arguments)

        return hook

    def flush(label):
        log(label, events)
        events.clear()

    handles = [
        net.register_forward_pre_hook(note("pre 1")),
        net.register_forward_pre_hook(note("pre 2", lambda inputs: (inputs[0] + 1,))),
        net.register_forward_pre_hook(note("pre 0"), prepend=True),
        net[0].register_forward_hook(note("post 1")),
        net[0].register_forward_hook(note("post 2", lambda inputs, output: output + 10)),
        net[0].register_forward_hook(note("post 0"), prepend=True),
        net[1].register_forward_pre_hook(note("pre single", lambda inputs: inputs[0] * 2)),
        net.register_forward_hook(note("outer")),
    ]
    log("result", values(net(x)))
    flush("order")
    net(x)
    net(x)
    flush("called twice")
    handles[1].remove()
    handles[4].remove()
    handles[4].remove()
    log("after removal", values(net(x)))
    flush("order after removal")
    for handle in handles:
        handle.remove()
    log("no hooks", values(net(x)))

    everywhere = [
        nn.modules.module.register_module_forward_pre_hook(lambda m, i: events.append(["global pre", type(m).__name__])),
        nn.modules.module.register_module_forward_hook(lambda m, i, o: events.append(["global post", type(m).__name__])),
    ]
    net.register_forward_pre_hook(note("own pre"))
    net.register_forward_hook(note("own post"))
    net(x)
    flush("global hooks come first")
    for handle in everywhere:
        handle.remove()
    net(x)
    flush("global hooks removed")

    once = Scale(1)

    def first(module, inputs):
        events.append(["once", 0])
        handle.remove()

    handle = once.register_forward_pre_hook(first)
    once.register_forward_pre_hook(lambda m, i: events.append(["each time", 0]))
    once(x)
    once(x)
    flush("a hook that removes itself")

    growing = Scale(1)

    def grow(module, inputs):
        events.append(["grows", 0])
        growing.register_forward_pre_hook(lambda m, i: events.append(["grown", 0]))

    growing.register_forward_pre_hook(grow)
    growing(x)
    growing(x)
    flush("a hook that adds hooks")


class Failing(nn.Module):
    def forward(self, x):
        raise RuntimeError("no forward today")


@scenario
def always_called_hooks(log):
    events = []

    def note(name):
        return lambda m, i, o: events.append([name, values(o)])

    failing = Failing()
    failing.register_forward_hook(note("ordinary"))
    failing.register_forward_hook(note("always"), always_call=True)
    everywhere = nn.modules.module.register_module_forward_hook(note("global always"), always_call=True)
    log.error("forward fails", lambda: failing(torch.zeros(2)))
    log("called", events)
    events.clear()

    def fails(module, inputs, output):
        events.append(["fails", values(output)])
        raise RuntimeError("no hook today")

    scale = Scale(2)
    scale.register_forward_hook(note("before"), always_call=True)
    scale.register_forward_hook(fails)
    scale.register_forward_hook(note("after"), always_call=True)
    scale.register_forward_hook(note("ordinary after"))
    log.error("a hook fails", lambda: scale(torch.ones(2)))
    log("called", events)
    events.clear()
    Scale(3)(torch.ones(2))
    log("called once when nothing fails", events)
    everywhere.remove()


class Pair(nn.Module):
    def forward(self, x, y):
        return x * 2 + y, y * 3


@scenario
def backward_hooks(log):
    events = []

    def note(name, result=None):
        def hook(module, *gradients):
            events.append([name, *[[values(g) for g in group] for group in gradients]])
            return None if result is None else result(*gradients)

        return hook

    def flush(label):
        log(label, events)
        events.clear()

    def leaf(*numbers):
        return torch.tensor([float(n) for n in numbers], requires_grad=True)

    scale = Scale(3)
    handles = [
        scale.register_full_backward_hook(note("1")),
        scale.register_full_backward_hook(note("2", lambda gi, go: (gi[0] + 1,))),
        scale.register_full_backward_hook(note("0"), prepend=True),
        scale.register_full_backward_pre_hook(note("pre 1")),
        scale.register_full_backward_pre_hook(note("pre 2", lambda go: (go[0] * 10,))),
        scale.register_full_backward_pre_hook(note("pre 0"), prepend=True),
    ]
    x = leaf(1, 2)
    scale(x).sum().backward()
    flush("order and replacement")
    log("gradients", [values(x.grad), values(scale.factor.grad)])
    scale.zero_grad()
    x = leaf(1, 2)
    y = scale(scale(x))
    y.sum().backward()
    flush("a block called twice")
    log("gradients", [values(x.grad), values(scale.factor.grad)])
    for handle in handles:
        handle.remove()
    scale.zero_grad()
    x = leaf(1, 2)
    scale(x).sum().backward()
    log("removed", [events, values(x.grad), values(scale.factor.grad)])

    first = Scale(2)
    first.register_full_backward_hook(note("first"))
    first(torch.tensor([1.0, 2.0])).sum().backward()
    flush("no input needs a gradient")

    pair = Pair()
    pair.register_full_backward_hook(note("pair"))
    pair.register_full_backward_pre_hook(note("pair pre"))
    x, z = leaf(1, 2), leaf(3, 4)
    a, b = pair(x, z)
    (a.sum() + b.sum() * 2).backward()
    flush("two inputs and outputs")
    log("gradients", [values(x.grad), values(z.grad)])
    x = leaf(1, 2)
    a, b = pair(x, torch.tensor([3.0, 4.0]))
    a.sum().backward()
    flush("one input needs none, one output is not used")
    pair.register_full_backward_hook(lambda m, gi, go: (gi[0] * 100, gi[1] * 10))
    x, z = leaf(1, 2), leaf(3, 4)
    a, b = pair(x, z)
    (a.sum() + b.sum()).backward()
    events.clear()
    log("both replaced", [values(x.grad), values(z.grad)])

    net = nn.Sequential(Scale(2), Scale(3))
    nn.modules.module.register_module_full_backward_hook
    everywhere = nn.modules.module.register_module_full_backward_hook(lambda m, gi, go: events.append([type(m).__name__, values(go[0])]))
    before = nn.modules.module.register_module_full_backward_pre_hook(lambda m, go: events.append(["pre " + type(m).__name__, values(go[0])]))
    net(leaf(1, 1)).sum().backward()
    flush("global hooks")
    everywhere.remove()
    before.remove()

    wrong = Scale(2)
    handle = wrong.register_full_backward_hook(lambda m, gi, go: (gi[0], gi[0]))
    log.error("too many gradients", lambda: wrong(leaf(1, 2)).sum().backward())
    handle.remove()
    handle = wrong.register_full_backward_pre_hook(lambda m, go: (go[0], go[0]))
    log.error("too many output gradients", lambda: wrong(leaf(1, 2)).sum().backward())
    handle.remove()
    wrong.register_full_backward_hook(lambda m, gi, go: (torch.ones(2),))
    log.error("a gradient for nobody", lambda: wrong(torch.ones(2)).sum().backward())
    with torch.no_grad():
        net[0].register_full_backward_hook(note("never"))
        log("without gradients", values(net(torch.ones(2))))
    flush("not called")


@scenario
def tensor_hooks(log):
    events = []
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 3
    handles = [
        y.register_hook(lambda g: events.append(["y", values(g)])),
        y.register_hook(lambda g: g * 2),
        y.register_hook(lambda g: events.append(["y after", values(g)])),
        x.register_hook(lambda g: events.append(["x", values(g)])),
        x.register_hook(lambda g: g + 1),
        x.register_post_accumulate_grad_hook(lambda t: events.append(["accumulated", values(t.grad)])),
    ]
    y.sum().backward()
    log("events", events)
    events.clear()
    (x * 2).sum().backward()
    log("accumulated again", events)
    events.clear()
    for handle in handles:
        handle.remove()
    (x * 2).sum().backward()
    log("removed", [events, values(x.grad)])
    log.error("no gradient", lambda: torch.zeros(1).register_hook(lambda g: None))
    log.error("no leaf", lambda: (x * 2).register_post_accumulate_grad_hook(lambda t: None))
    log.error("no gradient to accumulate", lambda: torch.zeros(1).register_post_accumulate_grad_hook(lambda t: None))


@scenario
def registration_hooks(log):
    events = []
    handles = [
        nn.modules.module.register_module_parameter_registration_hook(lambda m, n, p: events.append(["parameter", type(m).__name__, n])),
        nn.modules.module.register_module_buffer_registration_hook(lambda m, n, b: events.append(["buffer", type(m).__name__, n, b is None])),
        nn.modules.module.register_module_module_registration_hook(lambda m, n, c: events.append(["module", type(m).__name__, n, c is None])),
    ]
    m = Piece()
    m.weight = parameter(1)
    m.register_parameter("bias", None)
    m.register_parameter("scale", parameter(1))
    m.register_buffer("mean", torch.zeros(1))
    m.register_buffer("none", None)
    m.mean = torch.ones(1)
    m.child = nn.ReLU()
    m.add_module("gap", None)
    m.gap = nn.ReLU()
    m.child = None
    log("events", events)
    events.clear()
    other = parameter(7)
    replacing = nn.modules.module.register_module_parameter_registration_hook(lambda m, n, p: other)
    m.weight = parameter(1)
    log("replaced", m.weight is other)
    for handle in [*handles, replacing]:
        handle.remove()
    m.weight = parameter(1)
    log("removed", [len(events), m.weight is other])


class Extra(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = parameter(1)
        self.extra = 5

    def get_extra_state(self):
        return self.extra

    def set_extra_state(self, state):
        self.extra = state


def stateful():
    net = Piece()
    net.own = parameter(1)
    net.body = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
    net.extra = Extra()
    net.register_buffer("scratch", torch.zeros(1), persistent=False)
    net.register_buffer("kept", torch.zeros(1))
    net.register_parameter("none", None)
    return net


@scenario
def state(log):
    net = stateful()
    log("names", list(net.state_dict()))
    log("with a prefix", list(net.state_dict(prefix="net.")))
    log("metadata", [[k, v["version"]] for k, v in net.state_dict()._metadata.items()])
    log("metadata with a prefix", [[k, v["version"]] for k, v in net.state_dict(prefix="net.")._metadata.items()])
    log("requires grad", [getattr(v, "requires_grad", None) for v in net.state_dict().values()])
    log("kept variables", [v is net.own for v in list(net.state_dict(keep_vars=True).values())[:1]] + [getattr(v, "requires_grad", None) for v in net.state_dict(keep_vars=True).values()])
    events = []
    net.register_state_dict_pre_hook(lambda m, prefix, keep: events.append(["pre", type(m).__name__, prefix, keep]))
    net.body.register_state_dict_post_hook(lambda m, s, prefix, meta: events.append(["post", prefix, list(s), meta["version"]]))
    net.body[1].register_state_dict_post_hook(lambda m, s, prefix, meta: s.__delitem__(prefix + "weight"))
    net.register_state_dict_post_hook(lambda m, s, prefix, meta: s.__setitem__(prefix + "added", 1))
    log("changed by hooks", list(net.state_dict(prefix="p.")))
    log("hooks", events)


@scenario
def loading(log):
    net = stateful()
    good = net.state_dict()

    def broken(**changes):
        result = dict(good)
        for key, value in changes.items():
            key = key.replace("__", ".")
            if value is None:
                del result[key]
            else:
                result[key] = value
        return result

    log("fits", [list(k) for k in net.load_state_dict(good)])
    log("extra state", net.extra.extra)
    extra = dict(good)
    extra["extra._extra_state"] = 9
    net.load_state_dict(extra)
    log("extra state taken over", net.extra.extra)
    missing = broken(own=None, body__0__bias=None)
    log.error("missing", lambda: net.load_state_dict(missing))
    log("missing, not strict", [list(k) for k in net.load_state_dict(missing, strict=False)])
    unexpected = broken(other=torch.zeros(1), body__7__weight=torch.zeros(1), body__0__scale=torch.zeros(1), own__x=torch.zeros(1), scratch=torch.zeros(1), none=torch.zeros(1))
    log.error("unexpected", lambda: net.load_state_dict(unexpected))
    log("unexpected, not strict", [list(k) for k in net.load_state_dict(unexpected, strict=False)])
    everything = broken(own=torch.zeros(3), body__0__weight=None, zzz=torch.zeros(1), kept=3, body__1__running_mean=torch.zeros(2, 2))
    log.error("everything at once", lambda: net.load_state_dict(everything))
    log.error("mismatches, not strict", lambda: net.load_state_dict(everything, strict=False))
    no_extra = dict(good)
    del no_extra["extra._extra_state"]
    log.error("no extra state", lambda: net.load_state_dict(no_extra))
    odd = dict(good)
    odd["body._extra_state"] = 1
    log.error("extra state of a block without", lambda: net.load_state_dict(odd))
    log.error("no dict", lambda: net.load_state_dict(3))
    old = {k: v for k, v in good.items() if not k.endswith("num_batches_tracked")}
    log("a state without versions may lack the count of batches", [list(k) for k in net.load_state_dict(old)])
    newer = good.copy()
    newer._metadata = good._metadata
    del newer["body.1.num_batches_tracked"]
    log.error("a state with versions may not", lambda: net.load_state_dict(newer))
    scalar = Piece()
    scalar.value = nn.Parameter(torch.tensor(1.0))
    scalar.load_state_dict({"value": torch.tensor([5.0])})
    log("one element for a scalar", values(scalar.value))

    tied = Piece()
    tied.a = nn.Linear(1, 1, bias=False)
    tied.b = nn.Linear(1, 1, bias=False)
    tied.b.weight = tied.a.weight
    tied.load_state_dict({"a.weight": torch.tensor([[1.0]]), "b.weight": torch.tensor([[2.0]])})
    log("tied: the last one counts", [values(tied.a.weight), tied.a.weight is tied.b.weight])

    target = nn.Linear(1, 1)
    weight = target.weight
    target.bias.requires_grad_(False)
    target.load_state_dict({"weight": torch.tensor([[2.0]], dtype=torch.float64), "bias": torch.tensor([3.0])})
    log("copied", [str(target.weight.dtype), target.weight is weight, values(target.weight)])
    target.load_state_dict({"weight": torch.tensor([[4.0]], dtype=torch.float64), "bias": torch.tensor([3.0])}, assign=True)
    log("assigned", [str(target.weight.dtype), target.weight is weight, isinstance(target.weight, nn.Parameter), target.weight.requires_grad, target.bias.requires_grad, values(target.weight)])


@scenario
def loading_hooks(log):
    net = nn.Sequential(nn.Linear(1, 1), nn.Sequential(nn.Linear(1, 1)))
    good = net.state_dict()
    events = []

    def rename(module, state, prefix, meta, strict, missing, unexpected, errors):
        events.append(["pre", prefix, list(state), meta.get("version")])
        for key in list(state):
            if key.startswith(prefix + "old_"):
                state[prefix + key[len(prefix) + 4 :]] = state.pop(key)

    net[1][0].register_load_state_dict_pre_hook(rename)
    net.register_load_state_dict_post_hook(lambda m, keys: events.append(["post root", list(keys.missing_keys), list(keys.unexpected_keys)]))
    net[0].register_load_state_dict_post_hook(lambda m, keys: events.append(["post 0", list(keys.missing_keys), list(keys.unexpected_keys)]))
    net[1].register_load_state_dict_post_hook(lambda m, keys: events.append(["post 1", list(keys.missing_keys), list(keys.unexpected_keys)]))
    old = {k.replace("1.0.weight", "1.0.old_weight"): v for k, v in good.items()}
    log("renamed", [list(k) for k in net.load_state_dict(old)])
    log("events", events)
    events.clear()
    log.error("a problem is there for the hooks", lambda: net.load_state_dict({"0.weight": torch.zeros(1, 1)}))
    log("events", [e for e in events if e[0] != "pre"])
    events.clear()

    def forgive(module, keys):
        keys.missing_keys.clear()

    net.register_load_state_dict_post_hook(forgive)
    log("forgiven", [list(k) for k in net.load_state_dict({"0.weight": torch.full([1, 1], 5.0)})])
    log("taken over", values(net[0].weight))
    complaining = nn.Linear(1, 1)
    complaining.register_load_state_dict_post_hook(lambda m, keys: keys.unexpected_keys.append("complaint"))
    log.error("a hook may complain", lambda: complaining.load_state_dict(complaining.state_dict()))
    reporting = nn.Linear(1, 1)
    reporting.register_load_state_dict_pre_hook(lambda m, s, p, meta, strict, missing, unexpected, errors: errors.append("told by a hook"))
    log.error("a hook may report errors", lambda: reporting.load_state_dict(reporting.state_dict(), strict=False))


def relus(*names_):
    return [getattr(nn, n)() for n in names_]


@scenario
def sequential(log):
    net = nn.Sequential(*relus("ReLU", "Tanh", "Sigmoid"))

    def show(label, block=None):
        log(label, [[n, type(m).__name__] for n, m in (net if block is None else block).named_children()])

    show("made")
    log("length", len(net))
    log("at", [type(net[0]).__name__, type(net[-1]).__name__])
    net[1] = nn.GELU()
    net[-1] = nn.SELU()
    show("replaced")
    log.error("beyond", lambda: net[3])
    log.error("before", lambda: net[-4])
    log.error("replaced beyond", lambda: net.__setitem__(3, nn.ReLU()))
    log.error("replaced by a number", lambda: net.__setitem__(0, 3))
    net.append(nn.ELU())
    net.extend(nn.Sequential(*relus("Mish", "Tanh")))
    show("appended")
    log.error("append no block", lambda: net.append(3))
    show("slice", net[1:3])
    show("slice with steps", net[::2])
    show("slice backwards bounds", net[-2:])
    show("empty slice", net[4:2])
    net.insert(0, nn.Tanh())
    net.insert(-1, nn.Sigmoid())
    net.insert(len(net), nn.ELU())
    show("inserted")
    log.error("insert beyond", lambda: net.insert(20, nn.ReLU()))
    del net[0]
    del net[-1]
    show("deleted")
    log.error("delete beyond", lambda: net.__delitem__(30))
    log("popped", type(net.pop(1)).__name__)
    show("after it")
    del net[1:3]
    show("slice deleted")
    show("sum", net + nn.Sequential(*relus("Mish")))
    log.error("sum with a list", lambda: net + [nn.ReLU()])
    show("twice", net[:2] * 2)
    log.error("zero times", lambda: net * 0)
    named = nn.Sequential()
    for name, block in zip(["one", "two", "three"], relus("ReLU", "Tanh", "GELU")):
        named.add_module(name, block)
    show("named", named)
    log("named at", [type(named[1]).__name__, type(named.two).__name__])
    show("named slice", named[1:])
    named[0] = nn.Mish()
    show("named replaced", named)
    del named[1]
    show("named deleted", named)
    log("empty", [len(nn.Sequential()), values(nn.Sequential()(torch.ones(2)))])
    order = nn.Sequential()
    for name in ["10", "2", "1"]:
        order.add_module(name, nn.ReLU())
    show("insertion order", order)
    log.error("no block", lambda: nn.Sequential(nn.ReLU(), 3))


@scenario
def module_list(log):
    items = nn.ModuleList(relus("ReLU", "Tanh"))

    def show(label, block=None):
        log(label, [[n, type(m).__name__] for n, m in (items if block is None else block).named_children()])

    show("made")
    items.append(nn.GELU())
    items.extend(relus("ELU", "Mish"))
    show("grown")
    items[0] = nn.SELU()
    items[-1] = nn.Sigmoid()
    show("replaced")
    items.insert(1, nn.ReLU())
    show("inserted")
    del items[0]
    show("deleted")
    log("popped", [type(items.pop(0)).__name__, type(items.pop(-1)).__name__])
    show("after it")
    show("slice", items[1:])
    show("slice backwards", items[::-1])
    show("sum", items + relus("Mish", "Tanh"))
    del items[0:1]
    show("slice deleted")
    log("iterated", [type(m).__name__ for m in items])
    log("length", [len(items), len(nn.ModuleList())])
    log.error("beyond", lambda: items[2])
    log.error("replaced beyond", lambda: items.__setitem__(2, nn.ReLU()))
    log.error("replaced by a number", lambda: items.__setitem__(0, 3))
    log.error("append a number", lambda: items.append(3))
    log.error("extend by a number", lambda: items.extend(3))
    log.error("call", lambda: items(torch.zeros(1)))


@scenario
def module_dict(log):
    items = nn.ModuleDict({"b": nn.ReLU(), "a": nn.Tanh()})

    def show(label, block=None):
        log(label, [[n, type(m).__name__] for n, m in (items if block is None else block).named_children()])

    show("made")
    show("from pairs", nn.ModuleDict([["z", nn.ReLU()], ["y", nn.GELU()]]))
    items["c"] = nn.GELU()
    items["b"] = nn.Mish()
    show("set")
    items.update({"d": nn.ELU(), "a": nn.SELU()})
    items.update(nn.ModuleDict({"e": nn.Tanh()}))
    show("updated")
    log("keys", list(items.keys()))
    log("values", [type(v).__name__ for v in items.values()])
    log("items", [[k, type(v).__name__] for k, v in items.items()])
    log("iterated", list(items))
    log("has", ["a" in items, "q" in items, len(items)])
    log("popped", type(items.pop("a")).__name__)
    del items["b"]
    show("removed")
    log.error("a dot", lambda: items.__setitem__("x.y", nn.ReLU()))
    log.error("a method's name", lambda: items.__setitem__("keys", nn.ReLU()))
    log.error("a property's name", lambda: items.__setitem__("training", nn.ReLU()))
    log.error("no block", lambda: items.__setitem__("n", 3))
    log.error("update by a number", lambda: items.update(3))
    log.error("update by numbers", lambda: items.update([3]))
    log.error("update by triples", lambda: items.update([["a", nn.ReLU(), 3]]))
    log.error("call", lambda: items(torch.zeros(1)))
    items["set"] = nn.ReLU()
    items["length"] = nn.ReLU()
    show("names that JavaScript has taken")
    log("with state", list(nn.ModuleDict({"get": nn.Linear(1, 1)}).state_dict()))
    items.clear()
    show("cleared")


@scenario
def parameter_list(log):
    items = nn.ParameterList([parameter(1), torch.zeros(2)])

    def show(label, block=None):
        log(label, [[n, list(p.shape), type(p).__name__] for n, p in (items if block is None else block).named_parameters()])

    show("made")
    items.append(torch.zeros(3))
    items.extend([parameter(4), parameter(5)])
    show("grown")
    items[0] = torch.zeros(6)
    items[-1] = parameter(7)
    show("replaced")
    show("slice", items[1:3])
    show("slice with steps", items[::-2])
    log("at", [list(items[0].shape), list(items[-1].shape), len(items)])
    log("iterated", [list(p.shape) for p in items])
    log("same", items[1:][0] is items[1])
    log.error("beyond", lambda: items[5])
    log.error("replaced beyond", lambda: items.__setitem__(5, parameter(1)))
    log.error("extend by a tensor", lambda: items.extend(torch.zeros(2)))
    log.error("extend by a number", lambda: items.extend(3))
    log.error("call", lambda: items(1))
    log("printed", repr(items))
    log("printed, of other dtypes", repr(nn.ParameterList([torch.zeros(2, 3, dtype=torch.float64), torch.tensor(1.0)])))
    log("printed, empty", repr(nn.ParameterList()))


@scenario
def parameter_dict(log):
    items = nn.ParameterDict({"b": parameter(1), "a": torch.zeros(2)})

    def show(label, block=None):
        log(label, [[n, list(p.shape), type(p).__name__] for n, p in (items if block is None else block).named_parameters()])

    show("a dict is sorted")
    items["d"] = torch.zeros(3)
    items["c"] = parameter(4)
    items["b"] = parameter(5)
    show("set")
    items.update([["z", parameter(1)], ["y", parameter(1)]])
    items.update(nn.ParameterDict([["q", parameter(2)], ["p", parameter(2)]]))
    items.update({"x": parameter(3), "w": parameter(3)})
    show("updated")
    log("keys", list(items.keys()))
    log("reversed", list(reversed(items)))
    log("values", [list(v.shape) for v in items.values()])
    log("items", [[k, list(v.shape)] for k, v in items.items()])
    log("has", ["a" in items, "nothing" in items, len(items)])
    log("get", [list(items["a"].shape), items.get("nothing", None)])
    log("popped", list(items.pop("a").shape))
    key, value = items.popitem()
    log("popped item", [key, list(value.shape)])
    log("default", [list(items.setdefault("d", parameter(9)).shape), list(items.setdefault("new", parameter(9)).shape)])
    twin = items.copy()
    show("copied", twin)
    log("the same parameters", twin["d"] is items["d"])
    show("union", items | nn.ParameterDict([["d", parameter(8)], ["u", parameter(8)]]))
    show("from keys", items.fromkeys(["k", "j"], parameter(2)))
    empty = items.fromkeys(["k"])
    log("null entries", [list(empty.keys()), len(empty), list(empty.state_dict()), empty.get("k", None)])
    del items["d"]
    show("deleted")
    log.error("update by a number", lambda: items.update(3))
    log.error("update by numbers", lambda: items.update([3]))
    log.error("update by triples", lambda: items.update([["a", parameter(1), 3]]))
    log.error("call", lambda: items(1))
    log("printed", repr(items))
    log("printed, null", repr(empty))
    items.clear()
    log("cleared", [len(items), list(items.state_dict())])


class Told(nn.Module):
    def __init__(self, text):
        super().__init__()
        self.text = text

    def extra_repr(self):
        return self.text


@scenario
def printing(log):
    log("empty", repr(Piece()))
    log("told", repr(Told("a=1")))
    log("told on lines", repr(Told("a=1\nb=2")))
    told = Told("a=1")
    told.child = Told("c=3\nd=4")
    log("told with a child", repr(told))
    nested = Piece()
    nested.first = nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.ReLU(), nn.Dropout(0.25)))
    nested.add_module("gap", None)
    nested.items = nn.ModuleList([nn.Linear(1, 1), nn.Linear(1, 1), nn.ReLU(), nn.Sequential(nn.Tanh()), nn.Sequential(nn.Tanh())])
    nested.named = nn.ModuleDict({"x": nn.ModuleList(), "y": nn.ModuleDict(), "z": nn.Sequential()})
    nested.values = nn.ParameterList([parameter(2, 3)])
    nested.table = nn.ParameterDict({"k": parameter(1)})
    log("nested", repr(nested))
    shared = nn.Linear(1, 2, bias=False)
    log("shared", repr(nn.Sequential(shared, shared)))


@scenario
def printed_results(log):
    net = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
    log("all keys", str(net.load_state_dict(net.state_dict())))
    log("others", str(net.load_state_dict({"0.weight": torch.zeros(3, 2), "1.x": torch.zeros(1)}, strict=False)))
    lazy = nn.LazyLinear(3)
    log("lazy", [str(lazy.weight), str(nn.LazyBatchNorm1d().running_mean)])
    linear = nn.Linear(2, 3)
    log.error("an input of another dtype", lambda: linear(torch.zeros(1, 2, dtype=torch.float64)))
    log.error("a list of blocks", lambda: nn.Sequential([nn.ReLU(), nn.Tanh()]))


@scenario
def positional_options(log):
    net = nn.Linear(1, 1)
    log("load, not strict", str(net.load_state_dict({}, False)))
    net.register_buffer("scratch", torch.zeros(1), False)
    log("state", list(net.state_dict()))
    log("named", [n for n, _ in nn.Sequential(net).named_parameters("p", False)])
    log("named, all", [n for n, _ in nn.Sequential(net).named_buffers("p", True)])
    net(torch.ones(1, 1)).sum().backward()
    net.zero_grad(False)
    log("zeros", values(net.weight.grad))
    torch.optim.SGD(net.parameters(), lr=1).zero_grad(True)
    log("forgotten", values(net.weight.grad))
    events = []
    act = nn.ReLU()
    act.register_full_backward_hook(lambda *_: events.append("second"))
    act.register_full_backward_hook(lambda *_: events.append("first"), True)
    act(torch.zeros(1, requires_grad=True)).sum().backward()
    log("hooks", events)


@scenario
def deep_copies(log):
    net = shared_tree()
    net.data = {"list": [1, [2, 3]], "tensor": torch.ones(2)}
    net.alias = net.data["list"]
    net.partner = [net.inner]
    calls = []
    net.first.register_forward_hook(lambda m, i, o: calls.append(1))
    net.eval()
    net.first.train()
    twin = copy.deepcopy(net)
    log("parameters", names(twin.named_parameters(remove_duplicate=False)))
    log("tied", [twin.own is twin.first.weight, twin.first is twin.second, twin.norm is twin.again, twin.inner.b.weight is twin.own])
    log("apart", [twin.own is net.own, twin.first is net.first, twin.data is net.data])
    log("data", [twin.data["list"], twin.alias is twin.data["list"], twin.data["tensor"] is net.data["tensor"], twin.partner[0] is twin.inner])
    log("modes", [m.training for m in twin.modules()])
    twin.first(torch.ones(2))
    log("hooks are called", len(calls))
    twin.data["list"][1].append(4)
    with torch.no_grad():
        twin.own.fill_(7)
    log("independent", [net.data["list"], values(twin.inner.a.weight), values(net.own) == values(twin.own)])
    net.own.grad = torch.ones(2, 2)
    log("without gradients", copy.deepcopy(net).own.grad is None)
    frozen = nn.Linear(1, 1).requires_grad_(False)
    log("requires grad", [p.requires_grad for p in copy.deepcopy(frozen).parameters()])
    hooked = Scale(2)
    order = []
    hooked.register_forward_hook(lambda m, i, o: order.append("second"))
    hooked.register_forward_hook(lambda m, i, o: order.append("first"), prepend=True)
    copy.deepcopy(hooked)(torch.ones(2))
    log("order of hooks", order)
    circular = Piece()
    circular.child = Piece()
    circular.child.parent = circular
    again = copy.deepcopy(circular)
    log("cycles", [again.child.parent is again, again is circular])
    items = nn.ModuleList(relus("ReLU", "Tanh"))
    copied = copy.deepcopy(items)
    copied.append(nn.GELU())
    del copied[0]
    log("containers", [[n for n, _ in copied.named_children()], [n for n, _ in items.named_children()]])


def main():
    warnings.simplefilter("ignore")
    result = {}
    for name, function in SCENARIOS.items():
        log = Log()
        torch.manual_seed(0)
        function(log)
        result[name] = log.lines
    (GOLDENS / "modules.json").write_text(json.dumps({"torch": torch.__version__, "scenarios": result}, indent=1) + "\n")
    (GOLDENS / "module-trees.json").write_text(json.dumps(trees(300), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
