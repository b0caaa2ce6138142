"""Reading and writing."""

import torch
from torch import nn

from .module import FILES


def tensors():
    torch.manual_seed(0)
    weight, first, second = torch.randn(2, 3), torch.rand(4), torch.arange(3)
    FILES.mkdir(parents=True, exist_ok=True)
    torch.save({"weight": weight, "steps": [first, second], "epoch": 7, "name": "perceptron"}, FILES / "nested.pt")
    return {"weight": weight, "first step": first, "second step": second}


def model():
    torch.manual_seed(0)
    hidden, output = nn.Linear(20, 256), nn.Linear(256, 10)
    return {"output": output(torch.relu(hidden(torch.rand(2, 20))))}


EXAMPLES = [tensors, model]
