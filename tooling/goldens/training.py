"""The losses of twenty training steps of three networks, as PyTorch has them.

Run: python3 tooling/goldens/training.py

Writes `packages/conformance/goldens/training-losses.safetensors`: for each network its losses and the norm of its parameters
after the last step; for the language models also the text as numbers. The networks and the loops are those of
`packages/conformance/src/training/`, line for line: same seeds, same order of random numbers.

The transformer has its sequences along the first axis: with `batch_first` PyTorch draws the masks of dropout in the order
of its tensors' strides.

Sensitivity is printed as well: how far the losses of the same training in float64 are from those in float32. A tolerance
of 1e-4 means something only while that is much smaller.
"""

from pathlib import Path

import torch
from safetensors.torch import save
from torch import nn
from torch.nn import functional as F

FILE = Path(__file__).resolve().parents[2] / "packages" / "conformance" / "goldens" / "training-losses.safetensors"
STEPS = 20

TEXT = (
    "the lion gave the head and wanted the credit, the goat gave the back and wanted some peace, the snake gave the tail "
    "and asked who was steering. for a week they walked in circles. then the goat proposed that whoever saw the water "
    "first should choose the way, and the snake, being last, saw nothing and complained. by the time they reached the "
    "river they had agreed on one thing: that the fire was to be kept for guests."
)
VOCABULARY = sorted(set(TEXT))
TOKENS = torch.tensor([VOCABULARY.index(character) for character in TEXT])


class BasicBlock(nn.Module):
    def __init__(self, in_planes, planes, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(in_planes, planes, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.shortcut = nn.Sequential()
        if stride != 1 or in_planes != planes:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_planes, planes, 1, stride=stride, bias=False), nn.BatchNorm2d(planes)
            )

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + self.shortcut(x))


class ResNet(nn.Module):
    def __init__(self, widths):
        super().__init__()
        self.conv1 = nn.Conv2d(3, widths[0], 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(widths[0])
        planes = widths[0]
        layers = []
        for i, width in enumerate(widths):
            layers.append(nn.Sequential(BasicBlock(planes, width, 1 if i == 0 else 2), BasicBlock(width, width, 1)))
            planes = width
        self.layers = nn.Sequential(*layers)
        self.linear = nn.Linear(planes, 10)

    def forward(self, x):
        y = self.layers(F.relu(self.bn1(self.conv1(x))))
        return self.linear(F.adaptive_avg_pool2d(y, 1).flatten(1))


class LanguageModel(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, 16)
        self.lstm = nn.LSTM(16, 32, batch_first=True)
        self.linear = nn.Linear(32, vocabulary)

    def forward(self, tokens):
        return self.linear(self.lstm(self.embedding(tokens))[0])


class Transformer(nn.Module):
    def __init__(self, vocabulary, context):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, 32)
        self.position = nn.Parameter(0.02 * torch.randn(context, 1, 32))
        layer = nn.TransformerEncoderLayer(32, 4, dim_feedforward=64, dropout=0.1, activation="gelu", norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, norm=nn.LayerNorm(32), enable_nested_tensor=False)
        self.linear = nn.Linear(32, vocabulary)

    def forward(self, tokens):
        context = tokens.shape[0]
        mask = torch.ones(context, context, dtype=torch.bool).triu(1)
        x = self.embedding(tokens) + self.position
        return self.linear(self.encoder(x, mask=mask))


def windows(batch, context):
    """`batch` windows at random places of the text: the characters, and those that follow them."""
    starts = torch.randint(0, len(TOKENS) - context, (batch,))
    places = starts.unsqueeze(1) + torch.arange(context)
    return TOKENS[places], TOKENS[places + 1]


def resnet(dtype):
    # With this seed no unit comes so close to 0 that rounding decides on which side it is: weights that differ by 1e-7 give
    # losses that differ by 5e-7 after twenty steps.
    torch.manual_seed(7)
    net = ResNet([8, 16, 32, 64])
    images = torch.randn(32, 3, 16, 16)
    labels = torch.randint(0, 10, (32,))
    net, images = net.to(dtype), images.to(dtype)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.002, momentum=0.9, weight_decay=5e-4)
    losses = []
    for i in range(STEPS):
        start = 8 * (i % 4)
        optimizer.zero_grad()
        loss = F.cross_entropy(net(images[start : start + 8]), labels[start : start + 8])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return net, losses


def lstm(dtype):
    torch.manual_seed(1)
    net = LanguageModel(len(VOCABULARY)).to(dtype)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    losses = []
    for _ in range(STEPS):
        inputs, targets = windows(8, 12)
        optimizer.zero_grad()
        loss = F.cross_entropy(net(inputs).flatten(0, 1), targets.flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 0.5)
        optimizer.step()
        losses.append(loss.item())
    return net, losses


def transformer(dtype):
    torch.manual_seed(2)
    net = Transformer(len(VOCABULARY), 16).to(dtype)
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.003, weight_decay=0.1)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    losses = []
    for _ in range(STEPS):
        inputs, targets = windows(8, 16)
        optimizer.zero_grad()
        loss = F.cross_entropy(net(inputs.t()).flatten(0, 1), targets.t().flatten(), label_smoothing=0.1)
        loss.backward()
        optimizer.step()
        scheduler.step()
        losses.append(loss.item())
    return net, losses


def main():
    torch.set_num_threads(1)
    entries = {"tokens": TOKENS}
    for train in (resnet, lstm, transformer):
        net, losses = train(torch.float32)
        name = train.__name__
        entries[f"{name}/losses"] = torch.tensor(losses, dtype=torch.float64)
        norm = sum(p.detach().double().square().sum() for p in net.parameters()).sqrt()
        entries[f"{name}/norm"] = norm
        apart = max(abs(a - b) / b for a, b in zip(losses, train(torch.float64)[1]))
        print(f"{name}: {losses[0]:.4f} -> {losses[-1]:.4f}, float64 apart by {apart:.1e}, {sum(p.numel() for p in net.parameters())} parameters")
    FILE.write_bytes(save(entries, metadata={"made-by": f"tooling/goldens/training.py, PyTorch {torch.__version__.split('+')[0]}"}))


if __name__ == "__main__":
    main()
