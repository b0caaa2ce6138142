"""Writes what PyTorch's utilities for models do: python3 tooling/goldens/utilities.py

`packages/conformance/goldens/utilities.json` has, by scenario, labels with values: numbers, names, texts. The tests in
packages/conformance/src/modules/utilities.test.ts do the same in TypeScript and compare.
"""

import json
import pathlib
import warnings

import torch
import torch.nn.utils.prune as prune
from torch import nn
from torch.nn.utils import parametrize
from torch.optim import swa_utils

GOLDENS = pathlib.Path(__file__).resolve().parents[2] / "packages/conformance/goldens"
SCENARIOS = {}


def scenario(function):
    SCENARIOS[function.__name__] = function
    return function


class Log:
    def __init__(self):
        self.lines = []

    def __call__(self, label, value):
        self.lines.append([label, plain(value)])

    def error(self, label, body):
        try:
            body()
        except Exception as error:  # whatever PyTorch throws
            return self(label, str(error).split(". You can pass")[0])  # what follows names Python's options
        raise AssertionError(f"{label}: no error")


def plain(value):
    if isinstance(value, torch.Tensor):
        return value.detach().double().reshape(-1).tolist()
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return value


def state(module):
    return [[name, value] for name, value in module.state_dict().items()]


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Tanh(), nn.Linear(4, 2))


def train(net, optimizer, averages, steps=4):
    for step in range(steps):
        optimizer.zero_grad()
        net(torch.randn(5, 3)).pow(2).sum().backward()
        optimizer.step()
        for average in averages:
            average.update_parameters(net)


@scenario
def averaged_models(log):
    net = network()
    average = swa_utils.AveragedModel(net)
    ema = swa_utils.AveragedModel(net, multi_avg_fn=swa_utils.get_ema_multi_avg_fn(0.75))
    buffers = swa_utils.AveragedModel(net, avg_fn=swa_utils.get_ema_avg_fn(0.5), use_buffers=True)
    own = swa_utils.AveragedModel(net, avg_fn=lambda averaged, current, count: averaged * 0.25 + current * 0.75 / (count + 1))
    train(net, torch.optim.SGD(net.parameters(), lr=0.1), [average, ema, buffers, own])
    for name, model in (("swa", average), ("ema", ema), ("buffers", buffers), ("own", own)):
        log(name, state(model))
    x = torch.randn(2, 3)
    average.eval()
    log("forward", average(x))
    loader = [torch.randn(4, 3), [torch.randn(6, 3), 1], torch.randn(2, 3)]
    swa_utils.update_bn(loader, average)
    log("update_bn", [[name, value] for name, value in average.named_buffers()])
    log("modes", [module.training for module in average.modules()])
    log("momentum", average.module[1].momentum)
    loaded = swa_utils.AveragedModel(network())
    loaded.load_state_dict(average.state_dict())
    loaded.update_parameters(net)
    log("loaded", state(loaded))
    log.error("both functions", lambda: swa_utils.AveragedModel(net, avg_fn=swa_utils.get_ema_avg_fn(), multi_avg_fn=swa_utils.get_ema_multi_avg_fn()))
    log.error("decay", lambda: swa_utils.get_ema_avg_fn(1.5))


@scenario
def fused_layers(log):
    torch.manual_seed(1)
    for conv, norm, x, transpose in (
        (nn.Conv2d(2, 3, 2), nn.BatchNorm2d(3), torch.randn(2, 2, 4, 4), False),
        (nn.Conv1d(2, 4, 2, groups=2, bias=False), nn.BatchNorm1d(4, eps=0.1), torch.randn(2, 2, 4), False),
        (nn.ConvTranspose2d(2, 3, 2), nn.BatchNorm2d(3, affine=False), torch.randn(2, 2, 3, 3), True),
    ):
        norm(conv(x))
        conv.eval()
        norm.eval()
        fused = nn.utils.fuse_conv_bn_eval(conv, norm, transpose)
        log("state", state(fused))
        log("requires grad", [parameter.requires_grad for parameter in fused.parameters()])
        log("result", fused(x))
        log("same", bool(torch.allclose(fused(x), norm(conv(x)), atol=1e-5)))
    linear, norm = nn.Linear(3, 2), nn.BatchNorm1d(2)
    norm(linear(torch.randn(4, 3)))
    linear.eval()
    norm.eval()
    log("linear", state(nn.utils.fuse_linear_bn_eval(linear, norm)))
    log.error("training", lambda: nn.utils.fuse_linear_bn_eval(linear.train(), norm))


@scenario
def skipped_initialisation(log):
    torch.manual_seed(2)
    layer = nn.utils.skip_init(nn.Linear, 3, 2, bias=False)
    log("shape", list(layer.weight.shape))
    log("form", repr(layer))
    log("random numbers", torch.rand(2))


@scenario
def pruned_layers(log):
    torch.manual_seed(3)
    layer = nn.Linear(4, 3)
    x = torch.randn(2, 4)
    prune.l1_unstructured(layer, "weight", 0.3)
    log("l1", state(layer))
    log("parameters", [name for name, _ in layer.named_parameters()])
    log("result", layer(x))
    layer(x).sum().backward()
    log("gradient", layer.weight_orig.grad)
    prune.l1_unstructured(layer, "weight", 2)
    log("l1 again", layer.weight_mask)
    prune.ln_structured(layer, "weight", 1, n=2, dim=0)
    log("structured", layer.weight_mask)
    prune.random_unstructured(layer, "weight", 0.5)
    log("random", layer.weight_mask)
    log("pruned", [prune.is_pruned(layer), prune.is_pruned(nn.Sequential(layer)), prune.is_pruned(nn.Linear(1, 1))])
    prune.remove(layer, "weight")
    log("removed", state(layer))
    log("pruned after", prune.is_pruned(layer))
    log("result after", layer(x))
    conv = nn.Conv2d(3, 4, 2)
    for n, dim in ((1, 0), (float("inf"), 1), (1, -1), (-float("inf"), 0)):
        prune.ln_structured(conv, "weight", 0.4, n=n, dim=dim)
        log(f"ln {dim}", conv.weight_mask)
        if n == 1:  # pruned zeros are ties for the least element
            conv = nn.Conv2d(3, 4, 2)
    other = nn.Conv2d(2, 5, 2)
    prune.random_structured(other, "weight", 2, dim=0)
    log("random structured", other.weight_mask)
    prune.random_structured(other, "weight", 0.5, dim=0)
    log("random structured again", other.weight_mask)
    prune.identity(other, "bias")
    log("identity", other.bias_mask)
    prune.custom_from_mask(other, "bias", torch.tensor([1, 0, 1, 0, 1]))
    log("custom", [other.bias, other.bias_mask])
    scored = nn.Linear(3, 2)
    prune.l1_unstructured(scored, "weight", 3, importance_scores=torch.arange(6.0).reshape(2, 3))
    log("scores", scored.weight_mask)
    pair = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2))
    prune.global_unstructured([(pair[0], "weight"), (pair[1], "weight"), (pair[1], "bias")], pruning_method=prune.L1Unstructured, amount=0.4)
    log("global", [pair[0].weight_mask, pair[1].weight_mask, pair[1].bias_mask])
    log("at once", prune.L1Unstructured(0.5).prune(torch.tensor([3.0, -1.0, 2.0, 0.5])))
    log.error("not pruned", lambda: prune.remove(nn.Linear(1, 1), "weight"))
    log.error("amount", lambda: prune.l1_unstructured(nn.Linear(1, 1), "weight", -1))
    log.error("too many", lambda: prune.l1_unstructured(nn.Linear(1, 1), "weight", 5))
    log.error("one dimension", lambda: prune.ln_structured(nn.Linear(1, 1), "bias", 1, n=2, dim=0))


class Symmetric(nn.Module):
    calls = 0

    def forward(self, x):
        Symmetric.calls += 1
        return x.triu() + x.triu(1).mT

    def right_inverse(self, x):
        return x.triu()


class Doubled(nn.Module):
    def forward(self, x):
        return x * 2

    def right_inverse(self, x):
        return x / 2


class Narrow(nn.Module):
    def forward(self, x):
        return x[:1]


class Split(nn.Module):
    def forward(self, a, b):
        return a + b

    def right_inverse(self, x):
        return x * 0.25, x * 0.75


@scenario
def parametrized_layers(log):
    torch.manual_seed(4)
    layer = nn.Linear(2, 2)
    parametrize.register_parametrization(layer, "weight", Symmetric())
    parametrize.register_parametrization(layer, "weight", Doubled())
    log("state", state(layer))
    log("weight", layer.weight)
    log("form", repr(layer))
    layer.weight = torch.tensor([[1.0, 2.0], [2.0, 5.0]])
    log("assigned", [layer.weight, layer.parametrizations.weight.original])
    Symmetric.calls = 0
    with parametrize.cached():
        first = layer.weight
        log("cached", [layer.weight is first, Symmetric.calls])
    log("not cached", [layer.weight is first, Symmetric.calls])
    log("type", parametrize.type_before_parametrizations(layer).__name__)
    log("list", [len(layer.parametrizations.weight), type(layer.parametrizations.weight[1]).__name__])
    target = nn.Linear(2, 2)
    parametrize.transfer_parametrizations_and_params(layer, target)
    log("transferred", [target.weight, [name for name, _ in target.named_parameters()]])
    parametrize.remove_parametrizations(layer, "weight", leave_parametrized=False)
    log("left", state(layer))
    split = nn.Linear(2, 2)
    parametrize.register_parametrization(split, "weight", Split())
    log("sequence", state(split))
    split.weight = torch.ones(2, 2)
    log("sequence assigned", state(split))
    log.error("sequence left", lambda: parametrize.remove_parametrizations(split, "weight", leave_parametrized=False))
    parametrize.remove_parametrizations(split, "weight")
    log("sequence removed", state(split))
    narrow = nn.Linear(2, 2)
    parametrize.register_parametrization(narrow, "weight", Narrow(), unsafe=True)
    log("unsafe", narrow.weight)
    batch = nn.BatchNorm1d(2)
    parametrize.register_parametrization(batch, "running_mean", Doubled())
    log("buffer", [[name for name, _ in batch.named_buffers()], batch.running_mean])


@scenario
def gradient_clipping(log):
    torch.manual_seed(6)
    parameters = [nn.Parameter(torch.randn(2, 3)), nn.Parameter(torch.randn(4)), nn.Parameter(torch.randn(()))]

    def fill():
        for scale, parameter in enumerate(parameters[:2], 1):
            parameter.grad = (torch.arange(parameter.numel()) - 2.5).reshape(parameter.shape) * scale
        parameters[2].grad = None

    for norm_type in (2.0, 1.0, 3.0, 0.5, float("inf"), -float("inf"), 0.0):
        fill()
        log("norm", nn.utils.clip_grad_norm_(parameters, 1.5, norm_type))
        log("clipped", [parameter.grad for parameter in parameters[:2]])
    fill()
    log("large bound", nn.utils.clip_grad_norm_(parameters[0], 100))
    log("kept", parameters[0].grad)
    nn.utils.clip_grad_value_(parameters, 0.75)
    log("values", [parameter.grad for parameter in parameters[:2]])
    log("total", nn.utils.get_total_norm(parameters, "inf"))
    log("none", nn.utils.clip_grad_norm_([nn.Parameter(torch.ones(2))], 1.0))
    fill()
    parameters[1].grad[2] = float("inf")
    log.error("infinite", lambda: nn.utils.clip_grad_norm_(parameters, 1.0, error_if_nonfinite=True))
    log("unchanged", parameters[0].grad)
    vector = nn.utils.parameters_to_vector(parameters)
    log("vector", vector)
    nn.utils.vector_to_parameters(torch.arange(11.0), parameters)
    log("parameters", parameters)


def packed(sequence):
    return [sequence.data, sequence.batch_sizes, sequence.sorted_indices, sequence.unsorted_indices]


@scenario
def packed_sequences(log):
    torch.manual_seed(5)
    rnn = nn.utils.rnn
    x = torch.randn(5, 3, 2, requires_grad=True)
    ordered = rnn.pack_padded_sequence(x, [5, 3, 1])
    log("ordered", packed(ordered))
    mixed = rnn.pack_padded_sequence(x, torch.tensor([2, 5, 3]), enforce_sorted=False)
    log("mixed", packed(mixed))
    first = rnn.pack_padded_sequence(x.transpose(0, 1), [4, 4, 2], batch_first=True)
    log("first", packed(first))
    for kind, options in (("LSTM", {"proj_size": 2, "num_layers": 2, "bidirectional": True}), ("GRU", {"bidirectional": True, "num_layers": 2}), ("RNN", {"nonlinearity": "relu", "bias": False}), ("LSTM", {"batch_first": True}), ("GRU", {"num_layers": 3, "dropout": 0.4})):
        layer = getattr(nn, kind)(2, 3, **options)
        for name, sequence in (("ordered", ordered), ("mixed", mixed)):
            output, state = layer(sequence)
            log(f"{kind} {name}", [packed(output), state if kind == "LSTM" else [state]])
            padded, lengths = rnn.pad_packed_sequence(output, batch_first=True, padding_value=-1.5, total_length=6)
            log("padded", [padded, lengths, list(padded.shape)])
            x.grad = None
            layer.zero_grad()
            (padded**2).sum().backward(retain_graph=True)
            log("gradients", [x.grad, [parameter.grad for parameter in layer.parameters()]])
    states = torch.randn(1, 3, 3), torch.randn(1, 3, 3)
    lstm = nn.LSTM(2, 3)
    output, (h, c) = lstm(mixed, states)
    log("with state", [output.data, h, c])
    sequences = [torch.randn(2, 2), torch.randn(4, 2), torch.randn(1, 2)]
    log("padded left", rnn.pad_sequence(sequences, batch_first=True, padding_value=9, padding_side="left"))
    log("padded right", rnn.pad_sequence(sequences))
    log("packed", packed(rnn.pack_sequence(sequences, enforce_sorted=False)))
    log("unpacked", rnn.unpack_sequence(rnn.pack_sequence(sequences, enforce_sorted=False)))
    log("unpadded", rnn.unpad_sequence(rnn.pad_sequence(sequences), torch.tensor([2, 4, 1])))
    log("inverse", rnn.invert_permutation(torch.tensor([2, 0, 1])))
    log("converted", packed(mixed.to(torch.int32)))
    log.error("order", lambda: rnn.pack_padded_sequence(x, [1, 3, 5]))
    log.error("empty", lambda: rnn.pack_padded_sequence(x, [5, 3, 0]))
    log.error("lengths", lambda: rnn.pack_padded_sequence(x, [5, 3]))
    log.error("total", lambda: rnn.pad_packed_sequence(ordered, total_length=4))


def main():
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    result = {}
    for name, function in SCENARIOS.items():
        log = Log()
        function(log)
        result[name] = log.lines
    lines = ",\n".join(f" {json.dumps(name)}: [\n" + ",\n".join("  " + json.dumps(line, separators=(",", ":")) for line in found) + "\n ]" for name, found in result.items())
    (GOLDENS / "utilities.json").write_text(f'{{"torch": {json.dumps(torch.__version__.split("+")[0])}, "scenarios": {{\n{lines}\n}}}}\n')


if __name__ == "__main__":
    main()
