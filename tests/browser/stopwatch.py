"""How long a page takes to answer, on the browser's own clock."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Iterable

from playwright.sync_api import Page

# Seconds from an event to another match of a pattern in the text of some elements; null where none came, or where the
# answer was there before the event, as of a stroke that is read while it is drawn. textContent asks for no layout.
ARM = """
([event, selector, pattern]) => {
  const text = () => [...document.querySelectorAll(selector)].map((node) => node.textContent).join("\\n");
  const read = () => text().match(new RegExp(pattern, "m"))?.[0];
  window.stopwatch = new Promise((stop) => {
    setTimeout(() => stop(null), 10_000);
    addEventListener(event, () => {
      const start = performance.now(), before = read();
      const tick = () => {
        if (read() === before) setTimeout(tick, 2);
        else stop((performance.now() - start) / 1000);
      };
      tick();
    }, { once: true, capture: true });
  });
}
"""


def median_answer(
    page: Page, name: str, event: str, selector: str, pattern: str, acts: Iterable[Callable[[], None]]
) -> float:
    """Act after act, the median of the seconds from its event to its answer; most acts must be answered."""
    seconds = []
    for act in acts:
        page.evaluate(ARM, [event, selector, pattern])
        act()
        seconds.append(page.evaluate("window.stopwatch"))
        page.wait_for_timeout(200)  # milliseconds, for what follows the answer
    answered = [one for one in seconds if one is not None]
    assert len(answered) > len(seconds) / 2, f"{name}: {len(answered)} of {len(seconds)} were answered"
    median = statistics.median(answered)
    print(f"{name}: median {median:.3f} s, least {min(answered):.3f} s of {len(answered)}")
    return median


def busyness() -> float:
    """How many times as long an answer may take now: processes that want a core for each core, at least 1."""
    return max(1, os.getloadavg()[0] / (os.cpu_count() or 1))
