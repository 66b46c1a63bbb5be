"""What a page says in its own words, and the figures in it, each read back under all that names it.

A reader takes the numbers out of a text one by one. What is left over must be a setting or a count, see `SETTINGS`;
anything else is a figure that nobody has read, and fails `test_named_figures`. Tables and drawings are not read here:
they are held to the rounds in `tests/core/test_published.py` and beside each chart.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import NamedTuple

from streamlit.testing.v1 import AppTest

from pairdigits.config import RunConfig
from pairdigits.report.experiments import EXPERIMENTS

# What tells a run from others; the seeds do not, and who only watches the test pairs changes nothing.
FIELDS = sorted({field.name for field in dataclasses.fields(RunConfig)} - {"data_seed", "init_seed", "watch_test"})

NUMBER = r"[+−-]?\d+(?:,\d{3})*(?:\.\d+)?(?:e[+-]?\d+)?"
# What is no figure of a model: how it was made, how much was looked at, and how many parts a thing has.
SETTINGS = re.compile(
    "|".join((
        rf"n = {NUMBER}(?: (?:to|or) {NUMBER})?",
        rf"{NUMBER} (?:(?:committed|prepared|million|new|more|other|same|own|ordered|train|training|test|ideal) )*"
        r"(?:rounds|runs|draws|looks|seeds|epochs|batches|pairs|digits|images|signals|cells|filters|maps|numbers|weights"
        r"|models|comparisons|learning rates|regularisations)\b",
        rf"{NUMBER} of the {NUMBER} training pairs", rf"{NUMBER} train and {NUMBER} test pairs",
        r"(?:learning rates?,?|regularisation|strength|weight(?: of)?|seed|round|epoch|factor|Figure|Table|w =) "
        rf"{NUMBER}(?:(?:, {NUMBER})* (?:and|with) {NUMBER})?",
        rf"{NUMBER} with(?:out)? (?:the )?auxiliary loss(?:es)?", rf"and {NUMBER} without",
        rf"{NUMBER}(?: ?× ?{NUMBER})+", rf"{NUMBER}x{NUMBER}", r"95% intervals?", rf"{NUMBER}-bit", r"0 to 9",
        r"19\d\d", r"(?m:^\d\. )", r"class [01]\b", r"label (?:is )?[01]\b", r"leaves out 0", r"0 elsewhere",
    ))
)  # fmt: skip


class Name(NamedTuple):
    """All that tells a figure from others: settings, what is measured, and over how many rounds."""

    settings: tuple
    measure: str
    n: int


Found = Iterator[tuple[Name, str]]  # a name, and the figure as it is printed


def told(values: dict) -> tuple:
    return tuple((field, str(values[field])) for field in FIELDS)


def settings(experiment: str, row: str) -> tuple:
    return told(EXPERIMENTS[experiment].rows[row].to_dict())


class Text(str):
    """What a page says, and which of its numbers a reader has taken."""

    def __new__(cls, text: str):
        self = super().__new__(cls, text)
        self.taken = set()  # places
        return self

    def all(self, pattern: str) -> list[tuple[str, ...]]:
        """What stands at the groups of the pattern wherever it fits; `#` is a number there."""
        found = []
        for match in re.finditer(pattern.replace("#", rf"({NUMBER})"), self):
            for group in range(1, len(match.groups()) + 1):
                self.taken.update(range(*match.span(group)))
            found.append(match.groups())
        return found

    def of(self, pattern: str) -> tuple[str, ...]:
        """The same, of a pattern that must fit."""
        found = self.all(pattern)
        assert found, pattern
        return found[0]

    def left(self) -> list[str]:
        """The figures that nobody has taken, with what stands around them."""
        known = {place for match in SETTINGS.finditer(self) for place in range(*match.span())} | self.taken
        numbers = re.finditer(rf"(?<![\w.,])(?<![\w)]-){NUMBER}", self)
        return [
            self[max(number.start() - 40, 0) : number.end() + 20]
            for number in numbers
            if not known.issuperset(range(*number.span()))
        ]


def sentences_of(app: AppTest) -> Text:
    """All sentences of a page; a formula is none."""
    kinds = (app.markdown, app.caption, app.success, app.info, app.warning)
    sentences = [one.value for kind in kinds for one in kind]
    sentences += [f"{one.label}: {one.value} {one.delta or ''}" for one in app.metric]
    return without_formulae("\n".join(sentences))


def without_formulae(text: str) -> Text:
    return Text(re.sub(r"\$[^$]*\$", " ", text))
