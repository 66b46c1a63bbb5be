"""Launches that somebody watches: looked at once for all who do, whenever something of theirs changes.

The engine tells of its own runs at once; runs of another server on the same database are looked for every second.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboard.live.message import View
    from dashboard.shared.launches import Known, Launch
    from pairdigits.runs.engine import Engine
    from pairdigits.runs.jobs import Wait

BREATH = 0.1  # s between looks: an epoch may take a few milliseconds, and nobody sees that many
SLOW = 1.0  # s between looks at other servers' runs, and at the queue

_log = logging.getLogger(__name__)


class Subscription:
    """One browser's launches, and which of them have changed since it last asked; of one event loop."""

    def __init__(self, ids: frozenset[int]):
        self.ids = ids
        self._loop = asyncio.get_running_loop()
        self._changed = set(ids)
        self._news = asyncio.Event()
        self._news.set()

    async def changed(self) -> list[int]:
        """Wait for a change; what changes again before the next call counts once."""
        await self._news.wait()
        self._news.clear()
        ids, self._changed = sorted(self._changed), set()
        return ids

    def note(self, id: int) -> None:
        """A launch has changed; callable from any thread."""

        def awake() -> None:
            self._changed.add(id)
            self._news.set()

        self._loop.call_soon_threadsafe(awake)


class Feed:
    """Views of launches, kept fresh while they are watched.

    Parameters
    ----------
    engine : Engine
        With its store.
    """

    def __init__(self, engine: Engine):
        self._engine = engine
        self._lock = threading.Lock()  # guards what follows
        self._subscriptions: set[Subscription] = set()
        self._views: dict[int, View | None] = {}
        self._touched: set[int] = set()  # runs
        self._known: Known = {}  # of what is watched
        self._woken = threading.Event()
        self._closed = False
        engine.listen(self._touch)
        self._thread = threading.Thread(target=self._attend, name="pairdigits-feed", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._closed = True
        self._woken.set()
        self._thread.join()

    @contextmanager
    def watching(self, ids: Iterable[int]) -> Generator[Subscription]:
        """Watch launches, each named by the id of one of its runs, for as long as the context lasts."""
        subscription = Subscription(frozenset(ids))
        with self._lock:
            self._subscriptions.add(subscription)
        self._woken.set()
        try:
            yield subscription
        finally:
            with self._lock:
                self._subscriptions.discard(subscription)
                for id in self._views.keys() - self._watched():
                    self._forget(self._views.pop(id))

    def view(self, id: int) -> View | None:
        """A watched launch as it was at the last look; None before that, and where the store has none of this id."""
        return self._views.get(id)

    def look(self, id: int) -> View | None:
        """A launch as it is now, for once: of what nobody watches nothing is kept."""
        return self._look(id, self._known.copy())

    def _look(self, id: int, known: Known) -> View | None:
        from dashboard.shared.launches import load

        found = load(self._engine.store, [id], known)
        if not found:
            return None
        return self._say(found[0], self._engine.waits())

    def _say(self, launch: Launch, waits: Mapping[int, Wait]) -> View:
        from dashboard.live.message import View
        from dashboard.shared.launch_words import describe

        return View(launch, describe(launch, waits, self._engine.trouble))

    def _forget(self, view: View | None) -> None:
        for run in view.launch.runs if view else ():
            self._known.pop(run.id, None)

    def _watched(self) -> set[int]:
        return {id for subscription in self._subscriptions for id in subscription.ids}

    def _touch(self, id: int) -> None:
        with self._lock:
            self._touched.add(id)
        self._woken.set()

    def _attend(self) -> None:
        looked = 0.0
        while not self._closed:
            self._woken.wait(SLOW)
            self._woken.clear()
            if slow := time.monotonic() > looked + SLOW:
                looked = time.monotonic()
            with self._lock:
                touched, self._touched = self._touched, set()
                watched = self._watched()
            try:
                for id in watched:
                    if self._is_stale(id, touched, slow):
                        self._show(id, self._look(id, self._known))
            except ValueError as error:  # the database is away; it may come back
                _log.warning("%s", error)
                with self._lock:
                    self._touched |= touched
            if slow:
                self._reword(watched)
            time.sleep(BREATH)

    def _is_stale(self, id: int, touched: set[int], slow: bool) -> bool:
        if id not in self._views:
            return True
        view = self._views[id]
        if view is None:
            return slow
        runs = view.launch.runs
        if any(run.id in touched for run in runs):
            return True
        return slow and any(run.owner not in ("", self._engine.name) for run in runs)

    def _reword(self, watched: set[int]) -> None:
        """What changes of a launch without the store: its place in the queue, the time it waits, and trouble."""
        waits = self._engine.waits()
        for id in watched:
            view = self._views.get(id)
            if view is not None and view.launch.active:
                said = self._say(view.launch, waits)
                if said.words != view.words:
                    self._show(id, said)

    def _show(self, id: int, view: View | None) -> None:
        with self._lock:
            if id in self._watched():
                self._views[id] = view
            else:  # who watched has left meanwhile
                self._forget(view)
            subscriptions = [one for one in self._subscriptions if id in one.ids]
        for subscription in subscriptions:
            subscription.note(id)
