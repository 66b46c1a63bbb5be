"""A table of results on a page: mean ± deviation (n) in one cell, every figure on demand, and to take along."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard.shared import committed_rounds
from dashboard.shared.sections import shows
from pairdigits.estimates import Estimate
from pairdigits.report.columns import column
from pairdigits.report.conclusions import conclusion
from pairdigits.report.tables import Table, is_estimated

PARTS = {
    "std": ("± std", "Standard deviation over the rounds (of a sample: divided by n − 1)."),
    "n": ("n", "How many rounds have been run."),
    "interval": (
        "95% interval",
        "Where the true mean lies with 95% confidence (Student's t with n − 1 degrees of freedom; an accuracy's ends "
        "at 100).",
    ),
}

WIDEST = 250  # pixels of a column of names, so that a phone shows figures beside it; a wide screen stretches it


def show(*names: str) -> None:
    """Tables by their names, each with a switch and its downloads, then once the protocols behind all of them."""
    tables = [committed_rounds.tables()[name] for name in names]
    for table in tables:
        _show(table)
    st.caption(" ".join(dict.fromkeys(note for table in tables for note in table.notes)))


def conclude(*names: str) -> None:
    """What the tables show, one sentence each: the end of a section."""
    said = [sentence for name in names if (sentence := conclusion(committed_rounds.tables()[name]))]
    shows(said[0] if len(said) == 1 else "\n\n" + "\n".join(f"- {sentence}" for sentence in said))


def _show(table: Table) -> None:
    st.subheader(table.title, anchor=table.name)
    above = st.container()
    with st.container(horizontal=True, vertical_alignment="center"):
        every = st.toggle(
            "Every figure", key=f"table.{table.name}.every",
            help="Deviation, n and 95% interval in columns of their own, to sort by.",
        )  # fmt: skip
        downloads(table)
    shown, columns = (detailed if every else brief)(table)
    above.dataframe(
        shown, hide_index=True, column_config=columns, key=f"table.{table.name}", height="content", placeholder="–"
    )


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
            key=f"table.{table.name}.{suffix}",
        )  # fmt: skip


def brief(table: Table) -> tuple[pd.DataFrame, dict[str, Any]]:
    """At most eight columns, each estimate in one cell, and what each column says of itself."""
    names = [str(name) for name in table.frame if not column(str(name)).detail]
    frame = table.frame[names]
    estimated = [name for name in names if is_estimated(frame[name])]
    shown = frame.assign(**{name: table.compact()[name] for name in estimated})
    return shown, {name: _column(name, shown[name], name in estimated) for name in names}


def detailed(table: Table) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Every figure in a column of its own, and what each column says of itself."""
    shown, columns = pd.DataFrame(), {}
    for name in map(str, table.frame):
        values = table.frame[name]
        if not is_estimated(values):
            shown[name], columns[name] = values, _column(name, values)
            continue
        shown[name] = [one.mean for one in values]
        columns[name] = _column(name, shown[name], percent=True)
        for part, (label, about) in PARTS.items():
            cells = [_interval(one) if part == "interval" else getattr(one, part) for one in values]
            shown[f"{name} {part}"] = cells
            about = f"{name}. {about}"
            columns[f"{name} {part}"] = (
                st.column_config.TextColumn(label, help=about)
                if part == "interval"
                else st.column_config.NumberColumn(label, help=about, format="%.2f" if part == "std" else None)
            )
    return shown, columns


def _column(name: str, values: pd.Series, text: bool = False, percent: bool = False) -> Any:
    """How a column is written, and what it says of itself."""
    about = column(name)
    label, help = about.short or name, about.about or None
    if text or not pd.api.types.is_numeric_dtype(values):
        longest = int(values.astype(str).str.len().max())
        width = min(24 + 6 * longest, WIDEST) if longest > 24 else None  # pixels, for names that would be cut off
        return st.column_config.TextColumn(label, help=help, pinned=name == "Model" and not width, width=width)
    style = "%+.2f" if about.signed else "%.2f" if percent or about.measured else None
    return st.column_config.NumberColumn(label, format=style, help=help)


def _interval(one: Estimate) -> str | None:
    return None if pd.isna(one.low) else f"{one.low:.2f} to {one.high:.2f}"
