"""python -m pairdigits probe: a model's verdict for each of the 100 pairs of digits."""

from __future__ import annotations

import argparse
import math

from pairdigits import checkpoints
from pairdigits.checkpoints import Checkpoint
from pairdigits.choices import PRESETS, PROBE_KINDS
from pairdigits.config import ConfigError
from pairdigits.data import load_mnist
from pairdigits.models import VARIANTS
from pairdigits.watching import probe_test_digits


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("variant", choices=VARIANTS)
    parser.add_argument("--kind", choices=PROBE_KINDS, help="default: the variant's most telling")
    parser.add_argument("--strength", type=float, default=10.0, help="of the ideal signal (default: 10)")
    parser.add_argument("--preset", choices=PRESETS, default="report", help="whose model (default: report)")
    parser.add_argument("--model", metavar="FILE.safetensors", help="a model of your own instead")


def run(variant: str, kind: str | None, strength: float, preset: str, model: str | None) -> None:
    """Print P(first <= second) of the 100 pairs of digits, the wrong verdicts marked.

    Raises
    ------
    ConfigError
        If the strength is not finite, the model is of another variant, or its head has no such probe.
    CheckpointError
        If the model cannot be read.
    """
    if not math.isfinite(strength):
        raise ConfigError(f"Strength is {strength}: give a finite number, such as 10.")
    checkpoint = _checkpoint(variant, preset, model)
    row = checkpoint.model.variant
    kind = kind or row.probe_kinds[0]
    probes = probe_test_digits(checkpoint.model, load_mnist(), checkpoint.normalisation, strength, real=kind == "real")
    if kind not in probes:
        raise ConfigError(f"{row.title} has no {kind} probe: choose one of {', '.join(row.probe_kinds)}.")
    found = probes[kind]
    print(f"{row.title}, {kind}: percent P(first <= second); rows first digit, columns second; * is wrong")
    print("     " + "".join(f"{second:5d}" for second in range(10)))
    for first in range(10):
        cells = zip(found.probability[first].tolist(), found.wrong[first].tolist(), strict=True)
        print(f"{first:4d} " + "".join(f"{100 * value:4.0f}{'*' if wrong else ' '}" for value, wrong in cells))
    print(f"{found.wrong_cells} of 100 wrong")


def _checkpoint(variant: str, preset: str, model: str | None) -> Checkpoint:
    checkpoint = checkpoints.load(model) if model else checkpoints.trained(preset, variant)
    if checkpoint.config.variant != variant:
        raise ConfigError(f"{model} holds {checkpoint.model.variant.title}, not {VARIANTS[variant].title}.")
    return checkpoint
