"""A table of measured figures, and how it is written: Markdown, LaTeX, CSV."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtrit  # the inverse of Student's t; scipy.stats takes a second to import

PARTS = ("std", "n", "low", "high")  # what may stand beside a mean, in columns named "<mean's name> <part>"
NOTHING = "–"  # in place of a figure that is not there
PERCENT = 0.0, 100.0  # what an accuracy can be


class Estimate(NamedTuple):
    """A mean over rounds and how well it is known; NaN where there are too few rounds."""

    mean: float
    std: float  # of a sample, ddof = 1
    n: int
    low: float  # of the mean's 95% interval, Student's t, cut at what a mean can be
    high: float

    @classmethod
    def of(cls, values: Iterable[float | None], possible: tuple[float, float] = (-math.inf, math.inf)) -> Estimate:
        """Estimate from one value a round, each within what is `possible`; None and NaN do not count."""
        known = pd.Series(list(values), dtype=float).dropna()
        n, mean, std = len(known), known.mean(), known.std(ddof=1)
        half = stdtrit(n - 1, 0.975) * std / math.sqrt(n) if n > 1 else math.nan
        low, high = np.clip([mean - half, mean + half], *possible)
        return cls(float(mean), float(std), n, float(low), float(high))

    def columns(self, name: str, *parts: str) -> dict[str, float]:
        """As cells of a row: the mean under `name`, and the parts asked for (all by default) beside it."""
        return {name: self.mean} | {f"{name} {part}": getattr(self, part) for part in parts or PARTS}


@dataclass(frozen=True)
class Table:
    """Figures with their title and the protocol that made them."""

    name: str  # of its files
    title: str
    frame: pd.DataFrame  # one row a model; accuracies and differences in percent
    note: str  # the protocol, in full sentences

    def compact(self) -> pd.DataFrame:
        """The figures as text, each mean with its deviation and count in one cell: "95.60 ± 0.81 (n = 20)"."""
        names = [name for name in self.frame if self._owner(name) is None]
        return pd.DataFrame({name: [self._cell(row, name) for _, row in self.frame.iterrows()] for name in names})

    def _owner(self, column: str) -> str | None:
        """The mean that a column belongs to, or None for one that stands for itself."""
        name, _, part = column.rpartition(" ")
        return name if part in PARTS and name in self.frame else None

    def _cell(self, row: pd.Series, name: str) -> str:
        value = row[name]
        if isinstance(value, str):
            return value
        if pd.isna(value):
            return NOTHING
        if f"{name} std" not in row:
            return f"{value:+.2f}" if name.startswith("Difference") else f"{round(value, 4):g}"
        sign = "+" if name.startswith("Difference") else ""
        text = f"{value:{sign}.2f}"
        text += f" ± {row[f'{name} std']:.2f}" if pd.notna(row[f"{name} std"]) else ""
        count = row.get(f"{name} n")
        return text + (f" (n = {count:.0f})" if pd.notna(count) else "")

    def to_csv(self) -> str:
        """Every column at full precision."""
        return self.frame.to_csv(index=False)

    def to_markdown(self) -> str:
        """The compact table under its title, the note below it."""
        shown = self.compact()
        first, *others = (_is_text(self.frame[name]) for name in shown)
        rules = ["---" if first else "---:", *("---" if text else "---:" for text in others)]
        rows = [list(shown), rules, *shown.values.tolist()]
        lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
        return "\n".join([f"**{self.title}**", "", *lines, "", self.note, ""])

    def to_latex(self) -> str:
        """The compact table as a `table` environment; needs no package."""
        shown = self.compact()
        alignment = "".join("l" if _is_text(self.frame[name]) else "r" for name in shown)
        rows = [" & ".join(_latex(cell) for cell in row) + r" \\" for row in [list(shown), *shown.values.tolist()]]
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


def _is_text(column: pd.Series) -> bool:
    return not pd.api.types.is_numeric_dtype(column)


_LATEX = {
    "%": r"\%", "&": r"\&", "_": r"\_", "#": r"\#", "±": r"$\pm$", "×": r"$\times$", "≤": r"$\le$", "−": "$-$",
    "–": "--", "“": "``", "”": "''",
}  # fmt: skip


def _latex(text: str) -> str:
    return "".join(_LATEX.get(sign, sign) for sign in text)
