"""Finished rounds of experiments, as they stand in files: one a line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pairdigits.config import RunConfig
from pairdigits.folders import CHECKPOINTS
from pairdigits.records import EpochRecord, Outcome

FOLDER = CHECKPOINTS / "report"


@dataclass(frozen=True)
class Round:
    """A finished run of an experiment, as it stands on one line of a file in `checkpoints/report`."""

    config: RunConfig
    outcome: Outcome
    probe: list[list[float | None]]  # of the chosen epoch
    curves: dict[str, list[float | None]] | None  # scores by epoch, see EpochRecord.flat
    mended: tuple[str, ...] = ()  # what was done to the run from outside, see `report.repairs`

    @property
    def key(self) -> str:
        """What the round is found by."""
        return round_key(self.config, self.mended)

    def to_json(self) -> str:
        """One line of JSON; scores of epochs are kept to 4 digits."""
        fields = {"config": self.config.to_dict(), "outcome": self.outcome.to_dict(), "probe": self.probe}
        for name in ("curves", "mended"):
            fields |= {name: made} if (made := getattr(self, name)) else {}
        return json.dumps(fields)

    @classmethod
    def from_json(cls, line: str) -> Round:
        """Read what `to_json` wrote."""
        fields = json.loads(line)
        return cls(
            RunConfig.from_dict(fields["config"]),
            Outcome.from_dict(fields["outcome"]),
            fields["probe"],
            fields.get("curves"),
            tuple(fields.get("mended", ())),
        )

    @classmethod
    def of(
        cls,
        config: RunConfig,
        outcome: Outcome,
        records: list[EpochRecord],
        curves: bool = False,
        mended: tuple[str, ...] = (),
    ) -> Round:
        """Take what is kept of a finished run, of whose records that of the chosen epoch is needed."""
        chosen = next(record for record in records if record.epoch == outcome.epoch)
        probe = [[_rounded(cell) for cell in row] for row in chosen.probe]
        rows = [record.flat() for record in records]
        names = [name for name in rows[0] if name not in ("epoch", "seconds") and rows[-1][name] is not None]
        scores = {name: [_rounded(row[name]) for row in rows] for name in names} if curves else None
        return cls(config, outcome, probe, scores, mended)


def round_key(config: RunConfig, mended: Sequence[str] = ()) -> str:
    """What a round is found by: its config's key, and what was done to the run from outside."""
    return " ".join([config.key, *mended])


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


class RoundsError(ValueError):
    """A file of rounds is damaged; the message says which line."""


def read(folder: Path = FOLDER) -> dict[str, Round]:
    """All finished rounds by their keys, from the files of all experiments.

    Raises
    ------
    RoundsError
        If a line is damaged, other than the last of an interrupted command.
    """
    found = {}
    for path in sorted(folder.glob("*.jsonl")):
        lines = path.read_text().splitlines(keepends=True)
        for number, line in enumerate(lines, start=1):
            try:
                finished = Round.from_json(line)
            except (ValueError, KeyError, TypeError, AttributeError):
                if number == len(lines) and not line.endswith("\n"):
                    break  # the last line of an interrupted command: its run is simply run again
                raise RoundsError(
                    f"Line {number} of {path.name} is damaged: delete it and run the command again."
                ) from None
            found[finished.key] = finished
    return found


def append(name: str, finished: Round, folder: Path = FOLDER) -> None:
    """Add a finished round to the file of its experiment."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.jsonl"
    if path.exists() and (content := path.read_bytes()) and not content.endswith(b"\n"):
        path.write_bytes(content[: content.rfind(b"\n") + 1])  # what an interrupt left of a line
    with path.open("a") as file:
        file.write(finished.to_json() + "\n")
