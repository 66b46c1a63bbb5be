"""The store, the engine and the feed, from the server's start to its end."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from dashboard.shared import server_wide, state

if TYPE_CHECKING:
    from dashboard.live.feed import Feed

_log = logging.getLogger(__name__)


def feed() -> Feed:
    """What tells browsers of runs, one for the life of the server."""
    from dashboard.live.feed import Feed

    return server_wide.once("feed", lambda: Feed(state.engine()))


def seen(token: str) -> None:
    """A visitor's page is open; before there is an engine there are no runs that this could save."""
    if engine := server_wide.made("engine"):
        from pairdigits.runs.visitors import identity

        engine.seen(identity(token))


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
    server_wide.close()
