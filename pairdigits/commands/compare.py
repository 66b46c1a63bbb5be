"""python -m pairdigits compare: two drawn digits, and what every model says of them."""

from __future__ import annotations

import argparse

import numpy as np

from pairdigits import checkpoints, one_digit
from pairdigits.choices import PRESETS
from pairdigits.config import ConfigError
from pairdigits.models import VARIANTS
from pairdigits.photo import read_image
from pairdigits.sketch import from_drawing, to_pooled
from pairdigits.verdicts import ask, contradiction, percent, reference, sentence


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("left", metavar="LEFT.png")
    parser.add_argument("right", metavar="RIGHT.png")
    parser.add_argument("--preset", choices=PRESETS, default="best", help="whose models answer (default: best)")


def run(left: str, right: str, preset: str) -> None:
    """Print every model's verdict on two drawn digits.

    Raises
    ------
    ConfigError
        If an image shows no digit.
    SketchError
        If it cannot be read.
    """
    pair = _pooled(left), _pooled(right)
    models = {name: checkpoints.trained(preset, name) for name in VARIANTS}
    answers = ask(models, *pair)
    digits = reference(answers)
    for answer in answers:
        read = "reads no digits" if answer.read is None else "reads {} and {}".format(*answer.read)
        line = f"{answer.variant.title:11s} {sentence(answer, answer.read)} {percent(answer.confidence)} sure, {read}"
        clash = contradiction(answer, digits)
        print(line + (f", but {clash}" if clash else ""))


def _pooled(path: str) -> np.ndarray:
    sketch = from_drawing(read_image(path))
    if sketch.image is None:
        raise ConfigError(f"{path}: {sketch.remark}")
    pooled = to_pooled(sketch.image)
    if sketch.remark:
        print(f"{path}: {sketch.remark}")
    elif any(one_digit.doubts([pooled])):
        print(f"{path}: This is hardly one digit.")
    return pooled
