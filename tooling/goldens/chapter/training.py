"""A model, data, and steps that make it better."""

from pathlib import Path

import numpy
import torch
from torch import nn

DIGITS = Path(__file__).resolve().parents[3] / "packages" / "conformance" / "data" / "digits.bin"


def digits():
    rows = torch.from_numpy(numpy.fromfile(DIGITS, dtype=numpy.uint8).reshape(-1, 65))
    images, labels = rows[:, :64].float() / 16, rows[:, 64].long()
    train_images, train_labels = images[:1500], labels[:1500]
    torch.manual_seed(11)
    net = nn.Sequential(nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 10))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.LinearLR(optimizer, start_factor=1, end_factor=0, total_iters=80)
    losses = []
    for _ in range(4):
        for batch in torch.randperm(1500).split(75):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(train_images[batch]), train_labels[batch])
            loss.backward()
            optimizer.step()
            scheduler.step()
            losses.append(loss.item())
    correct = (net.eval()(images[1500:]).argmax(1) == labels[1500:]).sum()
    return {"losses": torch.tensor(losses), "correct": correct.float()}


EXAMPLES = [digits]
