"""Writes what PyTorch's autograd does: python3 tooling/goldens/autograd.py

`packages/conformance/goldens/autograd.json` has, by scenario, the lines that the scenario logs: gradients, flags, error texts. The tests in
packages/conformance/src/autograd log the same lines in TypeScript. All numbers are exact in float32.
"""

import json
import re
import warnings

import torch
from torch import func, nn, vmap
from torch.autograd import Function, functional, grad, gradcheck, gradgradcheck

import modules
from modules import GOLDENS, Log, Piece, values

SCENARIOS = {}

# Beside what modules.py says: names of options and types.
SPELLING = [
    (r"torch\.Size\((\[[^\]]*\])\)", r"\1"),
    (r"\ballow_unused=True\b", "allowUnused: true"),
    (r"\btie_weights=False\b", "tieWeights: false"),
    (r"torch\.FloatTensor", "float32"),
    (r"torch\.DoubleTensor", "float64"),
    (r"hook '<lambda>'", "hook ''"),
    (r"expected Variable,", "expected Tensor,"),
    (r"returned 'int'", "returned 'number'"),
]


def scenario(function):
    SCENARIOS[function.__name__] = function
    return function


def spelled(text):
    for pattern, replacement in SPELLING:
        text = re.sub(pattern, replacement, text)
    return text


class Transcript(Log):
    def values(self, label, value):
        self(label, resolved(value))

    def error(self, label, body):
        try:
            body()
        except Exception as error:  # noqa: BLE001
            self(label, modules.spelled(spelled(str(error.args[0] if error.args else ""))))
        else:
            self(label, "no error")


def resolved(value):
    if isinstance(value, torch.Tensor):
        return values(value)
    if isinstance(value, (list, tuple)):
        return [resolved(element) for element in value]
    if isinstance(value, dict):
        return [resolved(element) for element in value.values()]
    return value


def vector(*elements):
    return torch.tensor(elements, dtype=torch.float32)


def leaf(*elements):
    return torch.tensor(elements, dtype=torch.float32, requires_grad=True)


@scenario
def gradients(t):
    x, z = leaf(1, 2), leaf(1)
    t.error("an input that was not used", lambda: grad(x.sum(), [x, z]))
    t.values("allowed", grad(x.sum(), [x, z], allow_unused=True))
    t.values("materialized", grad(x.sum(), [x, z], materialize_grads=True))
    t.error("an input without grad", lambda: grad(x.sum(), [vector(1)]))
    t.values("cotangents", grad([x.mul(2), z.mul(3)], [x, z], grad_outputs=[vector(1, 10), vector(100)]))
    t.error("a cotangent of another shape", lambda: grad([x.mul(2)], [x], grad_outputs=[vector(1, 2, 3)]))
    t.error("too few cotangents", lambda: grad([x.mul(2), z], [x], grad_outputs=[vector(1, 1)]))
    t.error("the second output has no history", lambda: torch.autograd.backward([x.sum(), vector(1)]))
    torch.autograd.backward([x.sum(), z.mul(2)], [None, vector(5)])
    t.values("several outputs", [x.grad, z.grad])
    y = leaf(3, 4)
    w = y.mul(2)
    w.pow(2).sum().backward(inputs=[w])
    t.values("only on the way", [w.grad, y.grad])
    v = leaf(1, 2)
    u = v.mul(3)
    t("retains", [u.retains_grad, v.retains_grad])
    u.retain_grad()
    v.retain_grad()
    t("retains now", [u.retains_grad, v.retains_grad])
    t.error("no inputs to add to", lambda: v.sum().backward(inputs=[]))

    def other_size():
        v.grad = vector(1)

    t.error("a gradient of another size", other_size)
    t.error("the flag of a non-leaf", lambda: u.requires_grad_(False))


def weighted(weight):
    layer = nn.Linear(1, 1, bias=False)
    with torch.no_grad():
        layer.weight.fill_(weight)
    return layer


@scenario
def graphs_across_steps(t):
    x = torch.ones(1, 1)
    generator, judge = weighted(2), weighted(3)
    first = torch.optim.SGD(judge.parameters(), lr=0.25)
    second = torch.optim.SGD(generator.parameters(), lr=0.25)
    for _ in range(2):
        fake = generator(x)
        first.zero_grad()
        judge(fake.detach()).sum().backward()
        first.step()
        second.zero_grad()
        judge(fake).sum().backward()
        second.step()
        t.values("made before the other's step", [generator.weight, judge.weight, fake])
    actor, critic = weighted(2), weighted(3)
    first = torch.optim.SGD(critic.parameters(), lr=0.25)
    second = torch.optim.SGD(actor.parameters(), lr=0.25)
    value, action = critic(x), actor(x)
    critic_loss = value.pow(2).sum()
    actor_loss = (action * value.detach()).sum()
    critic_loss.backward()
    first.step()
    t.values("read in between", [actor_loss, critic_loss])
    actor_loss.backward()
    second.step()
    t.values("both losses made before both steps", [actor.weight, critic.weight])
    total = torch.zeros(())
    for _ in range(3):
        total = total + actor(x).sum()
        first.zero_grad()
        critic(x).sum().backward()
        first.step()
    second.zero_grad()
    total.backward()
    t.values("a sum over the other's steps", [total, actor.weight.grad])


@scenario
def order_of_hooks(t):
    net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 3), nn.Sigmoid(), nn.Linear(3, 1))
    seen = []
    for name, parameter in net.named_parameters():
        parameter.register_hook(lambda _, name=name: seen.append(name))
        parameter.register_post_accumulate_grad_hook(lambda _, name=name: seen.append("after " + name))
    net(torch.ones(1, 2)).sum().backward()
    t("gradients", [name for name in seen if not name.startswith("after")])
    t("sums", [name for name in seen if name.startswith("after")])
    seen.clear()
    x = leaf(1)
    first, second = x * 2, x * 3
    for name, tensor in [("x", x), ("first", first), ("second", second)]:
        tensor.register_hook(lambda _, name=name: seen.append(name))
    (first * 5 + second).sum().backward()
    t("branches", seen)


@scenario
def hooks_that_replace(t):
    def error(label, hook):
        x = leaf(1, 2)
        x.register_hook(hook)
        t.error(label, lambda: x.mul(2).sum().backward())

    def texts(label, body):
        try:
            body()
        except Exception as caught:  # noqa: BLE001
            t(label, re.sub(r"hook '\w*'", "hook", modules.spelled(spelled(str(caught.args[0])))).split(" (was")[0])

    def tensor_hook(hook):
        x = leaf(1, 2)
        x.register_hook(hook)
        x.mul(2).sum().backward()

    def module_hook(hook):
        piece = Piece()
        piece.register_full_backward_hook(hook)
        piece(leaf(1, 2)).sum().backward()

    def module_pre_hook(hook):
        piece = Piece()
        piece.register_full_backward_pre_hook(hook)
        piece(leaf(1, 2)).sum().backward()

    texts("another size", lambda: tensor_hook(lambda g: g.sum()))
    texts("another type", lambda: tensor_hook(lambda g: g.double()))
    texts("no tensor", lambda: tensor_hook(lambda g: 3))
    texts("of a block, another size", lambda: module_hook(lambda m, gi, go: (gi[0].sum(),)))
    texts("of a block, another type", lambda: module_hook(lambda m, gi, go: (gi[0].double(),)))
    texts("before a block, another size", lambda: module_pre_hook(lambda m, go: (go[0].sum(),)))


@scenario
def functional_derivatives(t):
    square = lambda x: x.pow(2)  # noqa: E731
    cube = lambda x: x.pow(3).sum()  # noqa: E731
    two = [vector(1, 2), vector(3, 4)]
    t.values("jacobian", functional.jacobian(square, vector(1, 2)))
    wide = functional.jacobian(lambda x: x.pow(2).sum(1), vector(1, 2, 3, 4).reshape(2, 2))
    t.values("of a matrix", [list(wide.shape), wide])
    t.values("two inputs", functional.jacobian(torch.mul, tuple(two)))
    t.values("two outputs", functional.jacobian(lambda x: (x * 2, x.sum()), vector(1, 2)))
    t.values("two of both", functional.jacobian(lambda x, y: (x * y, y.sum()), tuple(two)))
    first_only = lambda x, y: x * 2  # noqa: E731
    t.values("independent", functional.jacobian(first_only, tuple(two)))
    t.error("strict", lambda: functional.jacobian(first_only, tuple(two), strict=True))
    x = leaf(1, 2)
    recorded = functional.jacobian(lambda v: v.pow(3), x, create_graph=True)
    recorded.sum().backward()
    t.values("recorded", [recorded.requires_grad, functional.jacobian(square, x).requires_grad, x.grad])
    t.values("hessian", functional.hessian(cube, vector(1, 2)))
    t.values("hessian of two", functional.hessian(lambda x, y: (x * y * y).sum(), tuple(two)))
    t.error("hessian of a vector", lambda: functional.hessian(square, vector(1, 2)))
    t.values("vjp", functional.vjp(square, vector(1, 2), vector(1, 10)))
    t.error("vjp without a vector", lambda: functional.vjp(square, vector(1, 2)))
    t.error("vjp of another size", lambda: functional.vjp(square, vector(1, 2), vector(1)))
    t.error("vjp of one of two", lambda: functional.vjp(lambda x: (x, x), vector(1, 2), (vector(1, 1), vector(1))))
    t.values("jvp", functional.jvp(square, vector(1, 2), vector(1, 10)))
    t.values("jvp of two", functional.jvp(torch.mul, tuple(two), (vector(1, 0), vector(0, 1))))
    t.values("hvp", functional.hvp(cube, vector(1, 2), vector(1, 10)))
    t.values("vhp", functional.vhp(cube, vector(1, 2), vector(1, 10)))


@scenario
def transforms(t):
    cube = lambda x: x.pow(3).sum()  # noqa: E731
    product = lambda x, y: (x * y * y).sum()  # noqa: E731
    x, y = vector(1, 2), vector(3, 4)
    t.values("grad", func.grad(cube)(x))
    t.values("twice", func.grad(lambda v: func.grad(cube)(v).sum())(x))
    t.values("three times", func.grad(lambda u: func.grad(lambda v: func.grad(cube)(v).sum())(u).sum())(x))
    t.values("flags", [func.grad(cube)(x).requires_grad, func.grad(cube)(leaf(1, 2)).requires_grad])
    w = leaf(2, 3)
    inner = func.grad(lambda v: (v.pow(2) * w).sum())(x)
    inner.sum().backward()
    t.values("around something that is trained", [inner.requires_grad, inner, w.grad])
    with torch.no_grad():
        t.values("while nothing is recorded", [func.grad(cube)(x), func.grad(cube)(leaf(1, 2)).requires_grad])
    t.values("second argument", func.grad(product, 1)(x, y))
    t.values("last argument", func.grad(product, -1)(x, y))
    t.values("both", func.grad(product, (0, 1))(x, y))
    t.values("aux", func.grad(lambda v: (cube(v), v * 7), has_aux=True)(x))
    t.values("value", func.grad_and_value(cube)(x))
    t.values("value and aux", func.grad_and_value(lambda v: (cube(v), v * 7), has_aux=True)(x))
    t.values("by a structure", func.grad(lambda p: (p["a"] * p["b"][0]).sum())({"a": x, "b": [y]}))
    t.values("independent", func.grad(lambda v, u: cube(u))(x, y))
    t.error("not a scalar", lambda: func.grad(lambda v: v * 2)(x))
    t.error("no such argument", lambda: func.grad(cube, 3)(x))
    output, pull = func.vjp(lambda v: v.pow(2), x)
    t.values("vjp", [output, pull(vector(1, 10)), output.requires_grad])
    t.values("vjp of two", func.vjp(product, x, y)[1](torch.tensor(2.0)))
    t.values("jvp", func.jvp(lambda v: v.pow(2), (x,), (vector(1, 10),)))
    output, push = func.linearize(lambda v: v.pow(2), x)
    t.values("linearize", [output, push(vector(1, 10)), push(vector(0, 1))])
    t.values("jacrev", func.jacrev(lambda v: v.pow(2))(x))
    t.values("jacrev of two", func.jacrev(torch.mul, (0, 1))(x, y))
    t.values("jacfwd", func.jacfwd(lambda v: v.sum())(x))
    t.values("hessian", func.hessian(cube)(x))
    t.values("hessian of two", func.hessian(product, (0, 1))(x, y))
    m = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    t.values("vmap", vmap(lambda v: v.sum())(m))
    t.values("vmap over columns", vmap(torch.mul, in_dims=(1, None), out_dims=1)(m, vector(10, 100)))
    t.values("vmap of two results", vmap(lambda v: (v * 2, v.sum()))(m))
    t.values("per sample", vmap(func.grad(lambda v, s: v.pow(2).sum() * s), in_dims=(0, None))(m, torch.tensor(3.0)))
    t.error("sizes", lambda: vmap(torch.mul)(m, vector(1, 2, 3)))
    t.error("random", lambda: vmap(lambda v: v + torch.rand(2))(m))
    torch.manual_seed(0)
    same = vmap(lambda v: torch.rand(2), randomness="same")(m)
    t.values("the same numbers", bool((same[0] == same[1]).all()))


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(1, 1, bias=False)
        self.b = nn.Linear(1, 1, bias=False)
        self.b.weight = self.a.weight

    def forward(self, x):
        return self.b(self.a(x))


@scenario
def functional_calls(t):
    net = nn.Linear(2, 1)
    with torch.no_grad():
        net.weight.fill_(1)
        net.bias.fill_(0)
    x = torch.tensor([[1.0, 2.0]])
    weight = torch.tensor([[3.0, 5.0]])
    call = func.functional_call
    t.values("weight and bias", call(net, {"weight": weight, "bias": vector(3)}, x))
    t.values("weight alone", call(net, {"weight": weight}, (x,)))
    t.values("two dictionaries", call(net, ({"weight": weight}, {"bias": vector(1)}), x))
    t.values("afterwards", [net(x), [n for n, _ in net.named_parameters()], list(net.state_dict())])
    t.error("strict", lambda: call(net, {"weight": weight, "other": weight}, x, strict=True))
    t.error("twice", lambda: call(net, ({"weight": weight}, {"weight": weight}), x))
    t.error("a wrong shape", lambda: call(net, {"weight": torch.ones(1, 3)}, x))
    t.values("after the error", net(x))
    gradients = func.grad(lambda p: call(net, p, x).pow(2).sum())(dict(net.named_parameters()))
    t.values("gradients", [gradients["weight"], gradients["bias"], net.weight.grad])
    tied = Tied()
    one = torch.ones(1, 1)
    t.values("tied", call(tied, {"a.weight": one * 3}, one))
    t.values("untied", call(tied, {"a.weight": one * 3, "b.weight": one * 4}, one, tie_weights=False))
    t.error("two values for one", lambda: call(tied, {"a.weight": one * 3, "b.weight": one * 4}, one))
    norm = nn.BatchNorm1d(2)
    state = {name: buffer.clone() for name, buffer in norm.named_buffers()}
    call(norm, state, torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    t.values("buffers of the call", [state["num_batches_tracked"], norm.num_batches_tracked, norm.running_mean])
    nets = [nn.Linear(2, 1) for _ in range(3)]
    params, buffers = func.stack_module_state(nets)
    t("stacked", [[name, list(p.shape), p.requires_grad, p.is_leaf] for name, p in params.items()])
    t.error("nothing to stack", lambda: func.stack_module_state([]))
    with torch.no_grad():
        for i, each in enumerate(nets):
            each.weight.fill_(i)
            each.bias.fill_(10 * i)
    params, buffers = func.stack_module_state(nets)
    t.values("an ensemble", vmap(lambda p, b: call(nets[0], (p, b), x))(params, buffers))


class Square(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return gradient * x * 2


class Reciprocal(Function):
    """Its derivative is written in terms of its result."""

    @staticmethod
    def forward(ctx, x):
        y = 1 / x
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, gradient):
        (y,) = ctx.saved_tensors
        return -gradient * y * y


CALLS = []


class Both(Function):
    @staticmethod
    def forward(ctx, x, y, factor):
        ctx.factor = factor
        ctx.save_for_backward(x, y)
        return x * y, (x + y) * factor

    @staticmethod
    def backward(ctx, first, second):
        x, y = ctx.saved_tensors
        CALLS.append([resolved(first), resolved(second), list(ctx.needs_input_grad)])
        return first * y + second * ctx.factor, first * x + second * ctx.factor, None


class Unmaterialized(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.set_materialize_grads(False)
        return x * 2, x * 3

    @staticmethod
    def backward(ctx, first, second):
        CALLS.append([resolved(first), resolved(second)])
        return first * 2 if second is None else first * 2 + second * 3


class Setup(Function):
    @staticmethod
    def forward(x, power):
        return x.pow(power)

    @staticmethod
    def setup_context(ctx, inputs, output):
        x, ctx.power = inputs
        ctx.save_for_backward(x)

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return gradient * x.pow(ctx.power - 1) * ctx.power, None


class Chosen(Function):
    @staticmethod
    def forward(ctx, x):
        where = x.argmax()
        ctx.mark_non_differentiable(where)
        return x * 2, where

    @staticmethod
    def backward(ctx, gradient, _):
        return gradient * 2


class Wrong(Function):
    answer = None

    @staticmethod
    def forward(ctx, x):
        return x * 2

    @staticmethod
    def backward(ctx, gradient):
        return Wrong.answer


class Backless(Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2


class Forwardless(Function):
    pass


@scenario
def custom_functions(t):
    x = leaf(1, 2)
    y = Square.apply(x)
    y.sum().backward()
    t.values("square", [y, y.requires_grad, y.is_leaf, x.grad])
    t.values("without a gradient", Square.apply(vector(3)).requires_grad)
    x = leaf(1, 2, 4)
    (first,) = grad(Reciprocal.apply(x).sum(), x, create_graph=True)
    (second,) = grad(first.sum(), x, create_graph=True)
    t.values("derivatives", [first, second, grad(second.sum(), x)[0]])
    a, b = leaf(1, 2), leaf(3, 4)
    p, q = Both.apply(a, b, 5)
    (p.sum() + q.sum()).backward()
    t.values("two results", [p, q, a.grad, b.grad])
    Both.apply(leaf(1, 2), vector(3, 4), 5)[0].sum().backward()
    t("calls", CALLS[:])
    CALLS.clear()
    x = leaf(1, 2)
    Unmaterialized.apply(x)[0].sum().backward()
    t.values("unmaterialized", [CALLS[:], x.grad])
    CALLS.clear()
    x = leaf(1, 2)
    (first,) = grad(Setup.apply(x, 3).sum(), x, create_graph=True)
    t.values("with setupContext", [first, grad(first.sum(), x)[0]])
    chosen, where = Chosen.apply(leaf(1, 2))
    t.values("not differentiable", [chosen.requires_grad, where.requires_grad, where])
    inside = leaf(1, 2)
    torch.sigmoid(Square.apply(inside * 0).mul(2)).sum().backward()
    t.values("inside a network", inside.grad)
    twice = leaf(1, 2)
    z = Square.apply(twice)
    z.sum().backward(retain_graph=True)
    z.sum().backward()
    t.values("walked twice", twice.grad)
    for label, answer in [
        ("one too many", (vector(1, 1), vector(1, 1))),
        ("another shape", vector(1, 2, 3)),
        ("to be summed", torch.ones(3, 2)),
        ("another dtype", torch.ones(2, dtype=torch.float64)),
        ("nothing", None),
    ]:
        Wrong.answer = answer
        x = leaf(1, 2)
        t.error(label, lambda: Wrong.apply(x).sum().backward())
        t.values(f"{label}, gradient", x.grad)
    t.error("no backward", lambda: Backless.apply(leaf(1)).sum().backward())
    t.error("no forward", lambda: Forwardless.apply(leaf(1)))
    at = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    t("gradcheck", [gradcheck(Square.apply, [at]), gradgradcheck(Reciprocal.apply, [at])])
    Wrong.answer = torch.ones(2, dtype=torch.float64) * 3
    t("gradcheck of a wrong one", gradcheck(Wrong.apply, [at], raise_exception=False))
    t.error("no input to check", lambda: gradcheck(Square.apply, [at.detach()]))


def main():
    warnings.simplefilter("ignore")
    result = {}
    for name, function in SCENARIOS.items():
        transcript = Transcript()
        function(transcript)
        result[name] = transcript.lines
    (GOLDENS / "autograd.json").write_text(json.dumps({"torch": torch.__version__, "scenarios": result}, indent=1) + "\n")


if __name__ == "__main__":
    main()
