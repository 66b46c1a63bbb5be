"""python -m pairdigits bench: how fast training is on this machine."""

from __future__ import annotations

import argparse

from pairdigits import bench


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("--device", choices=("cpu", "cuda", "mps"), default="cpu", help="default: cpu")


def run(device: str) -> None:
    """Print how fast training is here."""
    for line in bench.run() if device == "cpu" else bench.run_on(device):
        print(line, flush=True)
