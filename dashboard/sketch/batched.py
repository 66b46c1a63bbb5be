"""What many visitors ask at once, answered in one go: a small model takes hardly longer for ten pairs than for one."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

GATHER = 0.014  # s after a go, for each question in it but the first, in which the next gathers: alone nobody waits

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")


class Batched(Generic[Asked, Answered]):
    """A function of one question, called from any thread; who asks while others are answered is in the next go.

    The more there were in one, the longer the next gathers: ten who draw are answered ten at a time, for a fifth of the
    work.

    Parameters
    ----------
    answer : callable
        Takes a list of questions, of at least one, and gives their answers in order. What it raises, all of them raise.
    """

    def __init__(self, answer: Callable[[list[Asked]], list[Answered]]):
        self._answer = answer
        self._waiting: deque[tuple[Asked, Future[Answered]]] = deque()
        self._turn = threading.Lock()  # held by whoever answers
        self._next = 0.0  # time.monotonic() of the next go at the earliest

    def __call__(self, asked: Asked) -> Answered:
        """The answer."""
        mine: Future[Answered] = Future()
        self._waiting.append((asked, mine))
        with self._turn:
            if not mine.done():  # else whoever had the turn before has answered this too
                time.sleep(max(0.0, self._next - time.monotonic()))
                count = self._answer_all()
                self._next = time.monotonic() + GATHER * (count - 1)
        return mine.result()

    def _answer_all(self) -> int:
        """Answer whoever waits; how many."""
        taken = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            answers = self._answer([asked for asked, _ in taken])
        except Exception as error:
            for _, one in taken:
                one.set_exception(error)
            return len(taken)
        for (_, one), answer in zip(taken, answers, strict=True):
            one.set_result(answer)
        return len(taken)
