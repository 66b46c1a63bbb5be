"""python -m pairdigits lessons: the prepared results behind the teaching pages."""

from __future__ import annotations

import argparse

from pairdigits.lessons.files import make
from pairdigits.options import add_cluster_options
from pairdigits.runs.cluster import Cluster


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    add_cluster_options(parser)


def run(workers: int | None, scheduler: str | None) -> None:
    """Make the prepared results behind the teaching pages."""
    with Cluster(workers, scheduler) as cluster:
        make(cluster)
