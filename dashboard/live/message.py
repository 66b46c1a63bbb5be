"""A launch as browsers get it: its state in words, and the points of its curves that they do not have yet.

Importing this loads torch.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from dashboard.charts import probes
from dashboard.shared.launch_words import gap_words
from dashboard.shared.launches import Launch, columns
from pairdigits import cells
from pairdigits.estimates import Estimate
from pairdigits.records import EpochRecord

Position = tuple[tuple[int, int], ...]  # attempt and epochs of each round: how much of a launch a browser has


@dataclass(frozen=True)
class View:
    """A launch as it was at one moment, told to everybody who watches it.

    Attributes
    ----------
    launch : Launch
    words : str
        How far it is, see `launch_words.describe`.
    """

    launch: Launch
    words: str
    _told: dict[tuple[Position, bool], str] = field(default_factory=dict, compare=False)

    @cached_property
    def position(self) -> Position:
        """What a browser has that was told everything."""
        last = (records[-1].epoch if records else 0 for records in self.launch.records)
        return tuple((run.attempt, epoch) for run, epoch in zip(self.launch.runs, last, strict=True))

    def message(self, since: Position = (), probe: bool = False) -> str:
        """What is new as JSON, made once for all who have got as far.

        Parameters
        ----------
        since : Position
            What the browser has; empty for nothing.
        probe : bool
            Whether the first round's latest probe comes along, as Plotly's traces.
        """
        if (since, probe) not in self._told:
            self._told[since, probe] = json.dumps(self._changes(since, probe))
        return self._told[since, probe]

    def _changes(self, since: Position, probe: bool) -> dict[str, Any]:
        launch = self.launch
        again = [attempt for attempt, _ in since] != [run.attempt for run in launch.runs]
        reached = [0] * len(launch.runs) if again else [epoch for _, epoch in since]
        new = {
            record.epoch
            for records, epoch in zip(launch.records, reached, strict=True)
            for record in records
            if record.epoch > epoch
        }
        message = {
            "launch": launch.id,
            "again": again,  # what the browser has is to be forgotten
            "words": self.words,
            "progress": round(launch.progress, 4),
            "active": launch.active,
            "chosen": launch.chosen_epoch,
            "points": {epoch: point(launch.records, epoch) for epoch in sorted(new)},
        }
        if launch.records[0]:
            latest = launch.records[0][-1]
            board = cells.as_array(latest.probe)
            message["gap"] = gap_words([records[-1] for records in launch.records if records])
            message["wrong"] = f"after epoch {latest.epoch}: {int(cells.wrong(board).sum())} of 100 cells wrong"
            if probe:
                message["probe"] = probes.probe_heatmap(board)["data"]
        return message


def point(rounds: Sequence[Sequence[EpochRecord]], epoch: int) -> dict[str, list[float | None]]:
    """Every figure of an epoch over the rounds: column -> [mean, standard deviation or None for one round]."""
    rows = [columns(record) for records in rounds for record in records if record.epoch == epoch]
    found = {}
    for name in rows[0]:
        known = Estimate.of(row.get(name) for row in rows)
        if known.known:
            found[name] = [known.mean, None if math.isnan(known.std) else known.std]
    return found
