"""What is published: made of the committed rounds, each figure under a name of its own, each note once."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from pathlib import Path

import pytest

from pairdigits.estimates import Estimate
from pairdigits.presets import REPORT_RATES
from pairdigits.report import results
from pairdigits.report.conclusions import conclusion
from pairdigits.report.document import SECTIONS, document

ROOT = Path(__file__).parents[2]
RESULTS = (ROOT / "docs" / "results.md").read_text()


@pytest.fixture(scope="module")
def tables():
    return results.tables()


def test_the_document_is_made_of_the_committed_rounds():
    assert document() == RESULTS, "python -m pairdigits report --tables > docs/results.md"


def test_the_document_has_every_table_and_each_note_once(tables):
    assert sorted(name for names in SECTIONS.values() for name in names) == sorted(table.name for table in tables)
    for table in tables:
        assert table.to_markdown(()) in RESULTS and conclusion(table) in RESULTS
        assert all(RESULTS.count(note) == 1 for note in table.notes)


def test_every_headline_of_the_readme_stands_in_the_document():
    headlines = (ROOT / "README.md").read_text().split("<!-- headlines -->")[1].split("<!-- end")[0]
    figures = re.findall(r"\d\d\.\d\d ± \d\.\d\d", headlines)
    assert len(figures) > 10 and all(figure in RESULTS for figure in figures)


def told(table, row, column) -> tuple:
    """All that a reader is told of a figure; of what a table does not say, that it is as in the report."""
    label = row["Model"]
    variant = (re.search(r"v\d", label) or ["base"])[0]
    bare = label.startswith(("Base", "Siamese (")) or "no digit labels" in label or row.get("Auxiliary weight") == 0
    auxiliary = row.get("Auxiliary loss", "no" if bare else "yes")
    printed = re.search(r"learning rate ([\d.]+)", label)
    report = REPORT_RATES[variant if auxiliary == "yes" else None][0]
    rate = row.get("Learning rate", float(printed[1]) if printed else report)
    recipe = label.partition(", ")[2].replace("the report's settings", "") if "recipe" in label else ""
    said = next(text for text in (column, table.title, table.note) if re.search("as published|corrected", text.lower()))
    protocol = "as published" if "as published" in said.lower() else "corrected"
    measure = re.sub("^(As published|Corrected|Highest)$", "1000 pairs", column)
    measure = re.sub("^(As published|Corrected|Highest), all pairs$", "All pairs", measure)
    others = {
        "Training pairs": 1000, "Auxiliary weight": 1.0, "Factor": None, "With": None, "Labelled share": 1.0,
        "Wrong labels": 0.0, "Last epoch with it": 40, "Labelled side": "both", "Setting": None, "Mended by": None,
    }  # fmt: skip
    given = (row.get(name) or usual for name, usual in others.items())
    towers = row.get("Towers", "shared").replace("one for both", "shared")
    return variant, auxiliary, towers, rate, recipe, protocol, measure, *given


def test_one_name_has_one_number(tables):
    """Rounds of the same settings and number give the same figure; of another number, one that may be the same."""
    found: dict[tuple, list[Estimate]] = defaultdict(list)
    for table in tables:
        for row in table.frame.to_dict("records"):
            for column, value in row.items():
                if isinstance(value, Estimate) and value.n:
                    found[told(table, row, column)].append(value)
    assert sum(len(values) > 1 for values in found.values()) > 20  # tables do share figures
    for name, values in found.items():
        for one, other in itertools.combinations(values, 2):
            if one.n == other.n:
                assert tuple(one) == pytest.approx(tuple(other), nan_ok=True), name
            else:
                assert one.low <= other.high and other.low <= one.high, (name, one, other)
