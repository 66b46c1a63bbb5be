"""What many visitors ask at once, answered in one go: a small model takes hardly longer for ten pairs than for one."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")


class Together(Generic[Asked, Answered]):
    """A function of one question, called from any thread; who asks while others are answered is in the next go.

    Parameters
    ----------
    answer : callable
        Takes a list of questions, of at least one, and gives their answers in order. What it raises, all of them raise.
    """

    def __init__(self, answer: Callable[[list[Asked]], list[Answered]]):
        self._answer = answer
        self._waiting: deque[tuple[Asked, Future[Answered]]] = deque()
        self._turn = threading.Lock()  # held by whoever answers

    def __call__(self, asked: Asked) -> Answered:
        """The answer."""
        mine: Future[Answered] = Future()
        self._waiting.append((asked, mine))
        with self._turn:
            if not mine.done():  # else whoever had the turn before has answered this too
                self._answer_all()
        return mine.result()

    def _answer_all(self) -> None:
        taken = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            answers = self._answer([asked for asked, _ in taken])
        except Exception as error:
            for _, one in taken:
                one.set_exception(error)
            return
        for (_, one), answer in zip(taken, answers, strict=True):
            one.set_result(answer)
