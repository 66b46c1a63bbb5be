"""Siamese v5 with its auxiliary loss as a textbook would write it: the yardstick of `bench` and of the tests.

It shares no code with the models and the training of this package, on purpose.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pairdigits.data import Pairs


class TextbookV5(nn.Module):
    """The report's Siamese v5, one layer after another (section II)."""

    def __init__(self, dropout: tuple[float, float] = (0.25, 0.5)):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3)
        self.conv2 = nn.Conv2d(16, 32, 3)
        self.dropout_flat = nn.Dropout(dropout[0])
        self.encoder = nn.Linear(800, 50)
        self.dropout_encoding = nn.Dropout(dropout[1])
        self.classifier = nn.Linear(50, 10)
        self.head = nn.Linear(20, 2)

    def tower(self, image: Tensor) -> Tensor:
        """Logits of one digit, (N, 1, 14, 14) -> (N, 10)."""
        x = F.leaky_relu(self.conv1(image))
        x = F.leaky_relu(self.conv2(x))
        x = F.max_pool2d(x, 2)
        x = self.dropout_flat(torch.flatten(x, 1))
        x = F.leaky_relu(self.encoder(x))
        return self.classifier(self.dropout_encoding(x))

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Comparison, left and right logits of (N, 2, 14, 14)."""
        left, right = self.tower(images[:, 0:1]), self.tower(images[:, 1:2])
        features = torch.cat([F.softmax(left, 1), F.softmax(right, 1)], 1)
        return self.head(features), left, right


@torch.no_grad()
def scores(model: TextbookV5, pairs: Pairs) -> tuple[float, float, float]:
    """Loss, class accuracy and digit accuracy over all pairs at once."""
    model.eval()
    comparison, left, right = model(pairs.images)
    loss = F.cross_entropy(comparison, pairs.labels)
    loss += F.cross_entropy(left, pairs.digits[:, 0]) + F.cross_entropy(right, pairs.digits[:, 1])
    digits = torch.stack([left.argmax(1), right.argmax(1)], 1)
    accuracy, digit_accuracy = (comparison.argmax(1) == pairs.labels), (digits == pairs.digits)
    return loss.item(), accuracy.float().mean().item(), digit_accuracy.float().mean().item()


def train(model: TextbookV5, train: Pairs, test: Pairs, epochs: int, batch_size: int = 64) -> list[float]:
    """Train with the report's settings and return the test accuracy after every epoch."""
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=0.01)
    accuracies = []
    for _ in range(epochs):
        model.train()
        for start in range(0, len(train.labels), batch_size):
            images, labels, digits = (part[start : start + batch_size] for part in train)
            comparison, left, right = model(images)
            loss = F.cross_entropy(comparison, labels)
            loss += F.cross_entropy(left, digits[:, 0]) + F.cross_entropy(right, digits[:, 1])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        _, (_, accuracy, _) = scores(model, train), scores(model, test)
        accuracies.append(accuracy)
    return accuracies
