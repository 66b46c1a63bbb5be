"""What the columns of the tables hold and how their cells are written: a row for each column, whatever its table."""

from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    """What a column holds."""

    about: str = ""  # a sentence for whoever points at its head
    short: str = ""  # its head where the columns before it say the rest
    signed: bool = False  # a difference: "+0.50"
    counted: bool = True  # n stands in its cells; elsewhere the column before has the same rounds
    detail: bool = False  # left out of a table at first sight
    measured: bool = False  # a number that is no estimate and yet was measured: "89.30"


_ALL_PAIRS = "Mean accuracy of the same models over all ordered pairs of the 10,000 test digits, percent."
_PAIRED = "Mean difference over pairs of rounds with the same pairs of digits and the same initial seed, points."

COLUMNS = {
    "Model": Column(),
    "Towers": Column("One tower for both digits, or one for each."),
    "Auxiliary loss": Column("Whether the digits are named while training."),
    "Factor": Column("What is added."),
    "With": Column("What stays the same in both rows that are compared."),
    "Learning rate": Column("Adam's learning rate."),
    "Regularisation": Column("Adam's weight decay."),
    "Training pairs": Column("How many pairs were drawn for training, a fifth of them for validation."),
    "Auxiliary weight": Column("What the digits' losses are multiplied by; the report's is 1."),
    "Labelled share": Column("Share of the training digits whose names the auxiliary loss is told."),
    "Wrong labels": Column("Share of those names that are wrong."),
    "Last epoch with it": Column("The last of 40 epochs with the auxiliary loss."),
    "Labelled side": Column("Which digits of a pair are named while training: those on the left, or both."),
    "Setting": Column("The protocol, or the recipe."),
    "Temperature 1": Column(f"v5 as it is. {_ALL_PAIRS}"),
    "Learned": Column(f"v5 whose softmax learns its temperature, one number. {_ALL_PAIRS}"),
    "Argmax, v4": Column(f"v4 compares the most likely digits: a softmax that is certain. {_ALL_PAIRS}", counted=False),
    "Difference, learned": Column(f"Learned minus temperature 1. {_PAIRED}", "Learned - 1", signed=True),
    "Difference, v4": Column(f"v4 minus v5 as it is. {_PAIRED}", "v4 - v5", signed=True),
    "Mended by": Column("What was done to v7, which is told comparisons only."),
    "Own output": Column("Mean share of a round's test digits that win the output that stands for them, percent."),
    "Difference, to the prior": Column(f"All pairs, minus the prior's. {_PAIRED}", "Minus the prior", signed=True),
    "Self-trained, all pairs": Column(f"A new tower that each model taught. {_ALL_PAIRS}", "Self-trained"),
    "Self-trained, own output": Column("The same of the new tower.", "Its own output", counted=False),
    "Difference, self-trained": Column(
        f"All pairs, self-trained minus as it was. {_PAIRED}", "Gain by it", signed=True
    ),
    "With auxiliary loss, 1000 pairs": Column("Mean test accuracy on the 1000 test pairs of each round, percent."),
    "Without, 1000 pairs": Column("The same without the auxiliary loss."),
    "With auxiliary loss, all pairs": Column(_ALL_PAIRS, counted=False),
    "Without, all pairs": Column("The same without the auxiliary loss.", counted=False),
    "Published": Column("The report's figure, percent."),
    "As published": Column(
        "Ours under the report's protocol: mean of the highest test accuracy of any epoch, percent."
    ),
    "Corrected": Column("Ours with the epoch chosen on held-out training pairs: mean accuracy on 1000 pairs, percent."),
    "Difference, as published": Column("Ours, as published, minus the report's figure, points.", "Difference", True),
    "Difference, corrected": Column("Ours, corrected, minus the report's figure, points.", "Difference", True),
    "As published, all pairs": Column(_ALL_PAIRS, "All pairs", counted=False),
    "Corrected, all pairs": Column(_ALL_PAIRS, "All pairs", counted=False),
    "1000 pairs": Column("Mean test accuracy on the 1000 test pairs of each round, percent."),
    "All pairs": Column(_ALL_PAIRS, measured=True),
    "Difference, 1000 pairs": Column(_PAIRED, signed=True),
    "Difference, all pairs": Column(f"{_PAIRED} Over all ordered pairs of test digits.", signed=True),
    "Highest": Column("The report's way: mean over rounds of the highest test accuracy of any epoch, percent."),
    "Last epoch": Column("Mean test accuracy after the last epoch, which nobody chose, percent."),
    "Highest, all pairs": Column(f"The model of the highest figure. {_ALL_PAIRS}", counted=False),
    "Difference, highest and last": Column(
        "Highest minus last epoch of the same rounds, points.", "Difference", signed=True
    ),
    "Chosen on validation": Column("Mean test accuracy at the epoch that is best on held-out pairs, percent."),
    "Difference, honest": Column(
        "Chosen on validation minus last epoch, points: what an honest choice is worth.", "Honest gain", signed=True
    ),
    "Difference, flattery": Column(
        "Highest minus all pairs, points: what the claim owes to luck with its test pairs.", "Flattery", signed=True
    ),
    "Difference, dropout in every epoch": Column(
        "Highest test accuracy with dropout in every epoch minus that as published, round by round, points.",
        signed=True,
    ),
    "Validation": Column("Accuracy of the chosen cell on the held-out validation pairs, percent.", measured=True),
    "Test": Column("Accuracy of the chosen cell on the test pairs, percent.", measured=True),
    "Claimed": Column(
        "The highest test accuracy of any cell: what choosing on the test pairs would have reported.", measured=True
    ),
    "Difference, claimed": Column("Claimed minus test, points.", "Difference", signed=True),
    "Claimed model, all pairs": Column(f"The cell that was claimed. {_ALL_PAIRS}", detail=True, measured=True),
    "Cells": Column("How many of the grid's 20 cells have been run.", detail=True),
    "Ideal": Column("Mean number of wrong cells, of 100, for ideal signals of strength 10."),
    "Typical": Column("Mean number of wrong cells, of 100, for the means of what the tower says of each digit."),
    "Real": Column("Mean number of wrong cells, of 100, by the majority of all real test pairs."),
}


def column(name: str) -> Column:
    """What is known of a column; nothing for one that stands in no published table."""
    return COLUMNS.get(name, Column())
