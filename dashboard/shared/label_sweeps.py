"""The questions about labels: how many, how many wrong, until when, on which side; and what their rounds say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from dashboard.charts import intervals
from dashboard.shared import teaching_data
from pairdigits.config import RunConfig
from pairdigits.report.experiments import EXPERIMENTS
from pairdigits.report.sweeps import AUXILIARY_UNTIL, LABELLED, READERS, WRONG_LABELS

if TYPE_CHECKING:
    from pairdigits.estimates import Estimate

DIGITS = 1600  # of the 800 pairs that a run is trained on: 200 of its 1000 are held out
NAMES = {variant: f"Siamese {variant}" for variant in READERS}
Lines = dict[str, list["Estimate"]]  # by model, an estimate for each setting


@dataclass(frozen=True)
class Sweep:
    """One of the questions: settings of runs, and how they are named.

    Attributes
    ----------
    title, axis : str
    experiment : str
        A key of `EXPERIMENTS`; its rows are "v1 0.1".
    settings : sequence
        As they stand in the names of the rows, in their order on the axis.
    named : callable
        A setting -> its name on the axis.
    offered : sequence
        The settings of a live run.
    changes : callable
        A setting -> fields of `RunConfig`.
    setting : callable
        The setting of a run.
    say : callable
        What the figure shows, in a sentence.
    """

    title: str
    axis: str
    experiment: str
    settings: Sequence[Any]
    named: Callable[[Any], str]
    offered: Sequence[Any]
    changes: Callable[[Any], dict[str, Any]]
    setting: Callable[[RunConfig], Any]
    say: Callable[[Lines], str]

    def lines(self) -> Lines:
        """The committed rounds."""
        frame = teaching_data.rounds(self.experiment)
        return {
            name: [teaching_data.estimate(frame, f"{variant} {_key(one)}") for one in self.settings]
            for variant, name in NAMES.items()
        }

    @property
    def rate(self) -> float:
        """Learning rate of all its rounds."""
        return next(iter(EXPERIMENTS[self.experiment].rows.values())).learning_rate

    def place(self, setting: Any) -> float:
        """Where a setting stands on the axis: the committed ones at whole numbers, others between them."""
        if isinstance(setting, str):
            return [*self.settings, "right"].index(setting) % len(self.settings)  # one side is like the other
        return float(np.interp(setting, self.settings, range(len(self.settings))))

    def config(self, variant: str, setting: Any, seed: int) -> RunConfig:
        """A run at a setting, with everything else as in the committed rounds."""
        row = EXPERIMENTS[self.experiment].rows[f"{variant} {_key(self.settings[-1])}"]
        plain = replace(row, wrong_labels=0.0, data_seed=seed, init_seed=seed)
        return replace(plain, **self.changes(setting))


def _key(setting: Any) -> str:
    return setting if isinstance(setting, str) else f"{setting:g}"


def _percent(share: float) -> str:
    return f"{100 * share:g}%"


def _share_named(share: float) -> str:
    return f"{round(share * DIGITS):,}<br>{_percent(share)}"


def _say_shares(lines: Lines) -> str:
    few, some = LABELLED.index(0.0125), LABELLED.index(0.1)
    counts = [round(LABELLED[place] * DIGITS) for place in (few, some)]
    ways = "; ".join(
        f"{name[-2:]} {one[0].mean:.1f}% without a label, {one[few].mean:.1f}% with {counts[0]}, {one[some].mean:.1f}% "
        f"with {counts[1]}, {one[-1].mean:.1f}% with all {DIGITS:,}"
        for name, one in lines.items()
    )
    worse = [name[-2:] for name, one in lines.items() if one[few].high < one[0].low]
    v5, v7 = lines[NAMES["v5"]], lines[NAMES["v7"]]
    below = [share for share, one in zip(LABELLED, v5, strict=True) if one.high < v7[0].low]
    said = f"{ways}."
    if worse:
        said += f" {counts[0]} labels can be worse than none: {' and '.join(worse)} lose, beyond their intervals."
    if below:
        said += f" v7 without a single one is ahead of v5 with {round(below[-1] * DIGITS)}, also beyond them."
    return (
        f"{said} **To be able to say:** labels are worth what the head can make of them, and a few may do harm; a head "
        "that knows what an order is gets furthest without any."
    )


def _say_wrong(lines: Lines) -> str:
    lost = {name[-2:]: one[0].mean - one[-1].mean for name, one in lines.items()}
    words = ", ".join(f"{name} loses {points:.1f} points" for name, points in sorted(lost.items(), key=lambda x: x[1]))
    none = {name: one[0] for name, one in SWEEPS["share"].lines().items()}  # no digit labelled, same rounds
    taught = [name[-2:] for name, one in lines.items() if one[-1].low > none[name].high]
    others = [f"{name[-2:]} ({none[name].mean:.1f}%)" for name in lines if name[-2:] not in taught]
    said = f"With every second label wrong {words}."
    if taught:
        said += f" That is still more than no labels at all for {' and '.join(taught)}, beyond the intervals"
        said += f"; not so for {' and '.join(others)}." if others else "."
    return (
        f"{said} **To be able to say:** a tower can learn from names of which half are false, for they name the right "
        "digit more often than any other; whether they beat having none depends on the head."
    )


def _say_until(lines: Lines) -> str:
    known = {name: one for name, one in lines.items() if one[0].known}
    if not known:
        return ""
    ways = ", ".join(f"{name[-2:]} {one[0].mean:.1f}% (to the end: {one[-1].mean:.1f}%)" for name, one in known.items())
    never = {name: one[0].mean for name, one in SWEEPS["share"].lines().items()}  # no digit labelled
    kept = [(one[0].mean - never[name]) / (one[-1].mean - never[name]) for name, one in known.items()]
    return (
        f"With labels for the first {AUXILIARY_UNTIL[0]} epochs only: {ways}. **To be able to say:** the labels of the "
        f"first {AUXILIARY_UNTIL[0]} of {RunConfig.epochs} epochs bring {min(kept):.0%} to {max(kept):.0%} of the "
        "points that labels bring at all, by model."
    )


def _say_sides(lines: Lines) -> str:
    known = {name[-2:]: one for name, one in lines.items() if one[0].known}
    if not known:
        return ""
    ways = ", ".join(f"{name} {one[0].mean:.1f}% (both: {one[-1].mean:.1f}%)" for name, one in known.items())
    return (
        f"With labels on the left digits only: {ways}. **To be able to say:** in a shared tower a name told on the "
        "left is known on the right, as there is only one tower to know it."
    )


SWEEPS = {
    "share": Sweep(
        "Labelled digits", f"Labelled digits of {DIGITS:,}", "labels", LABELLED, _share_named,
        (0.0, 0.01, 0.02, 0.05, 0.1, 0.3, 1.0),
        lambda share: {"labelled": share} if share else {"auxiliary_weight": 0.0},
        lambda config: config.labelled if config.auxiliary_weight else 0.0, _say_shares,
    ),
    "wrong": Sweep(
        "Wrong labels", "Share of the labels that are wrong", "wrong-labels", WRONG_LABELS, _percent,
        (0.0, 0.1, 0.2, 0.3, 0.4, 0.5), lambda share: {"wrong_labels": share}, lambda config: config.wrong_labels,
        _say_wrong,
    ),
    "until": Sweep(
        "Until when", f"Last epoch with the auxiliary loss, of {RunConfig.epochs}", "auxiliary-until", AUXILIARY_UNTIL,
        str, (1, 2, 5, 10, 20, 40), lambda epoch: {"auxiliary_until": epoch % RunConfig.epochs},
        lambda config: config.auxiliary_until or RunConfig.epochs, _say_until,
    ),
    "side": Sweep(
        "One side or both", "Which digits of the pairs are labelled", "one-side", ("left", "both"), str,
        ("left", "right", "both"), lambda side: {"labelled_side": side}, lambda config: config.labelled_side,
        _say_sides,
    ),
}  # fmt: skip


def chart(sweep: Sweep, lines: Lines, own: Sequence[tuple[str, float, float]] = (), height: int = 400) -> go.Figure:
    """A line for each model, the settings at equal distances."""
    named = [sweep.named(one) for one in sweep.settings]
    return evenly(lines, named, sweep.axis, "Test accuracy (%)", own=own, height=height)


def evenly(lines: Lines, named: Sequence[str], axis: str, title: str, **more: Any) -> go.Figure:
    """Estimates over settings at equal distances, by their names; `more` is for `intervals.sweep`."""
    points = {name: {float(place): one for place, one in enumerate(line)} for name, line in lines.items()}
    figure = intervals.sweep(points, axis, title, **more)
    # With room at both ends, or a phone leaves out the last name.
    figure.update_xaxes(tickvals=list(range(len(named))), ticktext=named, range=[-0.4, len(named) - 0.6])
    return figure
