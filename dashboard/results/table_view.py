"""A table of results on a page: sortable, explained column by column, and to take along."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

if TYPE_CHECKING:
    from pairdigits.report.tables import Table

PART_HELP = {
    "std": "Standard deviation over the rounds, in points (of a sample: divided by n − 1).",
    "n": "How many rounds have been run.",
    "interval": "Where the true mean lies with 95% confidence (Student's t with n − 1 degrees of freedom; an accuracy "
    "ends at 100).",
}
HELP = {
    "Published": "The report's figure, in percent.",
    "Published std": "The report's standard deviation over 20 rounds, in points.",
    "As published": "Ours under the report's protocol: mean over rounds of the highest test accuracy of any epoch.",
    "Corrected": "Ours with the epoch chosen on held-out training pairs: mean test accuracy on 1000 pairs, percent.",
    "1000 pairs": "Mean test accuracy on the 1000 test pairs of each round, percent.",
    "All pairs": "Mean accuracy of the same models over all ordered pairs of the 10,000 test digits, percent.",
    "Auxiliary loss": "Whether the digits are named while training.",
    "Highest": "The report's way: mean over rounds of the highest test accuracy of any epoch, percent.",
    "Last epoch": "Mean test accuracy after the last epoch, which nobody chose, percent.",
    "Difference, highest and last": "Highest minus last epoch of the same rounds, in points.",
    "Claimed": "The highest test accuracy of any cell: what choosing on the test pairs would have reported.",
    "Validation": "Accuracy of the chosen cell on the held-out validation pairs, percent.",
    "Test": "Accuracy of the chosen cell on the test pairs, percent.",
    "Cells": "How many of the grid's 20 cells have been run.",
    "Ideal": "Mean number of wrong cells of 100 for ideal signals of strength 10.",
    "Typical": "Mean number of wrong cells of 100 for the means of what the tower says of each digit.",
    "Real": "Mean number of wrong cells of 100 by the majority of all real test pairs.",
}


def show(table: Table) -> None:
    """The table with its protocol below it, and its three downloads."""
    st.subheader(table.title, anchor=table.name)
    shown, columns = display(table)
    key = f"table.{table.name}"
    st.dataframe(shown, hide_index=True, column_config=columns, key=key, height="content", placeholder="–")
    st.caption(table.note)
    with st.container(horizontal=True):
        downloads(table)


def downloads(table: Table) -> None:
    """Buttons for CSV, Markdown and LaTeX."""
    kinds = {
        "CSV": (table.to_csv, "csv", "text/csv", "Every column at full precision"),
        "Markdown": (table.to_markdown, "md", "text/markdown", "Mean ± standard deviation (n) in one cell"),
        "LaTeX": (table.to_latex, "tex", "text/x-tex", "Mean ± standard deviation (n) in one cell; needs no package"),
    }
    for name, (write, suffix, mime, what) in kinds.items():
        st.download_button(
            name, write, f"{table.name}.{suffix}", mime, help=what, icon=":material/download:", on_click="ignore",
            key=f"{table.name}.{suffix}",
        )  # fmt: skip


def display(table: Table) -> tuple[pd.DataFrame, dict]:
    """The frame as shown, the two ends of each interval in one column, and what each column says of itself."""
    shown, columns = pd.DataFrame(), {}
    for name, values in table.frame.items():
        owner, _, part = name.rpartition(" ")
        owned = owner in table.frame and part in ("std", "n", "low", "high")
        if owned and part == "low":
            ends = zip(values, table.frame[f"{owner} high"], strict=True)
            shown[f"{owner} 95%"] = [_interval(low, high) for low, high in ends]
            about = f"{owner}. {PART_HELP['interval']}"
            columns[f"{owner} 95%"] = st.column_config.TextColumn("95% interval", help=about)
        elif not (owned and part == "high"):
            shown[name] = values
            columns[name] = _column(name, owner if owned else None, part, values, f"{name} std" in table.frame)
    return shown, columns


def _column(name: str, owner: str | None, part: str, values: pd.Series, measured: bool):
    if owner:
        label, style = {"std": ("± std", "%.2f"), "n": ("n", "%d")}[part]
        return st.column_config.NumberColumn(label, format=style, help=f"{owner}. {PART_HELP[part]}")
    if not pd.api.types.is_numeric_dtype(values):
        longest = int(values.astype(str).str.len().max())
        width = 24 + 7 * longest if longest > 24 else None  # pixels, for names that would be cut off
        return st.column_config.TextColumn(name, pinned=name == "Model" and not width, width=width)
    return st.column_config.NumberColumn(_label(name), format=_style(name, values, measured), help=_help(name))


def _style(name: str, values: pd.Series, measured: bool) -> str | None:
    if name.startswith("Difference"):
        return "%+.2f"
    if pd.api.types.is_integer_dtype(values):
        return "%d"
    return "%.2f" if measured or name in HELP or name.endswith(", all pairs") else None


def _label(name: str) -> str:
    """A header without what the columns before it say already."""
    if name in ("Difference, as published", "Difference, corrected", "Difference, highest and last"):
        return "Difference"
    return "All pairs" if name in ("As published, all pairs", "Corrected, all pairs") else name


def _help(name: str) -> str | None:
    if name.startswith("Difference, ") and name.split(", ")[1] in ("as published", "corrected"):
        return f"Ours ({name.split(', ')[1]}) minus the report's figure, in points."
    if name.endswith(", all pairs"):
        return HELP["All pairs"]
    return HELP.get(name)


def _interval(low: float, high: float) -> str:
    return "–" if pd.isna(low) else f"{low:.2f} to {high:.2f}"
