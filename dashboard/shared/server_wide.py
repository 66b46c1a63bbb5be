"""What there is one of for the life of the server, whatever visitors do: made when it is first asked for.

``app.py`` begins and ends it all. Where there is no server, as in a test, whoever asks first begins it. Neither
Streamlit's cache, which any visitor may clear, nor our own modules, which Streamlit imports anew when a file is
edited, are a place for such things.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeVar, cast

T = TypeVar("T")


class _Kept(ModuleType):
    """Listed among the modules, where Streamlit finds no file to watch and so leaves it alone."""

    def __init__(self, name: str):
        super().__init__(name)
        self.lock = threading.RLock()  # guards what follows
        self.things: dict[str, Any] = {}  # in the order in which they were made: each may need those before it


# A cast: it is one of ours, or of ours as this file was when it was first read.
_kept = cast(_Kept, sys.modules.setdefault("_pairdigits_kept", _Kept("_pairdigits_kept")))


def once(name: str, make: Callable[[], T]) -> T:
    """The one thing of this name.

    Parameters
    ----------
    name : str
    make : callable
        Makes it at the first call, something with a ``close()``. What this raises is raised, and the next call tries
        again.
    """
    with _kept.lock:
        if name not in _kept.things:
            _kept.things[name] = make()
        return _kept.things[name]


def made(name: str) -> Any | None:
    """The one thing of this name, if it has been made."""
    return _kept.things.get(name)


def close() -> None:
    """Close all, the last that was made first; what is asked for afterwards is made anew."""
    with _kept.lock:
        while _kept.things:
            _kept.things.popitem()[1].close()
