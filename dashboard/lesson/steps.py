"""The steps of the lesson, in the order of the report's own argument."""

from __future__ import annotations

from dashboard.lesson import (
    by_hand,
    digit_labels,
    fooled,
    forked,
    honest_figures,
    landscapes,
    last_layer,
    overfitting,
    paradox,
    remedies,
    task,
    tied_towers,
    written_rule,
)

STEPS = (
    task.STEP,
    overfitting.STEP,
    tied_towers.STEP,
    digit_labels.STEP,
    paradox.STEP,
    last_layer.STEP,
    by_hand.STEP,
    remedies.STEP,
    written_rule.STEP,
    landscapes.STEP,
    honest_figures.STEP,
    fooled.STEP,
    forked.STEP,
)
