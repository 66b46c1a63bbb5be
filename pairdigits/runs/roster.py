"""Which workers there are, looked at every now and then; and what is wrong with them, in a sentence."""

from __future__ import annotations

import time

from pairdigits.runs.cluster import Cluster

LOOK = 0.5  # s between looks: each asks the scheduler
MISSED = 2  # s without any worker before that is said


class Roster:
    """The workers of a cluster.

    Attributes
    ----------
    workers : dict
        As last seen: address -> how many tasks it takes at once.
    trouble : str
        What keeps runs from going on, in one sentence; "" if all is well.
    """

    def __init__(self, cluster: Cluster):
        self._cluster = cluster
        self.workers: dict[str, int] = {}
        self.trouble = ""
        self._looked_at = self._connected_at = 0.0  # time.monotonic(); and there was a worker

    def look(self) -> bool:
        """See who is there, unless that was done just now; whether it was done."""
        now = time.monotonic()
        if now < self._looked_at + LOOK:
            return False
        self.workers = self._cluster.workers()
        self._looked_at = now
        if self.workers:
            self._connected_at, self.trouble = now, ""
        elif now > self._connected_at + MISSED:
            self.trouble = "No worker is connected: runs wait until one is."
        return True
