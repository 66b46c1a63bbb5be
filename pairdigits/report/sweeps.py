"""Rows of experiments that move one setting and hold all others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pairdigits.choices import CORRECTED, PUBLISHED
from pairdigits.config import RunConfig
from pairdigits.presets import preset

TRAIN_PAIRS = (100, 300, 1000, 3000, 10_000)
AUXILIARY_WEIGHTS = (0.0, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0)
READERS = ("v1", "v5", "v7")  # the models whose labels are counted
LABELLED = (0.0, 0.0125, 0.02, 0.05, 0.1, 0.3, 1.0)  # shares: of 800 pairs, 20 labels are 0.0125
WRONG_LABELS = (0.0, 0.1, 0.25, 0.5)
AUXILIARY_UNTIL = (5, 10, 20, 40)  # epochs of 40


def row(name: str, variant: str, auxiliary: bool = True, protocol: str = CORRECTED, **changes: Any) -> RunConfig:
    """A preset's run whose test pairs are scored no more often than the protocol asks for."""
    # Under "corrected" the test pairs are touched once, by the chosen model.
    return preset(name, variant, auxiliary, protocol, **({"watch_test": protocol == PUBLISHED} | changes))


def pairs() -> dict[str, RunConfig]:
    """Numbers of training pairs; a fifth is held out."""
    models = {
        "base": row("report", "base"),
        "v1 separate": row("report", "v1", False, shared=False),
        "v1 shared": row("report", "v1", False),
        "v1 shared auxiliary": row("report", "v1"),
        "v7 shared auxiliary": row("report", "v7"),
    }
    return {
        f"{label} {count}": replace(config, train_pairs=count, validation_pairs=count // 5)
        for count in TRAIN_PAIRS
        for label, config in models.items()
    }


def many_pairs() -> dict[str, RunConfig]:
    """The rows of `pairs` where labels stop helping v1; their first rounds are the same."""
    return {label: one for label, one in pairs().items() if label.startswith("v1 shared") and one.train_pairs >= 3000}


def weights() -> dict[str, RunConfig]:
    """Auxiliary weights, at one learning rate, so that nothing but the weight changes."""
    return {
        f"{variant} {weight:g}": row("report", variant, auxiliary_weight=weight)
        for variant in ("v1", "v5")
        for weight in AUXILIARY_WEIGHTS
    }


def labels() -> dict[str, RunConfig]:
    """Shares of labelled digits; no label at all is no auxiliary loss, at the learning rate of the others."""
    return _of_readers(
        {f"{share:g}": {"labelled": share} if share else {"auxiliary_weight": 0.0} for share in LABELLED}
    )


def wrong_labels() -> dict[str, RunConfig]:
    """Shares of wrong labels, all digits labelled."""
    return _of_readers({f"{share:g}": {"wrong_labels": share} for share in WRONG_LABELS})


def auxiliary_until() -> dict[str, RunConfig]:
    """Last epochs with the auxiliary loss; to the very last it is a run like any other."""
    return _of_readers({f"{epoch}": {"auxiliary_until": epoch % RunConfig.epochs} for epoch in AUXILIARY_UNTIL})


def one_side() -> dict[str, RunConfig]:
    """All digits labelled, or the left ones only."""
    return _of_readers({side: {"labelled_side": side} for side in ("left", "both")})


def _of_readers(values: dict[str, dict[str, Any]]) -> dict[str, RunConfig]:
    return {
        f"{variant} {label}": row("report", variant, **changes)
        for variant in READERS
        for label, changes in values.items()
    }


def temperature() -> list[tuple[str, str, int, dict[str, RunConfig]]]:
    """A learned temperature under each protocol and by the recipe: name, words, rounds and the one row."""
    settings = [
        ("as-published", PUBLISHED, 20, ("report", PUBLISHED)),
        ("corrected", CORRECTED, 20, ("report", CORRECTED)),
        ("best", "best recipe", 5, ("best", CORRECTED)),
    ]
    return [
        (name, words, rounds, {"v5": row(recipe, "v5", protocol=protocol, learn_temperature=True)})
        for name, words, rounds, (recipe, protocol) in settings
    ]
