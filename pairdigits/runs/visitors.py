"""Whose runs they are: a visitor is known by a token that the browser keeps, without an account.

Everywhere but here a visitor is the `identity` of that token, which may be shown.
Anybody may watch any run. Only its visitor, or the teacher, may pause, stop, rename or delete it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pairdigits.config import RunConfig
from pairdigits.runs.listing import Run

TEACHER = "PAIRDIGITS_TEACHER"  # environment variable: the teacher's code
MOST_RUNS = "PAIRDIGITS_VISITOR_RUNS"  # environment variable: runs that one visitor may have waiting or training
MOST_WORK = "PAIRDIGITS_VISITOR_WORK"  # environment variable: epochs x training pairs of these, together


class NotAllowedError(ValueError):
    """What a visitor asks for is not theirs to ask, or too much; the message is one sentence for them."""


def identity(token: str) -> str:
    """What the store and other visitors may see of a token: a name that does not give it away; "" for no token."""
    return token and hashlib.sha256(token.encode()).hexdigest()[:16]


@cache
def teacher_code() -> str:
    """What the environment says, else a code made up for this process: print it where only the teacher reads it."""
    return os.environ.get(TEACHER) or secrets.token_hex(4)


def is_teacher(code: str) -> bool:
    """Whether it is the teacher's code."""
    return hmac.compare_digest(code.encode(), teacher_code().encode())


def may_change(run: Run, visitor: str, code: str = "") -> bool:
    """Whether this visitor, or who knows the teacher's code, may change a run; a run without a visitor is anybody's."""
    return not run.visitor or run.visitor == visitor or is_teacher(code)


def check_change(run: Run, visitor: str, code: str = "") -> None:
    """Check that a visitor may change a run.

    Raises
    ------
    NotAllowedError
        Unless `may_change`.
    """
    if not may_change(run, visitor, code):
        raise NotAllowedError(f"Run {run.id} is somebody else's: you can watch it; only they or the teacher change it.")


@dataclass(frozen=True)
class Limits:
    """How much one visitor may have waiting or training at once, on one server; others wait meanwhile."""

    runs: int = 60
    work: int = 20_000_000  # epochs x training pairs

    @classmethod
    def from_environment(cls) -> Limits:
        """What the environment says.

        Raises
        ------
        ValueError
            If that is no whole number.
        """
        return cls(_whole(MOST_RUNS, cls.runs), _whole(MOST_WORK, cls.work))

    def check(self, unfinished: Sequence[RunConfig], wanted: Sequence[RunConfig]) -> None:
        """Check that a visitor with these runs may have more.

        Raises
        ------
        NotAllowedError
            If they are too many, or too much work.
        """
        count = len(unfinished) + len(wanted)
        if wanted and count > self.runs:
            raise NotAllowedError(
                f"You have {len(unfinished)} runs waiting or training; {len(wanted)} more would be {count}, and this "
                f"server allows {self.runs}: let some finish, or stop some."
            )
        work = sum(map(_work, (*unfinished, *wanted)))
        if wanted and work > self.work:
            raise NotAllowedError(
                f"Epochs x training pairs of your runs would come to {work:,}, and this server allows {self.work:,}: "
                "choose fewer, or let a run finish."
            )


def _work(config: RunConfig) -> int:
    return config.epochs * config.train_pairs


def _whole(variable: str, default: int) -> int:
    text = os.environ.get(variable) or str(default)
    if not text.isdecimal():
        raise ValueError(f"{variable} is {text!r}: give a whole number.")
    return int(text)
