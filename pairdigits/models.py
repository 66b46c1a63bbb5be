"""The report's models and one of our own, as rows of a table.

Every siamese variant is a tower that reads a digit and a head that compares two of them. The rows of `VARIANTS`
differ in what the head is given (`feature`) and in the head itself; nothing else in the package asks which is which.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

ENCODING_WIDTH = 50
DIGITS = 10
FIRST_TEMPERATURE = 0.25  # where a learned one starts: from 1 the head trained worse on held-out digits (n = 2)


class TowerOutput(NamedTuple):
    """What a tower says of one digit."""

    encoding: Tensor  # (..., 50), after its leaky ReLU and before dropout
    logits: Tensor  # (..., 10)


class Prediction(NamedTuple):
    """What every model's forward returns."""

    comparison: Tensor  # (N, 2) logits, or log-probabilities where the head has no logits; column 1: first <= second
    digits: Tensor | None  # (N, 2, 10) logits; None for the base model


class Tower(nn.Module):
    """The report's LeNet: two 3x3 convolutions, one pooling, two linear layers (section II).

    Parameters
    ----------
    channels, outputs : int
        1 and 10 to read a digit; 2 and 2 make the base model of the same layers.
    dropout : (float, float)
        On the flattened feature maps and on the encoding.
    """

    def __init__(self, channels: int = 1, outputs: int = DIGITS, dropout: tuple[float, float] = (0.25, 0.5)):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 16, 3)
        self.conv2 = nn.Conv2d(16, 32, 3)
        self.dropout_flat = nn.Dropout(dropout[0])
        self.encoder = nn.Linear(32 * 5 * 5, ENCODING_WIDTH)
        self.dropout_encoding = nn.Dropout(dropout[1])
        self.classifier = nn.Linear(ENCODING_WIDTH, outputs)
        self.fused: Callable[[Tensor], Tensor] | None = None  # in place of `maps`, see `pairdigits.fused`

    def forward(self, images: Tensor) -> TowerOutput:
        """Read images of shape (N, channels, 14, 14)."""
        maps = self.maps(images) if self.fused is None else self.fused(images)
        encoding = F.leaky_relu(self.encoder(self.dropout_flat(maps)))  # (N, 50)
        return TowerOutput(encoding, self.classifier(self.dropout_encoding(encoding)))

    def maps(self, images: Tensor) -> Tensor:
        """The pooled maps of the two convolutions, flattened: (N, channels, 14, 14) -> (N, 800)."""
        maps = F.leaky_relu(self.conv1(images), inplace=True)  # (N, 16, 12, 12)
        # Pooling first is the same function, leaky ReLU being monotonic, on a quarter of the values.
        return F.leaky_relu(F.max_pool2d(self.conv2(maps), 2), inplace=True).flatten(1)


class Separable(nn.Module):
    """A head whose verdict is the sign of one number of the left digit plus one of the right.

    So all pairs of n left and m right digits need n + m products instead of n * m, and how many of them are called
    "less than or equal" can be counted by sorting (`pairdigits.probe`).
    """

    def leanings(self, left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
        """Features (n, d) and (m, d) -> (n,) and (m,): first <= second where their sum is above 0."""
        raise NotImplementedError


class _SumOfTerms(Separable, nn.Linear):
    def terms(self, left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
        """What each side adds to the outputs; both broadcast."""
        raise NotImplementedError

    def forward(self, left: Tensor, right: Tensor) -> Tensor:
        """Compare two features, (..., d) each, as the class says: (..., outputs)."""
        for_left, for_right = self.terms(left, right)
        return for_left + for_right

    def leanings(self, left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
        """Features (n, d) and (m, d) -> (n,) and (m,): first <= second where their sum is above 0."""
        for_left, for_right = (term.double() for term in self.terms(left, right))
        return for_left[..., 1] - for_left[..., 0], for_right[..., 1] - for_right[..., 0]


class ConcatenatedLinear(_SumOfTerms):
    """A linear layer on two concatenated features, (..., d) and (..., d) -> (..., outputs)."""

    def __init__(self, width: int, outputs: int = 2):
        super().__init__(2 * width, outputs)

    def terms(self, left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
        """What each side adds to the outputs; both broadcast."""
        for_left, for_right = self.weight.chunk(2, dim=1)
        return F.linear(left, for_left, self.bias), F.linear(right, for_right)


class DifferenceLinear(_SumOfTerms):
    """A linear layer on the difference of two features, as the difference of two products."""

    def __init__(self, width: int):
        super().__init__(width, 2)

    def terms(self, left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
        """What each side adds to the outputs; both broadcast."""
        return F.linear(left, self.weight, self.bias), -F.linear(right, self.weight)


class TwoLayers(nn.Module):
    """One more layer with room to make something like a softmax (section II, v6)."""

    def __init__(self, width: int, hidden: int = 25):
        super().__init__()
        self.hidden = ConcatenatedLinear(width, hidden)
        self.output = nn.Linear(hidden, 2)

    def forward(self, left: Tensor, right: Tensor) -> Tensor:
        """Compare two features, (..., d) each, as the class says: (..., outputs)."""
        return self.output(F.leaky_relu(self.hidden(left, right), inplace=True))

    def margins(self, left: Tensor, right: Tensor, rows: int) -> Iterator[Tensor]:
        """Features (n, d) and (m, d) -> blocks of (rows, m), above 0 where first <= second."""
        for_left, for_right = self.hidden.terms(left, right)
        weight, bias = (part[1] - part[0] for part in (self.output.weight, self.output.bias))
        # leaky(l + r) = l + 0.01 r + 0.99 max(-l, r): two passes over all pairs a hidden value, in buffers that stay.
        of_left, of_right, hidden = for_left @ weight + bias, 0.01 * (for_right @ weight), for_right.T.contiguous()
        larger = left.new_empty(rows, len(right))
        for some, added in zip(for_left.neg().split(rows), of_left.split(rows), strict=True):
            found = added.unsqueeze(1) + of_right
            for one, other, factor in zip(some.T.unsqueeze(2), hidden, (0.99 * weight).tolist(), strict=True):
                found.add_(torch.maximum(one, other, out=larger[: len(some)]), alpha=factor)
            yield found


class ArgmaxComparison(Separable):
    """Compare the two most likely digits; certain of itself and without a gradient (section II, v4)."""

    def forward(self, left: Tensor, right: Tensor) -> Tensor:
        """Compare two features, (..., d) each, as the class says: (..., outputs)."""
        first_le_second = left.argmax(-1) <= right.argmax(-1)
        return torch.stack([~first_le_second, first_le_second], -1).to(left.dtype).log()

    def leanings(self, left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
        """Features (n, d) and (m, d) -> (n,) and (m,): first <= second where their sum is above 0."""
        return 0.5 - left.argmax(-1), right.argmax(-1).float()


class ExpectedComparison(nn.Module):
    """P(first <= second) = sum over i <= j of p_i q_j; ours: exact, differentiable, nothing to train."""

    def forward(self, left: Tensor, right: Tensor) -> Tensor:
        """Compare two features, (..., d) each, as the class says: (..., outputs)."""
        both = [torch.einsum("...i,...i->...", left, tail) for tail in self._tails(right)]
        return torch.stack(both, -1).clamp_min(1e-30).log()

    def margins(self, left: Tensor, right: Tensor, rows: int) -> Iterator[Tensor]:
        """Features (n, d) and (m, d) -> blocks of (rows, m), above 0 where first <= second."""
        less, at_least = self._tails(right)
        lean = (at_least - less).T.contiguous()
        yield from (some @ lean for some in left.split(rows))

    def _tails(self, right: Tensor) -> tuple[Tensor, Tensor]:
        at_least = right.flip(-1).cumsum(-1).flip(-1)  # P(second >= i)
        less = F.pad(right.cumsum(-1)[..., :-1], (1, 0))  # P(second < i), a sum of its own to keep small values exact
        return less, at_least


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
    head: Callable[[], nn.Module] | None = None
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


class BaseNet(PairNet):
    """Both digits as channels of one image, straight to the comparison (section II, base model)."""

    shared = False

    def __init__(self, variant: Variant, dropout: tuple[float, float] = (0.25, 0.5)):
        super().__init__()
        self.variant = variant
        self.tower = Tower(channels=2, outputs=2, dropout=dropout)

    def forward(self, images: Tensor) -> Prediction:
        """See pairs of images, (N, 2, 14, 14)."""
        return Prediction(self.tower(images).logits, None)


class SiameseNet(PairNet):
    """A tower for each digit, the same one twice when shared, and a head that compares what they say."""

    def __init__(
        self,
        variant: Variant,
        shared: bool = True,
        dropout: tuple[float, float] = (0.25, 0.5),
        learn_temperature: bool = False,
    ):
        super().__init__()
        self.variant, self.shared = variant, shared
        self.towers = nn.ModuleList(Tower(dropout=dropout) for _ in range(1 if shared else 2))
        self.head = variant.head()
        self.log_temperature = nn.Parameter(torch.tensor([math.log(FIRST_TEMPERATURE)])) if learn_temperature else None

    def encode(self, images: Tensor) -> tuple[TowerOutput, TowerOutput]:
        """What the towers say of the left and of the right digits of (N, 2, 14, 14)."""
        if self.shared:  # both digits in one call: half the overhead, larger products
            both = self.towers[0](images.reshape(-1, 1, *images.shape[-2:]))
            encoding, logits = (part.view(len(images), 2, -1) for part in both)
            return TowerOutput(encoding[:, 0], logits[:, 0]), TowerOutput(encoding[:, 1], logits[:, 1])
        left, right = (tower(images[:, side : side + 1]) for side, tower in enumerate(self.towers))
        return left, right

    def read(self, images: Tensor, side: int) -> TowerOutput:
        """What the tower of one side (0 left, 1 right) says of single digits, (N, 14, 14)."""
        return self.towers[side if not self.shared else 0](images.unsqueeze(1))

    def feature(self, output: TowerOutput) -> Tensor:
        """What the head is given of a digit, its softmax at the learned temperature if there is one."""
        if self.log_temperature is not None:
            output = output._replace(logits=output.logits / self.log_temperature.exp())
        return self.variant.feature(output)

    def compare(self, left: TowerOutput, right: TowerOutput) -> Tensor:
        """The head alone; broadcasts over leading dimensions: (n, 1, d) and (1, m, d) give (n, m, 2)."""
        return self.head(self.feature(left), self.feature(right))

    def forward(self, images: Tensor) -> Prediction:
        """See pairs of images, (N, 2, 14, 14)."""
        left, right = self.encode(images)
        return Prediction(self.compare(left, right), torch.stack([left.logits, right.logits], 1))


def build(
    variant: str, shared: bool = True, dropout: tuple[float, float] = (0.25, 0.5), learn_temperature: bool = False
) -> PairNet:
    """Make an untrained model; its weights come from torch's global random numbers.

    Parameters
    ----------
    variant : str
        A key of `VARIANTS`.
    shared : bool
        One tower for both digits, or a separate one for each; the base model has no choice.
    dropout : (float, float)
        See `Tower`.
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
    return SiameseNet(row, shared, dropout, learn_temperature) if row.siamese else BaseNet(row, dropout)


def parameter_count(model: nn.Module) -> int:
    """Trainable numbers of a model."""
    return sum(parameter.numel() for parameter in model.parameters())
