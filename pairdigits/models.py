"""The report's models and one of our own, as rows of a table.

Every siamese variant is a tower that reads a digit and a head that compares two of them. The rows of `VARIANTS`
differ in what the head is given (`feature`) and in the head itself; nothing else in the package asks which is which.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from pairdigits.heads import ArgmaxComparison, ConcatenatedLinear, DifferenceLinear, ExpectedComparison, Head, TwoLayers
from pairdigits.towers import DIGITS, ENCODING_WIDTH, NOTHING_DROPPED, Kept, Tower, TowerOutput

FIRST_TEMPERATURE = 0.25  # where a learned one starts: from 1 the head trained worse on held-out digits (n = 2)


class Prediction(NamedTuple):
    """What every model's forward returns."""

    comparison: Tensor  # (N, 2) logits, or log-probabilities where the head has no logits; column 1: first <= second
    digits: Tensor | None  # (N, 2, 10) logits; None for the base model


def _encoding(output: TowerOutput) -> Tensor:
    return output.encoding


def _logits(output: TowerOutput) -> Tensor:
    return output.logits


def _probabilities(output: TowerOutput) -> Tensor:
    return output.logits.softmax(-1)


@dataclass(frozen=True)
class Variant:
    """One model of the report (or of ours) as data."""

    name: str  # in code and URLs
    title: str  # on the page
    description: str
    feature: Callable[[TowerOutput], Tensor] | None = None  # what the head is given of each digit; None: no head
    head: Callable[[], Head] | None = None
    probe_kinds: tuple[str, ...] = ("real",)  # the probes that make sense for it, the most telling first
    learns_comparison: bool = True  # False: the comparison has no gradient, only the digits are trained
    trains_head: bool = True  # False: the comparison is a formula, with no last layer to train or to blame

    @property
    def compares_softmaxes(self) -> bool:
        """Whether the head is given probabilities, which have a temperature."""
        return self.feature is _probabilities

    @property
    def siamese(self) -> bool:
        """Whether the digits are read one by one."""
        return self.head is not None


_ON_DIGITS = ("ideal", "typical", "real")
_ON_ENCODINGS = ("typical", "real")

VARIANTS: dict[str, Variant] = {
    variant.name: variant
    for variant in (
        Variant("base", "Base", "LeNet that sees both digits as two channels of one image"),
        Variant("v1", "Siamese v1", "one linear layer on both digits' logits",
                _logits, lambda: ConcatenatedLinear(DIGITS), _ON_DIGITS),
        Variant("v2", "Siamese v2", "one linear layer on both encodings",
                _encoding, lambda: ConcatenatedLinear(ENCODING_WIDTH), _ON_ENCODINGS),
        Variant("v3", "Siamese v3", "one linear layer on the difference of the encodings",
                _encoding, lambda: DifferenceLinear(ENCODING_WIDTH), _ON_ENCODINGS),
        Variant("v4", "Siamese v4", "compares the two most likely digits, no trainable head",
                _logits, ArgmaxComparison, _ON_DIGITS, learns_comparison=False, trains_head=False),
        Variant("v5", "Siamese v5", "softmax of both digits' logits, then one linear layer",
                _probabilities, lambda: ConcatenatedLinear(DIGITS), _ON_DIGITS),
        Variant("v6", "Siamese v6", "two linear layers on both digits' logits",
                _logits, lambda: TwoLayers(DIGITS), _ON_DIGITS),
        Variant("v7", "Siamese v7", "the expected comparison of the two digits' softmaxes, no trainable head",
                _probabilities, ExpectedComparison, _ON_DIGITS, trains_head=False),
    )
}  # fmt: skip


class PairNet(nn.Module):
    """A model of `VARIANTS`: images of shape (N, 2, 14, 14) -> `Prediction`."""

    variant: Variant
    shared: bool
    fused = False  # whether its towers read through our own kernel

    def readings(self, images: Tensor) -> int:
        """How many images its towers read one by one of (N, 2, 14, 14)."""
        return len(images) * (2 if self.variant.siamese else 1)

    def uses(self, images: Tensor) -> list[TowerOutput]:
        """What its towers say of (N, 2, 14, 14), for each time that one is used: left and right, or once."""
        raise NotImplementedError

    def predict(self, *said: TowerOutput) -> Prediction:
        """What follows from what `uses` gives."""
        raise NotImplementedError

    def tower_weights(self) -> dict[str, nn.Parameter]:
        """Those of its towers by name, the first tower's as "0.conv1.weight"."""
        raise NotImplementedError


class BaseNet(PairNet):
    """Both digits as channels of one image, straight to the comparison (section II, base model)."""

    shared = False

    def __init__(self, variant: Variant):
        super().__init__()
        self.variant = variant
        self.tower = Tower(channels=2, outputs=2)

    def forward(self, images: Tensor, kept: Kept = NOTHING_DROPPED) -> Prediction:
        """See pairs of images, (N, 2, 14, 14)."""
        return self.predict(self.tower(images, kept.of(0, 1)))

    def uses(self, images: Tensor) -> list[TowerOutput]:
        """One: both digits are seen at once."""
        return [self.tower(images)]

    def predict(self, *said: TowerOutput) -> Prediction:
        """The tower's own two outputs."""
        (seen,) = said
        return Prediction(seen.logits, None)

    def tower_weights(self) -> dict[str, nn.Parameter]:
        """All that it has."""
        return {f"0.{name}": weight for name, weight in self.tower.named_parameters()}


class SiameseNet(PairNet):
    """A tower for each digit, the same one twice when shared, and a head that compares what they say."""

    def __init__(self, variant: Variant, shared: bool = True, learn_temperature: bool = False):
        super().__init__()
        if variant.head is None or variant.feature is None:
            raise ValueError(f"{variant.title} reads no single digits: it has no head.")
        self.variant, self.shared = variant, shared
        self._feature = variant.feature
        self.towers = nn.ModuleList(Tower() for _ in range(1 if shared else 2))
        self.head = variant.head()
        self.log_temperature = nn.Parameter(torch.tensor([math.log(FIRST_TEMPERATURE)])) if learn_temperature else None

    def encode(self, images: Tensor, kept: Kept = NOTHING_DROPPED) -> tuple[TowerOutput, TowerOutput]:
        """What the towers say of the left and of the right digits of (N, 2, 14, 14)."""
        if self.shared:  # both digits in one call: half the overhead, larger products
            both = self.towers[0](images.reshape(-1, 1, *images.shape[-2:]), kept.of(0, 1))
            encoding, logits = (part.view(len(images), 2, -1) for part in both)
            return TowerOutput(encoding[:, 0], logits[:, 0]), TowerOutput(encoding[:, 1], logits[:, 1])
        left, right = (tower(images[:, side : side + 1], kept.of(side, 2)) for side, tower in enumerate(self.towers))
        return left, right

    def read(self, images: Tensor, side: int) -> TowerOutput:
        """What the tower of one side (0 left, 1 right) says of single digits, (N, 14, 14)."""
        return self.towers[side if not self.shared else 0](images.unsqueeze(1))

    def feature(self, output: TowerOutput) -> Tensor:
        """What the head is given of digits; a softmax is taken at the learned temperature, if there is one.

        Parameters
        ----------
        output : TowerOutput
            Encodings (..., 50) and logits (..., 10).

        Returns
        -------
        Tensor, shape (..., 10) or (..., 50)
        """
        if self.log_temperature is not None:
            output = output._replace(logits=output.logits / self.log_temperature.exp())
        return self._feature(output)

    def compare(self, left: TowerOutput, right: TowerOutput) -> Tensor:
        """The head alone; broadcasts over leading dimensions: (n, 1, d) and (1, m, d) give (n, m, 2)."""
        return self.head(self.feature(left), self.feature(right))

    def forward(self, images: Tensor, kept: Kept = NOTHING_DROPPED) -> Prediction:
        """See pairs of images, (N, 2, 14, 14)."""
        return self.predict(*self.encode(images, kept))

    def uses(self, images: Tensor) -> list[TowerOutput]:
        """On the left, and on the right."""
        return [self.read(images[:, side], side) for side in range(2)]

    def predict(self, *said: TowerOutput) -> Prediction:
        """What follows from what the towers say of N left and N right digits."""
        left, right = said
        return Prediction(self.compare(left, right), torch.stack([left.logits, right.logits], 1))

    def tower_weights(self) -> dict[str, nn.Parameter]:
        """Of the shared tower, or of both."""
        return dict(self.towers.named_parameters())


def siamese(model: PairNet) -> SiameseNet:
    """A model as one that reads digits one by one.

    Raises
    ------
    ValueError
        If it does not (base).
    """
    if not isinstance(model, SiameseNet):
        raise ValueError(f"{model.variant.title} sees both digits as one image and reads no single digits.")
    return model


def build(variant: str, shared: bool = True, learn_temperature: bool = False) -> PairNet:
    """Make an untrained model; its weights come from torch's global random numbers.

    Parameters
    ----------
    variant : str
        A key of `VARIANTS`.
    shared : bool
        One tower for both digits, or a separate one for each; the base model has no choice.
    learn_temperature : bool
        Of the softmax that a head is given, if it is given one.

    Raises
    ------
    ValueError
        If there is no such variant.
    """
    if variant not in VARIANTS:
        raise ValueError(f"There is no variant {variant!r}: choose one of {', '.join(VARIANTS)}.")
    row = VARIANTS[variant]
    return SiameseNet(row, shared, learn_temperature) if row.siamese else BaseNet(row)


def parameter_count(model: nn.Module) -> int:
    """Trainable numbers of a model."""
    return sum(parameter.numel() for parameter in model.parameters())
