"""What is pushed to the browser: no run of the page while one only watches, and nothing lost with a connection."""

from __future__ import annotations

import re
import time
import urllib.error
import urllib.request

import psutil
import pytest
from playwright.sync_api import Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.browser.test_train import CURVES, has_curves, open_train, press, says, shown

SOCKETS = """
const Native = WebSocket;
window.sockets = [];
window.WebSocket = class extends Native { constructor(...given) { super(...given); window.sockets.push(this); } };
"""

# A slow line, for what the server sends; and whether a traceback was seen, though for a moment.
LAG = """
const Plain = WebSocket;
window.lag = 0;
window.WebSocket = class extends Plain {
  addEventListener(type, heard, ...rest) {
    const late = (event) => setTimeout(() => heard(event), window.lag);
    super.addEventListener(type, type === "message" ? late : heard, ...rest);
  }
};
window.broke = false;
new MutationObserver(() => { window.broke ||= !!document.querySelector("[data-testid=stException]"); })
  .observe(document, { childList: true, subtree: true });
"""


def epochs(page: Page) -> list[int]:
    """Of the first chart's test curve."""
    return page.evaluate(f"{CURVES}.find((trace) => trace.name?.endsWith('· test')).x")


def wait_for_epochs(page: Page, count: int) -> None:
    page.wait_for_function(f"{CURVES}.some((trace) => trace.meta && trace.x.length >= {count})")


@pytest.mark.slow
def test_a_visitor_who_watches_asks_for_nothing_and_misses_nothing(server: str, page: Page) -> None:
    frames = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: frames.append(frame)))
    open_train(page, f"{server}/train?epochs=500&train_pairs=300&speed=5")
    press(page, "Start")
    wait_for_epochs(page, 2)
    page.wait_for_timeout(500)  # what the click itself has asked for
    frames.clear()
    seen = len(epochs(page))
    wait_for_epochs(page, seen + 4)
    assert not frames
    page.evaluate("pairdigitsFeed.source.close()")  # as a network does that goes away
    page.wait_for_timeout(1500)
    page.evaluate("pairdigitsFeed.connect()")
    says(page, r"epoch \d+ of 500")
    wait_for_epochs(page, seen + 10)
    there = epochs(page)
    assert there == list(range(1, len(there) + 1))
    cut = {"status": 200, "content_type": "text/event-stream", "body": ""}
    page.route("**/live/events*", lambda route: route.fulfill(**cut))  # as a proxy does that knows no events
    page.evaluate("pairdigitsFeed.wanted = null; pairdigitsFeed.connect()")
    wait_for_epochs(page, len(there) + 5)
    there = epochs(page)
    assert there == list(range(1, len(there) + 1)) and not frames
    press(page, "Stop")
    says(page, "stopped after epoch")
    expect(page.get_by_role("slider", name=re.compile("^Epoch"))).to_be_visible()  # the page has followed


@pytest.mark.slow
def test_a_finished_run_is_played_shown_again_and_trained_anew(server: str, page: Page) -> None:
    seed = time.time_ns() // 1000 % 10**6  # tried again it would else be shown again at once
    open_train(page, f"{server}/train?epochs=8&train_pairs=300&init_seed={seed}&speed=2")
    press(page, "Start")
    says(page, "finished")
    has_curves(page, [8])
    first = shown(page)
    press(page, "Play")
    says(page, "epoch [3-6] of 8, shown again")
    assert 0 < len(epochs(page)) < 8
    says(page, "finished")
    has_curves(page, [8])
    press(page, "Start")  # at a speed: shown again, and played
    expect(page.get_by_text(re.compile("^Trained at .* shown again"))).to_be_visible()
    says(page, "epoch [1-7] of 8, shown again")
    press(page, "To the end")
    has_curves(page, [8])
    assert shown(page) == first
    press(page, "Train it anew")
    says(page, r"epoch \d of 8, about")
    says(page, "finished")
    assert shown(page) != first and len(shown(page)) == 1


@pytest.mark.slow
def test_what_was_played_is_played_again_the_moment_it_ends(server: str, page: Page) -> None:
    open_train(page, f"{server}/train?epochs=8&train_pairs=300&init_seed=78&speed=5")
    press(page, "Start")
    expect(page.get_by_role("slider", name=re.compile("^Epoch"))).to_be_visible()
    for wait in (0, 50, 100, 300):  # ms: before the page has heard of the end, and after
        page.locator(".launch-line", has_text="finished").first.wait_for()
        page.wait_for_timeout(wait)
        press(page, "Start")
        says(page, "epoch [1-7] of 8, shown again")


@pytest.mark.slow
def test_a_run_may_come_to_rest_while_its_visitor_hides_it(server: str, page: Page) -> None:
    page.add_init_script(LAG)
    open_train(page, f"{server}/train?epochs=2&train_pairs=300&init_seed=6")
    press(page, "Start")
    says(page, "finished")
    expect(page.get_by_role("slider", name=re.compile("^Epoch"))).to_be_visible()
    (run,) = shown(page)
    page.evaluate("lag = 3000")
    press(page, "Hide")
    page.wait_for_timeout(1500)  # the server no longer shows the lines that the browser still has
    page.locator(".launch-lines").first.evaluate("(lines, run) => lines.turned([run, 0])", int(run))
    page.evaluate("lag = 0")
    search = page.get_by_role("textbox", name="Search")
    search.fill("no such run")
    search.press("Enter")
    expect(page.get_by_text("No run matches.")).to_be_visible()
    assert not page.evaluate("broke")


@pytest.mark.slow
def test_nobody_can_make_a_second_engine_and_nobody_reads_the_metrics(server: str, page: Page) -> None:
    page.add_init_script(SOCKETS)
    open_train(page, f"{server}/train?epochs=2&train_pairs=300&init_seed=5")
    expect(page.get_by_role("spinbutton", name="Epochs")).to_have_value("2")
    before = _workers()
    message = BackMsg(clear_cache=True).SerializeToString()
    page.evaluate("(bytes) => sockets.at(-1).send(new Uint8Array(bytes))", list(message))
    time.sleep(1)
    page.reload()  # the message has also cleared what this visitor's own session held
    expect(page.get_by_role("spinbutton", name="Epochs")).to_have_value("2")
    press(page, "Start")
    says(page, "finished")
    assert _workers() == before and len(before) == 1
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{server}/_stcore/metrics")
    with urllib.request.urlopen(server) as answer:
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "pairdigits_visitor=" in answer.headers["Set-Cookie"]


def _workers() -> set[int]:
    """The processes that train for servers of this test run."""
    children = psutil.Process().children(recursive=True)
    return {child.pid for child in children if any("spawn_main" in part for part in child.cmdline())}
