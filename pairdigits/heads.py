"""What compares two digits: the last layers of the siamese models, the report's and one of our own."""

from __future__ import annotations

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Separable(nn.Module):
    """A head whose verdict is the sign of one number of the left digit plus one of the right.

    So all pairs of n left and m right digits need n + m products instead of n * m, and how many of them are called
    "less than or equal" can be counted by sorting (`pairdigits.probe`).
    """

    def leanings(self, left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
        """Features (n, d) and (m, d) -> (n,) and (m,): first <= second where their sum is above 0."""
        raise NotImplementedError


class Pairwise(nn.Module):
    """A head that has to look at every pair."""

    def margins(self, left: Tensor, right: Tensor, rows: int) -> Iterator[Tensor]:
        """Features (n, d) and (m, d) -> blocks of (rows, m), above 0 where first <= second."""
        raise NotImplementedError


class _SumOfTerms(Separable, nn.Linear):
    def terms(self, left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
        """What each side adds to the outputs.

        Parameters
        ----------
        left, right : Tensor, shapes (..., d)
            Features, whose leading dimensions broadcast.

        Returns
        -------
        two Tensors, shapes (..., outputs)
            Their sum is what the layer puts out.
        """
        raise NotImplementedError

    # A linear layer by its weights; unlike one, it takes two inputs.
    def forward(self, left: Tensor, right: Tensor) -> Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
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


class TwoLayers(Pairwise):
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


class ExpectedComparison(Pairwise):
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


Head = Separable | Pairwise  # two features, (..., d) each, of shapes that broadcast -> (..., 2)
