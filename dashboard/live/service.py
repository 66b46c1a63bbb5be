"""The store, the engine and the feed: one of each for the life of the server, whatever visitors do.

``app.py`` begins and ends them. Where there is no server, as in a test, whoever asks first begins them. Neither
Streamlit's cache, which any visitor may clear, nor our own modules, which Streamlit imports anew when a file is
edited, are a place for them.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from types import ModuleType
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from dashboard.live.feed import Feed
    from pairdigits.runs.engine import Engine
    from pairdigits.runs.store import Store

_log = logging.getLogger(__name__)


class _Kept(ModuleType):
    """Listed among the modules, where Streamlit finds no file to watch and so leaves it alone."""

    def __init__(self, name: str):
        super().__init__(name)
        self.lock = threading.RLock()  # guards what follows
        self.store: Store | None = None
        self.engine: Engine | None = None
        self.feed: Feed | None = None


# A cast: it is one of ours, or of ours as this file was when it was first read.
_kept = cast(_Kept, sys.modules.setdefault("_pairdigits_service", _Kept("_pairdigits_service")))


def store() -> Store:
    """The database of runs; raises `StoreError` if it cannot be opened, and tries again at the next call."""
    from pairdigits.runs.store import Store

    with _kept.lock:
        if _kept.store is None:
            _kept.store = Store()
        return _kept.store


def engine() -> Engine:
    """The workers that train; the first call begins to start them and does not wait."""
    from pairdigits.runs.engine import Engine

    with _kept.lock:
        if _kept.engine is None:
            _kept.engine = Engine(store())
            _kept.engine.warm_up()
        return _kept.engine


def feed() -> Feed:
    """What tells browsers of runs."""
    from dashboard.live.feed import Feed

    with _kept.lock:
        if _kept.feed is None:
            _kept.feed = Feed(engine())
        return _kept.feed


def seen(token: str) -> None:
    """A visitor's page is open; before there is an engine there are no runs that this could save."""
    if _kept.engine is not None:
        from pairdigits.runs.visitors import identity

        _kept.engine.seen(identity(token))


def begin() -> None:
    """Make all; what is wrong with the database or the cluster is said on the pages, which ask again."""
    from pairdigits.runs.visitors import TEACHER, teacher_code

    if TEACHER not in os.environ:
        print(f"\n  The teacher's code, made up for this start: {teacher_code()}\n", flush=True)
    try:
        feed()
    except ValueError as error:
        _log.error("%s", error)


def end() -> None:
    """Halt what trains, so that it can be continued later, and close all."""
    with _kept.lock:
        if _kept.feed is not None:
            _kept.feed.close()
        if _kept.engine is not None:
            _kept.engine.close()
        if _kept.store is not None:
            _kept.store.close()
        _kept.store = _kept.engine = _kept.feed = None
