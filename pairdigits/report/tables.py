"""A table of measured figures, and how it is written: Markdown, LaTeX, CSV."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pairdigits.estimates import NOTHING, Estimate
from pairdigits.report.columns import column


@dataclass(frozen=True)
class Table:
    """Figures with their title and the protocol that made them."""

    name: str  # of its files
    title: str
    frame: pd.DataFrame  # one row per model; a cell is text, a number, or an Estimate; accuracies in percent
    notes: tuple[str, ...]  # the protocol, in full sentences; tables that share one need it once

    @property
    def note(self) -> str:
        """All notes, for a table that stands alone."""
        return " ".join(self.notes)

    def compact(self) -> pd.DataFrame:
        """Every cell as text, in the rows of `frame`: "95.60 ± 0.81 (n = 20)"."""
        return pd.DataFrame(
            {name: [_written(str(name), value) for value in values] for name, values in self.frame.items()},
            index=self.frame.index,
        )

    def expanded(self) -> pd.DataFrame:
        """Every figure in a column of its own: an estimate's mean under its name, its parts as "<name> std", ..."""
        columns: dict[Hashable, list[Any]] = {}
        for name, values in self.frame.items():
            if is_estimated(values):
                columns[name] = [value.mean for value in values]
                columns |= {
                    f"{name} {part}": [getattr(value, part) for value in values] for part in Estimate._fields[1:]
                }
            else:
                columns[name] = list(values)
        return pd.DataFrame(columns)

    def to_csv(self) -> str:
        """Every figure at full precision."""
        return self.expanded().to_csv(index=False)

    def to_markdown(self, notes: tuple[str, ...] | None = None) -> str:
        """The compact table under its title, its notes (or those given) below it."""
        shown = self.compact()
        first, *others = (_is_text(self.frame[name]) for name in shown)
        rules = ["---" if first else "---:", *("---" if text else "---:" for text in others)]
        rows = [list(map(str, shown)), rules, *shown.to_numpy().tolist()]
        lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
        below = self.notes if notes is None else notes
        return "\n".join([f"**{self.title}**", "", *lines, "", *([" ".join(below), ""] if below else [])])

    def to_latex(self) -> str:
        """The compact table as a `table` environment; needs no package."""
        shown = self.compact()
        alignment = "".join("l" if _is_text(self.frame[name]) else "r" for name in shown)
        rows = [
            " & ".join(_latex(cell) for cell in row) + r" \\"
            for row in [list(map(str, shown)), *shown.to_numpy().tolist()]
        ]
        return "\n".join(
            [
                r"\begin{table}",
                rf"  \caption{{{_latex(self.title)}. {_latex(self.note)}}}",
                rf"  \label{{tab:{self.name}}}",
                rf"  \begin{{tabular}}{{{alignment}}}",
                r"    \hline",
                f"    {rows[0]}",
                r"    \hline",
                *(f"    {row}" for row in rows[1:]),
                r"    \hline",
                r"  \end{tabular}",
                r"\end{table}",
                "",
            ]
        )


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table: column -> cell."""
    return [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]


def is_estimated(values: pd.Series) -> bool:
    """Whether a column holds estimates."""
    return any(isinstance(value, Estimate) for value in values)


def _written(name: str, value: Any) -> str:
    about = column(name)
    if isinstance(value, str):
        return value
    if isinstance(value, Estimate):
        return value.written(about.signed, about.counted)
    if pd.isna(value):
        return NOTHING
    return f"{value:+.2f}" if about.signed else f"{value:.2f}" if about.measured else f"{round(value, 4):g}"


def _is_text(column: pd.Series) -> bool:
    return any(isinstance(value, str) for value in column)


_LATEX = {
    "%": r"\%", "&": r"\&", "_": r"\_", "#": r"\#", "±": r"$\pm$", "×": r"$\times$", "≤": r"$\le$", "−": "$-$",
    "–": "--", "“": "``", "”": "''",
}  # fmt: skip


def _latex(text: str) -> str:
    return "".join(_LATEX.get(sign, sign) for sign in text)
