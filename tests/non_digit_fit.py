"""Fits the towers that tell one digit from anything else: ``python -m tests.non_digit_fit``, six minutes on a thread.

Digits are MNIST's training digits and drawings by hands of their own; non-digits are `non_digits.fitted`, strokes at
random, and MNIST's training digits two at a time. Everything is warped anew at every step. The bound is chosen on
training digits and hands that were left out of the fit. Neither the drawn digits of the tests, nor MNIST's test digits,
nor `non_digits.held_out` are looked at. How many towers there are was chosen on the shapes that
were held out from the fit before this one.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn import Module

from pairdigits import one_digit
from pairdigits.augmentation import Augmentation, augment
from pairdigits.data import load_mnist, pool
from pairdigits.sketch import from_drawing, to_digit
from pairdigits.towers import ENCODING_WIDTH, MAPS_WIDTH, Kept, Tower
from tests import drawn_digits, non_digits
from tests.drawn_digits import Drawing

WARP = Augmentation(rotation=8.0, shear=0.1, flags=0.0)
STEPS, MNIST_BATCH, DRAWN_BATCH, OTHER_BATCH = 4000, 32, 24, 56
RATE = 0.003
DROPOUT = 0.1
TOWERS = 3  # flagged 0.8 to 2.2 points more than one at the same cost, n = 3
COST = 0.01  # of digits left out of the fit, flagged: as many as may be lost


def images(drawings: list[Drawing]) -> Tensor:
    """Drawings as MNIST would have them, without those that the pipeline's own remarks refuse or flag: (N, 28, 28)."""
    sketches = [from_drawing(drawing.render(1)) for drawing in drawings]
    return torch.from_numpy(np.stack([one.image for one in sketches if one.image is not None and one.remark is None]))


def two_of_mnist(digits: Tensor, count: int, rng: np.random.Generator) -> Tensor:
    """Two digits beside or on one another, as the pipeline makes them one image."""
    found = []
    for first, second in rng.integers(0, len(digits), (count, 2)):
        canvas = np.zeros((28, 56), np.uint8)
        apart = rng.integers(2, 22)
        for place, image in ((6, digits[first]), (6 + apart, digits[second])):
            canvas[:, place : place + 28] = np.maximum(canvas[:, place : place + 28], image.numpy())
        found.append(to_digit(canvas))
    return torch.from_numpy(np.stack(found))


def mnist_digits() -> tuple[Tensor, Tensor]:
    """MNIST's training digits to fit on, (50000, 28, 28), and those that are left out, (10000, 28, 28)."""
    mnist = load_mnist().train.images[torch.randperm(60_000, generator=torch.Generator().manual_seed(1))]
    return mnist[:50_000], mnist[50_000:]


def fit() -> list[Tower]:
    """Train the committee."""
    rng = np.random.default_rng(2)
    mnist, _ = mnist_digits()
    drawn = images([drawn_digits.draw(digit, hand) for hand in range(200, 260) for digit in range(10)])
    others = images([
        *non_digits.fitted(),
        *(non_digits.marks(100 + seed % 60, seed) for seed in range(1200)),
    ])  # fmt: skip
    others = torch.cat([others, two_of_mnist(mnist, 700, rng)])
    print(f"{len(drawn)} drawn digits, {len(others)} others", flush=True)
    return [train(mnist, drawn, others, seed) for seed in range(TOWERS)]


def bound(committee: Iterable[Module]) -> float:
    """Above which strangeness a drawing is flagged: `COST` of MNIST's left-out digits, and of fresh hands', at most."""
    fresh = images([drawn_digits.draw(digit, hand) for hand in range(300, 340) for digit in range(10)])
    says = (one_digit.strangeness(committee, pool(digits)) for digits in (mnist_digits()[1], fresh))
    return max(torch.quantile(strange, 1 - COST).item() for strange in says)


def train(mnist: Tensor, drawn: Tensor, others: Tensor, seed: int) -> Tower:
    """One tower."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(100 + seed)
    tower = Tower(outputs=2)
    optimiser = torch.optim.AdamW(tower.parameters(), RATE, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, STEPS)
    batches = ((mnist, MNIST_BATCH), (drawn, DRAWN_BATCH), (others, OTHER_BATCH))
    target = torch.tensor([0] * (MNIST_BATCH + DRAWN_BATCH) + [1] * OTHER_BATCH)
    for step in range(STEPS):
        batch = torch.cat([part[torch.randint(len(part), (size,), generator=generator)] for part, size in batches])
        seen = augment(batch, target, WARP, generator)
        kept = Kept(*(F.dropout(torch.ones(len(seen), width), DROPOUT) for width in (MAPS_WIDTH, ENCODING_WIDTH)))
        loss = F.cross_entropy(tower(one_digit.normalised(seen), kept).logits, target, label_smoothing=0.02)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 250 == 0:
            print(f"tower {seed}, step {step}: loss {loss.item():.3f}", flush=True)
    return tower


if __name__ == "__main__":
    torch.set_num_threads(1)
    fitted = fit()
    one_digit.save(fitted, bound(fitted))
