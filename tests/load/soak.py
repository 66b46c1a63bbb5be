"""Half an hour on the Train page in a real browser, with 4 runs and 5 rounds that come and go.

``python -m tests.load.soak`` prints what became of the page, and ends with status 1 where it did not hold.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import Locator, Page, TimeoutError, expect, sync_playwright

from pairdigits.runs.store import Store
from tests.browser.conftest import DESKTOP, FLAGS
from tests.browser.server import ROOT, serve
from tests.load.figures import Figure, own, seconds

RUNS, ROUNDS, EPOCHS = 4, 5, 30
SETTINGS = f"epochs={EPOCHS}&train_pairs=200&validation_pairs=40&speed=5"
VIEWS = {"Loss": "view=loss", "Gap": "view=gap", "Accuracy": r"train\?((?!view=).)*$"}
PATIENCE = 120_000  # ms
ANSWER = 5.0  # s that the page may take to answer
GROWTH = 50e6  # bytes that the browser's heap may grow by
DRAWN = """() => (document.querySelector(".live-chart")?.data ?? [])
    .filter((trace) => trace.name?.includes("· test") && trace.mode).map((trace) => trace.x.length)"""


class Stay:
    """One visitor's stay on the Train page.

    Parameters
    ----------
    page
        A new one.
    """

    def __init__(self, page: Page):
        self.page = page
        self.troubles: list[str] = []
        self.closed: list[str] = []
        self.answers: list[float] = []
        self.launched = 0
        self._metrics = page.context.new_cdp_session(page)
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda message: message.type == "error" and self._note(message))
        page.on("websocket", lambda socket: socket.on("close", lambda socket: self.closed.append(socket.url)))

    def _note(self, message) -> None:
        if "/_stcore/" not in message.location["url"]:  # Streamlit looks for its own addresses one level down
            self.troubles.append(message.text)

    def begin(self, address: str) -> None:
        """Open the page, and start four runs and five rounds."""
        self.page.goto(f"{address}/train?{SETTINGS}")
        for _ in range(RUNS):
            self.launch()
        rounds = self.page.get_by_role("slider", name="Rounds")
        for key, written in (("ArrowRight", f"rounds={ROUNDS}"), ("Home", r"train\?((?!rounds=).)*$")):
            rounds.focus()
            for _ in range(ROUNDS - 1 if key == "ArrowRight" else 1):
                self.page.keyboard.press(key)
            expect(self.page).to_have_url(re.compile(written), timeout=PATIENCE)
            if key == "ArrowRight":
                self.launch()

    def launch(self) -> None:
        """Start a run that nobody has trained."""
        before = self.page.url
        self._press("New weights")
        expect(self.page).not_to_have_url(before, timeout=PATIENCE)
        before = self.page.url
        self._press("Start")
        expect(self.page).not_to_have_url(before, timeout=PATIENCE)
        self.launched += 1

    def come_and_go(self, until: float) -> None:
        """Look at other curves every few seconds, and let a new run take the oldest one's place every fourth time."""
        for turn, (view, written) in enumerate(itertools.cycle(VIEWS.items()), start=1):
            if time.monotonic() > until:
                return
            began = time.monotonic()
            self.page.get_by_role("radio", name=view).click()
            expect(self.page).to_have_url(re.compile(written), timeout=PATIENCE)
            self.answers.append(time.monotonic() - began)
            if turn % 4 == 0:
                self._look_at_the_oldest()
                self._press("Hide")
                expect(self._lines()).to_have_count(RUNS, timeout=PATIENCE)
                self.launch()
            self.page.wait_for_timeout(4000)

    def _look_at_the_oldest(self) -> None:
        for _ in range(10):  # a run that comes to rest meanwhile draws the list anew, and it closes
            self.page.get_by_role("combobox", name=re.compile("Look closely at")).click()
            with contextlib.suppress(TimeoutError):
                self.page.get_by_role("option").first.click(timeout=3000)
                return self.page.wait_for_timeout(1000)
        raise TimeoutError("The list of runs closes whenever it is opened.")

    def drawn(self) -> list[int]:
        """Points of each test curve, once every run has come to rest and is drawn to its end."""
        self.page.get_by_role("radio", name="Accuracy").click()
        full = self.page.locator("progress[value='1']")
        expect(self._lines().filter(has=full)).to_have_count(RUNS + 1, timeout=600_000)
        self.page.wait_for_timeout(3000)
        return self.page.evaluate(DRAWN)

    def memory(self) -> tuple[float, int]:
        """Bytes of the page's heap and the number of its nodes, without what waits for the garbage collector."""
        self._metrics.send("HeapProfiler.collectGarbage")
        self._metrics.send("Performance.enable")
        metrics = {one["name"]: one["value"] for one in self._metrics.send("Performance.getMetrics")["metrics"]}
        return metrics["JSHeapUsedSize"], int(metrics["Nodes"])

    def _lines(self) -> Locator:
        return self.page.locator(".launch-line").filter(has=self.page.locator("progress:visible"))

    def _press(self, words: str) -> None:
        self.page.get_by_test_id("stMain").get_by_role("button", name=words, exact=True).click()


def soak(page: Page, address: str, server: psutil.Process, store: Store, length: float) -> list[Figure]:
    """So many seconds on the page, and what became of it."""
    stay = Stay(page)
    stay.begin(address)
    page.wait_for_timeout(5000)
    before, resident = stay.memory(), own(server)
    stay.come_and_go(time.monotonic() + length)
    drawn = stay.drawn()
    after, grown = stay.memory(), own(server) - resident
    runs = store.runs()
    lost = sum(run.epochs - len(store.records(run.id)) for run in runs)
    missed = [text for text in stay.troubles if "ForwardMsg" in text]
    others = [text for text in dict.fromkeys(stay.troubles) if text not in missed]
    heap, nodes = after[0] - before[0], after[1] - before[1]
    return [
        Figure("launches", f"{stay.launched}, of {len(runs)} runs"),
        seconds("the page answers a click", stay.answers, ANSWER),
        Figure("points of the last curves", str(drawn), drawn == [EPOCHS] * (RUNS + 1)),
        Figure("epochs that the store missed", str(lost), not lost),
        Figure("messages that the page missed", "; ".join(missed) or "none", not missed),
        Figure("other errors in the browser", "; ".join(others) or "none", not others),
        Figure("connections that broke", str(len(stay.closed)), not stay.closed),
        Figure("the browser's heap", f"{before[0] / 1e6:.0f} MB, {heap / 1e6:+.0f} MB at the end", heap < GROWTH),
        Figure("the page's nodes", f"{before[1]}, {nodes:+d} at the end"),
        Figure("the server's memory", f"{resident / 1e6:.0f} MB, {grown / 1e6:+.0f} MB at the end", grown < 100e6),
    ]


def main() -> int:
    """Start a server and a browser, stay, print what was measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.soak", description="Half an hour on the Train page.")
    parser.add_argument("--minutes", type=float, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        database = Path(folder) / "runs.db"
        environment = {"PAIRDIGITS_DATABASE": str(database), "PAIRDIGITS_WORKERS": "1"}
        with serve(ROOT / "dashboard" / "app.py", environment) as address:
            server = next(one for one in psutil.Process().children() if "streamlit" in " ".join(one.cmdline()))
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            page = browser.new_context(**DESKTOP).new_page()
            figures = soak(page, address, server, Store(database), 60 * options.minutes)
            browser.close()
    print(f"{options.minutes:g} minutes, {RUNS} runs and {ROUNDS} rounds at a time")
    print(*figures, sep="\n")
    return int(any(figure.good is False for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
