"""Eager PyTorch as a contender: reads {"workload", "steps"} per line, answers {"times", "loss"} in milliseconds."""

import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


def training(optimizer, loss_of):
    def step():
        optimizer.zero_grad()
        loss = loss_of()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def mlp(_):
    net = nn.Sequential(nn.Linear(20, 256), nn.ReLU(), nn.Linear(256, 10))
    x, y = torch.rand(64, 20), torch.rand(64, 10)
    return training(torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9), lambda: F.mse_loss(net(x), y))


def lenet(_):
    net = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10),
    )  # fmt: skip
    x, y = torch.randn(64, 1, 28, 28), torch.randint(0, 10, (64,))
    return training(torch.optim.SGD(net.parameters(), lr=0.1), lambda: F.cross_entropy(net(x), y))


def transformer(sizes):
    width, vocabulary = sizes["width"], sizes["vocabulary"]
    layer = nn.TransformerEncoderLayer(width, sizes["heads"], sizes["feedforward"], dropout=0.0, batch_first=True, norm_first=True)
    encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
    net = nn.Sequential(nn.Embedding(vocabulary, width), encoder, nn.Linear(width, vocabulary))
    shape = (sizes["batch"], sizes["length"])
    x, y = torch.randint(0, vocabulary, shape), torch.randint(0, vocabulary, shape).flatten()
    return training(torch.optim.Adam(net.parameters(), lr=1e-3), lambda: F.cross_entropy(net(x).flatten(0, 1), y))


torch.manual_seed(0)
sizes = json.loads(sys.argv[1])
steps = {}
for line in sys.stdin:
    request = json.loads(line)
    name = request["workload"]
    if name not in steps:
        steps[name] = {"mlp": mlp, "lenet": lenet, "transformer": transformer}[name](sizes)
    times = []
    for _ in range(request["steps"]):
        start = time.perf_counter()
        loss = steps[name]()
        times.append((time.perf_counter() - start) * 1000)
    print(json.dumps({"times": times, "loss": loss}), flush=True)
