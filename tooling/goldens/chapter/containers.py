"""Sequential and ModuleList."""

import torch
from torch import nn


class Bottleneck(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        inner = in_channels // 4
        self.layer1 = nn.Sequential(nn.Conv2d(in_channels, inner, 1), nn.BatchNorm2d(inner), nn.ReLU())
        self.layer2 = nn.Sequential(nn.Conv2d(inner, inner, 3, padding=1), nn.BatchNorm2d(inner), nn.ReLU())
        self.layer3 = nn.Sequential(nn.Conv2d(inner, out_channels, 1), nn.BatchNorm2d(out_channels), nn.ReLU())

    def forward(self, x):
        return self.layer3(self.layer2(self.layer1(x)))


class Listed(nn.Module):
    def __init__(self, layers, activation=lambda x: x):
        super().__init__()
        self.layers = nn.ModuleList(layers)
        self.activation = activation

    def forward(self, x):
        for layer in self.layers:
            x = self.activation(layer(x))
        return x


def three_ways():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(1, 20, 5), nn.ReLU(), nn.Conv2d(20, 64, 5), nn.ReLU())
    return {"output": net(torch.rand(1, 1, 12, 12))}


def as_block():
    torch.manual_seed(0)
    model = Bottleneck(8, 16)
    y = model(torch.rand(2, 8, 6, 6))
    y.square().mean().backward()
    return {
        "output": y,
        "layer1.0.weight.grad": model.layer1[0].weight.grad,
        "layer2.1.running_mean": model.layer2[1].running_mean,
    }


def iterate():
    torch.manual_seed(0)
    model = Listed([nn.Linear(1, 10), nn.ReLU(), nn.Linear(10, 1)])
    x = torch.rand(4, 1)
    out = {"output": model(x)}
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    out["output"].square().sum().backward()
    optimizer.step()
    return {**out, "trained": model(x)}


def append():
    torch.manual_seed(0)
    model = Listed([nn.Linear(1, 10), nn.ReLU(), nn.Linear(10, 1)])
    model.layers.append(nn.Linear(1, 5))
    return {"output": model(torch.rand(4, 1))}


def extend():
    torch.manual_seed(0)
    sizes = [8, 8, 8, 2]
    model = Listed([nn.Linear(4, 8)], torch.tanh)
    model.layers.extend([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])
    return {"output": model(torch.rand(3, 4))}


SEQUENTIAL = [three_ways, as_block]
MODULELIST = [iterate, append, extend]
