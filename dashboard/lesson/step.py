"""What a step of the lesson is: one idea, one thing to play with, one question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dashboard.lesson.quoted_rounds import Evidence


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
    shows: str  # one sentence: what the figure shows, with its numbers
    source: str  # where it comes from
    formula: str = ""  # LaTeX


@dataclass(frozen=True)
class Step:
    """One idea, one thing to play with, one question."""

    name: str  # in the row of links
    title: str
    idea: str  # one sentence; with the title all that a slide claims
    tell: Callable[[Evidence], Telling]
    play: Callable[[Evidence], None]  # draws the thing to play with, which is all that a slide shows
    further: tuple[str, str]  # a page that goes deeper: its folder, and what to do there
    more: Callable[[Evidence], None] | None = None  # draws what else belongs to it, where there is room
    # Runs to train here and now: label -> arguments of `preset`.
    live: Mapping[str, dict[str, Any]] = field(default_factory=dict)
