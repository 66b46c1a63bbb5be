"""Prepared figures behind the teaching pages: what only shows while a network learns, or needs runs of its own.

Each lesson is a plain JSON file in `checkpoints/lessons`, made from fixed seeds, rounded to four digits.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pairdigits import checkpoints, one_step
from pairdigits.choices import PUBLISHED
from pairdigits.folders import CHECKPOINTS
from pairdigits.lessons.futures import futures
from pairdigits.lessons.labelled import labelled
from pairdigits.lessons.learning_towers import gradients, maps
from pairdigits.lessons.outputs import unnamed, unnamed_prior
from pairdigits.lessons.peeks import peeks
from pairdigits.lessons.readouts import readouts
from pairdigits.lessons.swaps import swaps
from pairdigits.lessons.trained import Progress
from pairdigits.models import VARIANTS
from pairdigits.presets import preset
from pairdigits.training import Training

if TYPE_CHECKING:
    from pairdigits.runs.cluster import Cluster

FOLDER = CHECKPOINTS / "lessons"
SEPARATE = ("v1", "v5")  # models whose twin with separate towers is kept, as <name>-separate.safetensors

# Epochs after which a model's single steps can be looked at, in <name>-moments.safetensors; 0 is untrained.
MOMENTS = (0, 1, 5, 40)


class LessonError(ValueError):
    """A prepared lesson is not there; the message says how to make it."""


def read(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """What a lesson prepared, see the function of `LESSONS` that made it.

    Raises
    ------
    LessonError
        If it has not been made, or is damaged.
    """
    try:
        return json.loads((folder / f"{name}.json").read_text())
    except OSError:
        raise LessonError(f"The lesson {name!r} has not been prepared: run python -m pairdigits lessons.") from None
    except ValueError:
        raise LessonError(
            f"The lesson {name!r} is damaged: delete its file and run python -m pairdigits lessons."
        ) from None


def make(cluster: Cluster | None = None, progress: Progress = print, folder: Path = FOLDER) -> None:
    """Prepare every lesson that is not there yet.

    Parameters
    ----------
    cluster : Cluster, optional
        Trains the many runs at once; without one they are trained here, one after the other.
    progress : callable
        Told in a short sentence what begins.
    folder : path
        Where the lessons go; one that is there already is left alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for kind, variants, made in (("separate", SEPARATE, separate), ("moments", VARIANTS, moments)):
        for variant in variants:
            path = folder / f"{variant}-{kind}.safetensors"
            if not path.exists():
                progress(f"{variant}: {kind}")
                path.write_bytes(made(variant))
    for name, lesson in LESSONS.items():
        path = folder / f"{name}.json"
        if not path.exists():
            content = lesson(cluster, lambda text, name=name: progress(f"{name}: {text}"))
            path.write_text(json.dumps(_rounded(content), separators=(",", ":")) + "\n")


def separate(variant: str) -> bytes:
    """A trained model with a tower for each digit, as a safetensors file."""
    training = Training(preset("report", variant, shared=False))
    for _ in training:
        pass
    return checkpoints.dumps(training)


def moments(variant: str) -> bytes:
    """Where a run "as published", whose dropout ends early, stands after `MOMENTS`, as a file of `one_step`."""
    return one_step.dumps(one_step.moments(preset("report", variant, protocol=PUBLISHED), MOMENTS))


LESSONS: dict[str, Callable[[Cluster | None, Progress], dict[str, Any]]] = {
    lesson.__name__: lesson
    for lesson in (gradients, maps, peeks, readouts, labelled, futures, swaps, unnamed, unnamed_prior)
}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return float(f"{value:.4g}") if isinstance(value, float) else value
