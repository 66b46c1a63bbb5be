"""python -m pairdigits bench: how fast training is on this machine."""

from __future__ import annotations

import argparse

from pairdigits import bench


def add_options(parser: argparse.ArgumentParser) -> None:
    """There are none."""


def run() -> None:
    """Print how fast training is here."""
    for line in bench.run():
        print(line, flush=True)
