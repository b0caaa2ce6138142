"""Devices. The numbers do not depend on them."""

import torch
from torch import nn


def where():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(3, 1))
    return {"output": net(torch.tensor([1.0, 2, 3]))}


def moving():
    torch.manual_seed(0)
    x = torch.rand(2, 3)
    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 1))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        net(x).square().sum().backward()
        optimizer.step()
    return {**dict(net.named_parameters()), "output": net.eval()(x)}


EXAMPLES = [where, moving]
