"""What one can choose, a row each, with the words for it: kinds of probe, presets, protocols.

Forms, the command line, pages, tables and tests iterate these rows. Nothing here needs torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

LOGIT_FACTORS = (1, 2, 4, 8, 16)  # by which a softmax is made more certain than it is


class Number(NamedTuple):
    """A setting that is a number: its range, the step of its widget, and the words that ask for it."""

    low: float
    high: float
    step: float
    label: str
    help: str


@dataclass(frozen=True)
class ProbeKind:
    """What a model's last layer is shown of each of the 100 pairs of digits."""

    name: str  # in code, in records and on the command line
    title: str
    about: str  # one clause, for a help text
    board: str  # what a board of it shows
    asked: str  # what a cell's verdict was asked of: strength, first, second and places are filled in
    why_not: str = ""  # why it does not apply to some variants


@dataclass(frozen=True)
class Preset:
    """Named settings of a run; trained models of all variants lie in the folder of its name."""

    name: str
    models: str  # the title of its trained models
    settings: str  # the title of its settings
    about: str
    experiment: str  # whose first rounds are its trained models


@dataclass(frozen=True)
class Protocol:
    """How a round's figure comes about, and the experiments whose rounds were run so."""

    name: str  # in a run's configuration
    about: str  # one clause
    note: str  # below every table that it made
    experiment: str
    factorial: str
    every_epoch: str  # the experiment that keeps the scores of every epoch

    @property
    def title(self) -> str:
        """For a switch."""
        return self.name.capitalize()


PROBE_KINDS = {
    kind.name: kind
    for kind in (
        ProbeKind(
            "ideal",
            "Ideal signal",
            "the head is given the chosen strength at each digit's index and 0 elsewhere, as in the report's Figure 2. "
            "Only for heads that are given ten values a digit.",
            "The board asks its comparison alone, shown each digit as clearly as can be: 10 at its place, 0 elsewhere",
            "an ideal signal of strength {strength:g} for each digit",
            "an ideal signal is ten values per digit, and the last layer is not given those",
        ),
        ProbeKind(
            "typical",
            "Typical digit",
            "the mean of what the tower says of MNIST's 10,000 test digits.",
            "The board asks its comparison alone, shown the mean of what it sees of each digit",
            "the typical {first} and the typical {second}, the means over the test digits",
            "both digits are seen as one image, so there is no typical single digit",
        ),
        ProbeKind(
            "real",
            "Real pairs",
            "the share of 4,000,000 real pairs that the model calls ≤, made of every fifth test digit (base: 20,000 of "
            "these pairs).",
            "The board is the share of real test pairs that it calls ≤",
            "what the towers say of the first pair above, test digits {places}",
        ),
    )
}
PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "report",
            "The report's models",
            "The report's",
            "the report's settings: Adam, 40 epochs of 64 pairs in a fixed order, dropout 0.25 and 0.5",
            "as-published",
        ),
        Preset(
            "best",
            "Best recipe",
            "Our best recipe",
            "our recipe: AdamW, one cycle, 160 epochs of 32 newly made pairs, warped images, hardly any dropout",
            "best",
        ),
    )
}
PUBLISHED, CORRECTED = "as published", "corrected"
PROTOCOLS = {
    protocol.name: protocol
    for protocol in (
        Protocol(
            PUBLISHED,
            "dropout in the first epoch only, and the epoch is chosen on the test pairs",
            "As published: dropout acts in the first epoch only, and a round's figure is its highest test accuracy "
            "over the epochs. The report does not say so of dropout: it is inferred, for so its figures come out.",
            "as-published",
            "factorial-as-published",
            "as-published",
        ),
        Protocol(
            CORRECTED,
            "dropout in every epoch, and the epoch is chosen on pairs held out of training",
            "Corrected: dropout acts in every epoch, the epoch is chosen on 200 of the 1000 training pairs, held "
            "out for it, and the test pairs are touched once.",
            "corrected",
            "factorial",
            "figures",
        ),
    )
}
