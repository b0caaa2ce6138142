"""How pieces of a model are composed."""

import copy

import torch
from torch import nn
from torch.nn import functional as F


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(20, 256)
        self.out = nn.Linear(256, 10)

    def forward(self, X):
        return self.out(F.relu(self.hidden(X)))


class FixedHiddenMLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.rand_weight = torch.rand(20, 20)
        self.linear = nn.Linear(20, 20)

    def forward(self, X):
        Y = self.linear(X)
        Y = F.relu(Y @ self.rand_weight + 1)
        Y = self.linear(Y)
        while Y.abs().sum() > 1:
            Y = Y / 2
        return Y.sum()


class NestMLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU())
        self.linear = nn.Linear(32, 16)

    def forward(self, X):
        return self.linear(self.net(X))


def mlp_sequential():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(20, 256), nn.ReLU(), nn.Linear(256, 10))
    return {"output": net(torch.rand(2, 20))}


def mlp_gluon():
    # The weights are drawn at the first call: after the input.
    torch.manual_seed(0)
    net = nn.Sequential(nn.LazyLinear(256), nn.ReLU(), nn.LazyLinear(10))
    return {"output": net(torch.rand(2, 20))}


def mlp_keras():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Flatten(), nn.LazyLinear(256), nn.ReLU(), nn.LazyLinear(10))
    return {"output": net(torch.rand(2, 4, 5))}


def mlp_paddle():
    return mlp_sequential()


def mlp_custom():
    torch.manual_seed(0)
    net = MLP()
    Y = net(torch.rand(2, 20))
    Y.sum().backward()
    return {"output": Y, "hidden.weight.grad": net.hidden.weight.grad}


def my_sequential():
    return mlp_sequential()


def my_sequential_keyed_by_block():
    return mlp_sequential()


def fixed_hidden():
    torch.manual_seed(0)
    net = FixedHiddenMLP()
    X = torch.rand(2, 20)
    Y = net(X)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        net(X).backward()
        optimizer.step()
    return {"output": Y, "weight after three steps": net.linear.weight}


def fixed_hidden_constant():
    torch.manual_seed(0)
    constant = torch.rand(20, 20)
    linear = nn.Linear(20, 20)
    X = torch.rand(2, 20)
    return {"output": linear(F.relu(linear(X) @ constant + 1)).sum()}


def nest_chimera():
    torch.manual_seed(0)
    chimera = nn.Sequential(NestMLP(), nn.Linear(16, 20), FixedHiddenMLP())
    Y = chimera(torch.rand(2, 20))
    Y.backward()
    return {"output": Y, "0.net.0.weight.grad": chimera[0].net[0].weight.grad}


def exercise_list():
    torch.manual_seed(0)
    layers = [nn.Linear(20, 256), nn.Linear(256, 10)]
    return {"output": layers[1](F.relu(layers[0](torch.rand(2, 20))))}


def exercise_parallel():
    torch.manual_seed(0)
    net1, net2 = nn.Linear(20, 8), nn.Linear(20, 4)
    X = torch.rand(2, 20)
    Y = torch.cat([net1(X), net2(X)], 1)
    (Y * Y).sum().backward()
    return {"output": Y, "net2.weight.grad": net2.weight.grad}


def exercise_repeat():
    torch.manual_seed(0)
    block = nn.Linear(20, 20)
    net = nn.Sequential(*(copy.deepcopy(block) for _ in range(3)))
    return {"output": net(torch.rand(2, 20))}


EXAMPLES = [
    mlp_sequential,
    mlp_gluon,
    mlp_keras,
    mlp_paddle,
    mlp_custom,
    my_sequential,
    my_sequential_keyed_by_block,
    fixed_hidden,
    fixed_hidden_constant,
    nest_chimera,
    exercise_list,
    exercise_parallel,
    exercise_repeat,
]
