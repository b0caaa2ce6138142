"""Layers of one's own."""

import torch
from torch import nn
from torch.nn import functional as F


class CenteredLayer(nn.Module):
    def forward(self, X):
        return X - X.mean()


class MyLinear(nn.Module):
    def __init__(self, in_units, units):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(in_units, units))
        self.bias = nn.Parameter(torch.randn(units))

    def forward(self, X):
        return F.relu(X @ self.weight + self.bias)


def gradients(module):
    return {f"{name}.grad": parameter.grad for name, parameter in module.named_parameters()}


def centered():
    return {"output": CenteredLayer()(torch.tensor([1.0, 2, 3, 4, 5]))}


def centered_in_net():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(8, 128), CenteredLayer())
    Y = net(torch.rand(4, 8))
    Y.square().sum().backward()
    return {"output": Y, "0.weight.grad": net[0].weight.grad}


def my_linear():
    torch.manual_seed(0)
    linear = MyLinear(5, 3)
    Y = linear(torch.rand(2, 5))
    Y.sum().backward()
    return {"weight": linear.weight, "output": Y, **gradients(linear)}


def my_linear_net():
    torch.manual_seed(0)
    net = nn.Sequential(MyLinear(64, 8), MyLinear(8, 1))
    Y = net(torch.rand(2, 64))
    Y.sum().backward()
    return {"output": Y, **gradients(net)}


def exercise_reduction():
    torch.manual_seed(0)
    weight = nn.Parameter(torch.randn(4, 4, 3))
    x = torch.rand(4, requires_grad=True)
    y = torch.einsum("ijk,i,j->k", weight, x, x)
    y.sum().backward()
    return {"output": y, "weight.grad": weight.grad, "x.grad": x.grad}


def exercise_fourier():
    torch.manual_seed(0)
    x = torch.rand(2, 8, requires_grad=True)
    y = torch.fft.fft(x)[..., :4]
    (y.real.square() + y.imag.square()).sum().backward()
    return {"real": y.real, "imag": y.imag, "x.grad": x.grad}


EXAMPLES = [centered, centered_in_net, my_linear, my_linear_net, exercise_reduction, exercise_fourier]
