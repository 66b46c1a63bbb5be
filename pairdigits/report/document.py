"""docs/results.md: every table under its heading, what each shows in a sentence, and each note once."""

from __future__ import annotations

from pairdigits.report.conclusions import conclusion
from pairdigits.report.results import tables
from pairdigits.report.rounds import Found
from pairdigits.report.tables import Table

# Heading -> names of its tables; each table stands in one section.
SECTIONS = {
    "The report's tables": ("table-1", "table-2", "table-3", "dropout"),
    "What helps": ("effects-corrected", "factorial-corrected", "effects-as-published", "factorial-as-published"),
    "Choosing on the test pairs": ("choosing", "optimism", "grid"),
    "Past the report": ("beyond", "repairs"),
    "More or less of it": ("pairs", "many-pairs", "weights"),
    "How many labels it takes": ("labels", "wrong-labels", "auxiliary-until", "one-side"),
    "The last layer": ("temperature", "wrong-cells-corrected", "wrong-cells-as-published"),
}
OPENING = """\
# Results

Made by `python -m pairdigits report --tables > docs/results.md` from the rounds in `checkpoints/report/`, which
`python -m pairdigits report` trains from their seeds, `grid` the grid search's and `repairs` those without digit labels
that were mended. Accuracies are in percent, differences in points.

## How the figures were made
"""


def document(found: Found | None = None) -> str:
    """Every table as one Markdown text.

    Parameters
    ----------
    found : mapping of str to Round, optional
        Finished rounds by their keys; by default the committed ones.
    """
    made = {table.name: table for table in tables(found)}
    shared = shared_notes(list(made.values()))
    parts = [OPENING, *(f"- {note}" for note in shared), ""]
    for heading, names in SECTIONS.items():
        parts += [f"## {heading}", ""]
        for name in names:
            table = made[name]
            parts.append(table.to_markdown(tuple(note for note in table.notes if note not in shared)))
            if sentence := conclusion(table):
                parts += [sentence, ""]
    return "\n".join(parts)


def shared_notes(tables: list[Table]) -> list[str]:
    """The notes that two tables or more have, in the order in which they come up."""
    notes = [note for table in tables for note in table.notes]
    return [note for note in dict.fromkeys(notes) if notes.count(note) > 1]
