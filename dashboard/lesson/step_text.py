"""What a step says: its text, its formula and its question."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """A question with choices."""

    text: str
    choices: tuple[str, ...]
    right: int  # place of the right choice
    because: str  # markdown


@dataclass(frozen=True)
class Telling:
    """A step in words."""

    text: str  # markdown
    question: Question
    source: str  # where it comes from
    formula: str = ""  # LaTeX
