"""The steps of the lesson, in the order of the report's own argument."""

from __future__ import annotations

from dashboard.lesson import (
    digit_labels,
    fooled,
    forked,
    honest_figures,
    landscapes,
    opened_layer,
    overfitting,
    paradox,
    remedies,
    task,
    tied_towers,
    twenty_numbers,
    written_rule,
)

STEPS = (
    task.STEP,
    overfitting.STEP,
    tied_towers.STEP,
    digit_labels.STEP,
    paradox.STEP,
    opened_layer.STEP,
    twenty_numbers.STEP,
    remedies.STEP,
    written_rule.STEP,
    landscapes.STEP,
    honest_figures.STEP,
    fooled.STEP,
    forked.STEP,
)
