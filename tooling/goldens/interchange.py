"""Models in files, in both directions.

python3 tooling/goldens/interchange.py
    PyTorch writes models, inputs and outputs to packages/conformance/goldens/interchange, which the tests load.

node tooling/interchange.mjs FOLDER && python3 tooling/goldens/interchange.py FOLDER
    TypeScript writes the same models; PyTorch reads them, strictly, and compares what they compute.
"""

import pathlib
import sys

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "packages/conformance/goldens/interchange"


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(20, 32)
        self.out = nn.Linear(32, 10)

    def forward(self, x):
        return self.out(F.relu(self.hidden(x)))


class NestMLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(20, 16), nn.ReLU(), nn.Linear(16, 8), nn.ReLU())
        self.linear = nn.Linear(8, 4)

    def forward(self, x):
        return self.linear(self.net(x))


def shared():
    layer = nn.Linear(8, 8)
    return nn.Sequential(nn.Linear(4, 8), nn.ReLU(), layer, nn.ReLU(), layer, nn.ReLU(), nn.Linear(8, 1))


class Residual(nn.Module):
    def __init__(self, channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, out_channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or channels != out_channels:
            self.downsample = nn.Sequential(nn.Conv2d(channels, out_channels, 1, stride=stride, bias=False), nn.BatchNorm2d(out_channels))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 6, 3, padding=1), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2))
        self.layer1 = nn.Sequential(Residual(6, 6), Residual(6, 6))
        self.layer2 = nn.Sequential(Residual(6, 10, 2))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(10, 5)

    def forward(self, x):
        y = self.pool(self.layer2(self.layer1(self.stem(x))))
        return self.fc(y.flatten(1))


def encoder():
    layer = nn.TransformerEncoderLayer(8, 2, dim_feedforward=16, batch_first=True, activation="gelu", norm_first=True)
    return nn.TransformerEncoder(layer, 2, norm=nn.LayerNorm(8), enable_nested_tensor=False)


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(12, 6)
        self.lstm = nn.LSTM(6, 5, num_layers=2, bidirectional=True, batch_first=True)
        self.scales = nn.ParameterList([nn.Parameter(torch.randn(10))])
        self.heads = nn.ModuleDict({"out": nn.Linear(10, 3)})

    def forward(self, tokens):
        y, _ = self.lstm(self.embedding(tokens))
        return self.heads["out"](y * self.scales[0])


MODELS = {
    "mlp": (MLP, lambda: torch.rand(2, 20)),
    "nested": (NestMLP, lambda: torch.rand(2, 20)),
    "shared": (shared, lambda: torch.rand(3, 4)),
    "resnet": (ResNet, lambda: torch.rand(4, 3, 8, 8)),
    "encoder": (encoder, lambda: torch.rand(2, 5, 8)),
    "tagger": (Tagger, lambda: torch.randint(0, 12, (2, 7))),
}


def write():
    FOLDER.mkdir(exist_ok=True)
    for name, (make, draw) in MODELS.items():
        torch.manual_seed(11)
        model, x = make(), draw()
        # Running statistics that are not what they are at first.
        with torch.no_grad():
            model(x)
            y = model.eval()(x)
        state = model.state_dict()
        torch.save({"model": state, "input": x, "output": y}, FOLDER / f"{name}.pt")
        save_file({key: value.clone() for key, value in state.items()}, FOLDER / f"{name}.safetensors", metadata={"format": "pt"})


def read(folder):
    for name, (make, _) in MODELS.items():
        saved = torch.load(folder / f"{name}.pt", weights_only=True)
        for state in (saved["model"], load_file(folder / f"{name}.safetensors")):
            model = make()
            assert list(state) == list(model.state_dict()) or isinstance(state, dict), name
            model.load_state_dict(state, strict=True)
            with torch.no_grad():
                y = model.eval()(saved["input"].long() if name == "tagger" else saved["input"])
            error = (y - saved["output"]).abs().max().item()
            scale = saved["output"].abs().max().item()
            assert y.shape == saved["output"].shape, (name, y.shape)
            assert error <= 1e-6 + 1e-5 * scale, (name, error)
        # The order of names is PyTorch's where the format keeps one.
        assert list(saved["model"]) == list(make().state_dict()), name
        print(f"{name}: {len(saved['model'])} tensors, largest difference {error:.1e}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        read(pathlib.Path(sys.argv[1]))
    else:
        write()
