"""What every block can do."""

from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

FILES = Path(__file__).resolve().parents[3] / "packages" / "conformance" / "goldens" / "chapter" / "files"


class ConvModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 20, 5)
        self.conv2 = nn.Conv2d(20, 20, 5)

    def forward(self, x):
        return F.relu(self.conv2(F.relu(self.conv1(x))))


class Mixed(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 3)
        self.norm = nn.BatchNorm1d(3)
        self.scale = nn.Parameter(torch.ones(3))

    def forward(self, x):
        return self.norm(self.linear(x)) * self.scale


def conv_model():
    torch.manual_seed(0)
    model = ConvModel()
    y = model(torch.rand(2, 1, 12, 12))
    y.sum().backward()
    return {"output": y, "conv1.weight.grad": model.conv1.weight.grad}


def apply_init():
    def init_weight(module):
        if type(module) is nn.Linear:
            module.weight.data.fill_(1)
            module.bias.data.fill_(0)

    net = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 2))
    net.apply(init_weight)
    return {"output": net(torch.arange(6).reshape(3, 2).float())}


def state_dict():
    torch.manual_seed(0)
    return dict(nn.Linear(2, 2).state_dict())


def queries():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(2, 4), Mixed())
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    (net(torch.rand(8, 2)) * torch.rand(8, 3)).sum().backward()
    optimizer.step()
    return dict(net.state_dict())


def train_eval():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Dropout(0.5))
    x = torch.rand(5, 4)
    out = {"training": net(x), "running mean": net[1].running_mean.clone(), "running variance": net[1].running_var.clone()}
    return {**out, "evaluation": net.eval()(x)}


def to():
    torch.manual_seed(0)
    linear = nn.Linear(2, 2)
    x = torch.rand(3, 2)
    out = {"float32": linear(x), "weight": linear.weight.clone()}
    out["float64"] = linear.double()(x.double())
    linear.float().half()
    out["half weight"] = linear.weight.clone()
    out["float16"] = linear(x.half())
    return {**out, "rounded": linear.float()(x)}


def register():
    torch.manual_seed(0)
    scale = nn.Parameter(torch.rand(3))
    offset = torch.rand(3)
    x = torch.rand(2, 3, requires_grad=True)
    block = nn.Module()
    block.forward = lambda x: x * scale + offset
    out = {"output": block(x)}
    block.register_forward_pre_hook(lambda _module, args: (args[0] * 2,))
    block.register_forward_hook(lambda _module, _args, output: -output)
    block.register_full_backward_hook(lambda _module, grad_input, _grad_output: (grad_input[0] * 10,))
    hooked = block(x)
    hooked.square().sum().backward()
    return {**out, "hooked output": hooked, "hooked gradient": x.grad, "scale.grad": scale.grad}


def save_load():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
    FILES.mkdir(parents=True, exist_ok=True)
    torch.save(net.state_dict(), FILES / "perceptron.pt")
    save_file(net.state_dict(), FILES / "perceptron.safetensors")
    return {"output": net(torch.arange(12).reshape(3, 4).float() / 12)}


EXAMPLES = [conv_model, apply_init, state_dict, queries, train_eval, to, register, save_load]
