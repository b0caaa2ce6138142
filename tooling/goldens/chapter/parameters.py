"""Parameters: reached, initialised, shared, waiting for their shape."""

import torch
from torch import nn


def perceptron():
    return nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))


def access():
    torch.manual_seed(0)
    net = perceptron()
    Y = net(torch.rand(2, 4))
    Y.sum().backward()
    return {"output": Y, "2.bias": net[2].bias, "2.weight.grad": net[2].weight.grad}


def nested():
    def inner():
        return nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 4), nn.ReLU())

    torch.manual_seed(0)
    outer = nn.Sequential()
    for i in range(4):
        outer.add_module(f"block {i}", inner())
    net = nn.Sequential(outer, nn.Linear(4, 1))
    return {"output": net(torch.rand(2, 4)), "0.block 1.0.bias": net[0][1][0].bias}


def built_in_init():
    torch.manual_seed(0)
    net = perceptron()
    for layer in (net[0], net[2]):
        nn.init.normal_(layer.weight, mean=0, std=0.01)
        nn.init.zeros_(layer.bias)
    normal = net[0].weight.clone()
    nn.init.xavier_uniform_(net[0].weight)
    nn.init.constant_(net[2].weight, 42)
    return {"normal": normal, "xavier": net[0].weight, "output": net(torch.rand(2, 4))}


def custom_init():
    torch.manual_seed(0)
    net = perceptron()
    for layer in (net[0], net[2]):
        nn.init.uniform_(layer.weight, -10, 10)
        layer.weight.data *= layer.weight.data.abs() >= 5
    weight = net[0].weight.clone()
    net[0].weight.data[:] += 1
    net[0].weight.data[0, 0] = 42
    return {"weight": weight, "changed": net[0].weight}


def tied():
    torch.manual_seed(0)
    shared = nn.Linear(8, 8)
    net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), shared, nn.ReLU(), shared, nn.ReLU(), nn.Linear(8, 1))
    X = torch.rand(2, 4)
    Y = net(X)
    shared.weight.data[0, 0] = 100
    net(X).sum().backward()
    gradient = shared.weight.grad
    torch.optim.SGD(net.parameters(), lr=1e-4).step()
    return {"output": Y, "shared.weight.grad": gradient, "shared.weight": shared.weight}


def deferred():
    torch.manual_seed(0)
    net = nn.Sequential(nn.LazyLinear(256), nn.ReLU(), nn.LazyLinear(10))
    return {"output": net(torch.rand(2, 20))}


EXAMPLES = [access, nested, built_in_init, custom_init, tied, deferred]
