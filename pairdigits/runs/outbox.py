"""What is to be written to the database, in order: while that is away it waits here, and nothing is lost."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable

from pairdigits.runs.database import DatabaseAwayError

RETRY = 0.5  # s between attempts while the database is away

log = logging.getLogger(__name__)


class Outbox:
    """Writes by a thread of its own, so that nobody who has something to write waits for the database.

    Parameters
    ----------
    beat
        Called every so often by the same thread, and before anything is written after the database was away.
    period
        Seconds between such calls.
    """

    def __init__(self, beat: Callable[[], object], period: float):
        self.trouble = ""  # while the database is away: one sentence
        self._beat, self._period = beat, period
        self._waiting: deque[tuple[Callable[[], object], Callable[[], object]]] = deque()
        self._changed = threading.Condition()  # guards it, and tells of every change
        self._closed = False
        self._thread = threading.Thread(target=self._deliver, name="pairdigits-outbox", daemon=True)
        self._thread.start()

    def post(self, write: Callable[[], object], told: Callable[[], object]) -> None:
        """Have something written, after all that was posted before; `told` is called when it has been."""
        with self._changed:
            self._waiting.append((write, told))
            self._changed.notify_all()

    def settle(self, timeout: float | None = None) -> None:
        """Wait until all has been written, or until the database turns out to be away."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting or self.trouble, timeout)

    def close(self, patience: float) -> None:
        """Write what can be written within some seconds, and end."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting, patience)
            self._closed = True
            self._changed.notify_all()
        self._thread.join()

    def _deliver(self) -> None:
        due = 0.0
        while not self._closed:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closed, max(0, due - time.monotonic()))
                upcoming = self._waiting[0] if self._waiting else None
            trouble = ""
            if self.trouble or time.monotonic() >= due:
                trouble = _attempt(self._beat)
                due = time.monotonic() + self._period
            if upcoming and not trouble:
                trouble = _attempt(upcoming[0])
            if trouble and not self.trouble:
                log.error("%s", trouble)
            if upcoming and not trouble:
                _attempt(upcoming[1])
            with self._changed:
                self.trouble = trouble
                if upcoming and not trouble:
                    self._waiting.popleft()
                self._changed.notify_all()
            if trouble:
                time.sleep(RETRY)


def _attempt(action: Callable[[], object]) -> str:
    """Do it; return what it says if the database is away. What fails for another reason would only fail again."""
    try:
        action()
    except DatabaseAwayError as error:
        return str(error)
    except Exception:
        log.exception("This could not be written to the database.")
    return ""
