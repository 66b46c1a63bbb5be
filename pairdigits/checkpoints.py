"""Trained models as files: safetensors, with the run, its normalisation, scores and probe in the header.

Reading one never executes code, whoever made it.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

import safetensors
import safetensors.torch
import torch

from pairdigits.config import ConfigError, RunConfig
from pairdigits.data import Normalisation
from pairdigits.folders import CHECKPOINTS
from pairdigits.models import PairNet
from pairdigits.records import Outcome
from pairdigits.training import Training

FORMAT = "pairdigits 1"
MAX_BYTES = 10_000_000  # ours have 0.4 MB


class CheckpointError(ValueError):
    """A file is not a checkpoint of ours; the message says so in one sentence."""


@dataclass(frozen=True)
class Checkpoint:
    """A trained model and all that is known about it."""

    model: PairNet  # on the CPU
    config: RunConfig
    normalisation: Normalisation
    outcome: Outcome
    probe: list[list[float | None]]  # 10x10 P(first <= second), the variant's first kind of probe


def dumps(training: Training, outcome: Outcome | None = None) -> bytes:
    """Write the chosen model of a run; `outcome` spares scoring it again."""
    outcome = outcome or training.outcome()
    content = {
        "config": training.config.to_dict(),
        "normalisation": training.normalisation._asdict(),
        "outcome": outcome.to_dict(),
        "probe": training.chosen_probe,
    }
    header = {"format": FORMAT} | {name: json.dumps(value) for name, value in content.items()}
    tensors = {name: value.cpu().contiguous() for name, value in training.chosen_model.state_dict().items()}
    return safetensors.torch.save(tensors, header)


def loads(content: bytes, source: str = "The file") -> Checkpoint:
    """Read a checkpoint.

    Raises
    ------
    CheckpointError
        If the content is damaged, truncated, too large or not a checkpoint of PairDigits.
    """
    foreign = f"{source} is not a checkpoint of PairDigits: give a .safetensors file that it saved."
    if len(content) > MAX_BYTES:
        raise CheckpointError(foreign)
    try:
        tensors = safetensors.torch.load(content)
        length = int.from_bytes(content[:8], "little")
        header = json.loads(content[8 : 8 + length]).get("__metadata__", {})
    except (safetensors.SafetensorError, ValueError, KeyError, TypeError, RecursionError):
        raise CheckpointError(f"{source} is damaged or no safetensors file.") from None
    if header.get("format") != FORMAT:
        raise CheckpointError(foreign)
    try:
        config = RunConfig.from_json(header["config"])
        normalisation = Normalisation(**json.loads(header["normalisation"]))
        outcome = Outcome.from_dict(json.loads(header["outcome"]))
        with torch.random.fork_rng(devices=[]):
            model = config.build()
        model.load_state_dict(tensors)
        probe = json.loads(header["probe"])
        if not _is_sound(normalisation, outcome, probe):
            raise ValueError
        return Checkpoint(model, config, normalisation, outcome, probe)
    except ConfigError as error:
        raise CheckpointError(f"{source} cannot be used here: {error}") from None
    except (KeyError, TypeError, ValueError, RuntimeError, AttributeError):  # RecursionError is a RuntimeError
        raise CheckpointError(f"{source} is damaged: its header and its weights do not fit.") from None


def _is_sound(normalisation: Normalisation, outcome: Outcome, probe: list[list[float | None]]) -> bool:
    """Whether what a header says are numbers where a page shows numbers."""
    cells = [cell for row in probe for cell in row]
    scores = [outcome.validation_accuracy, outcome.test_digit_accuracy, outcome.all_pairs_accuracy,
              outcome.last_test_accuracy, *cells]  # fmt: skip
    known: list[object] = [*normalisation, outcome.epoch, outcome.test_accuracy, outcome.contradictions,
                           outcome.seconds, *outcome.wrong_cells.values(),
                           *(score for score in scores if score is not None)]  # fmt: skip
    square = len(probe) == 10 and all(len(row) == 10 for row in probe)
    return square and all(isinstance(value, int | float) and math.isfinite(value) for value in known)


def load(path: str | Path) -> Checkpoint:
    """Read a checkpoint file.

    Raises
    ------
    CheckpointError
        If the file is missing, too large, damaged or foreign.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)  # some files never end
    except OSError as error:
        raise CheckpointError(f"{path.name} cannot be read: {error.strerror}.") from None
    if len(content) > MAX_BYTES:
        raise CheckpointError(f"{path.name} is too large for a checkpoint of PairDigits.")
    return loads(content, path.name)


def trained(preset: str, variant: str, folder: Path = CHECKPOINTS) -> Checkpoint:
    """One of the models that come with the package, by preset ("report", "best") and variant.

    Raises
    ------
    CheckpointError
        If the file is missing, too large, damaged or foreign.
    """
    return load(folder / preset / f"{variant}.safetensors")
