"""The committed rounds, read once for all visitors and again when their files have changed."""

from __future__ import annotations

import streamlit as st

from pairdigits.report import results, stored_rounds
from pairdigits.report.rounds import Found
from pairdigits.report.stored_rounds import FOLDER, Round
from pairdigits.report.tables import Table

Signature = tuple[tuple[str, int, int], ...]


def signature() -> Signature:
    """Name, size and time of change of every file of rounds; another one means other rounds."""
    files = [(path.name, path.stat()) for path in sorted(FOLDER.glob("*.jsonl"))]
    return tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in files)


def rounds() -> Found:
    """Every committed round by its key, as `pairdigits.report.stored_rounds.read` gives them.

    Raises
    ------
    RoundsError
        If a file is damaged.
    """
    return _rounds(signature())


def first_with_curves(variant: str) -> Round | None:
    """The first round of a model whose curves were kept, with its auxiliary loss if it can have one."""
    kept = [one for one in rounds().values() if one.config.variant == variant and one.curves]
    return min(kept, key=lambda one: (-one.config.auxiliary_weight, one.config.data_seed), default=None)


def tables() -> dict[str, Table]:
    """Every table by its name."""
    return _tables(signature())


@st.cache_resource(max_entries=2, show_spinner="Reading the committed rounds…")
def _rounds(signature: Signature) -> Found:
    return stored_rounds.read()


@st.cache_resource(max_entries=2, show_spinner="Working out the tables…")
def _tables(signature: Signature) -> dict[str, Table]:
    return {table.name: table for table in results.tables(_rounds(signature))}
