"""What is pushed to browsers, on a real server with a real store; only the engine is a stand-in."""

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from urllib.request import Request, urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import Route

from dashboard.charts.curves import over_rounds
from dashboard.live import events, message, replay, service
from dashboard.live.feed import Feed
from dashboard.shared.launches import load
from pairdigits.config import RunConfig
from pairdigits.evaluation import Scores
from pairdigits.records import EpochRecord, Outcome
from pairdigits.runs.jobs import Wait
from pairdigits.runs.store import Store
from tests.core.test_outages import deleted, until
from tests.pages.route_server import ask, serve

MINE = "here:1:a"


class QuietEngine:
    """Tells of runs when the test says so."""

    name = MINE

    def __init__(self, store: Store):
        self.store, self.waiting, self.trouble = store, {}, ""

    def listen(self, listener: Callable[[int], None]) -> None:
        self.tell = listener

    def waits(self) -> dict[int, Wait]:
        return self.waiting


class Browser:
    """Reads events as an EventSource does."""

    def __init__(self, address: str, last: str = ""):
        self._answer = urlopen(Request(address, headers={"Last-Event-ID": last} if last else {}), timeout=20)
        self.last = last

    def next(self) -> dict:
        """The next message."""
        for line in self._answer:
            name, _, value = line.decode().strip().partition(": ")
            if name == "id":
                self.last = value
            if name == "data":
                return json.loads(value)
        raise AssertionError("The stream has ended.")

    def close(self) -> None:
        self._answer.close()


@pytest.fixture
def engine(tmp_path, monkeypatch) -> Iterator[QuietEngine]:
    engine = QuietEngine(Store(tmp_path / "runs.db"))
    feed = Feed(engine)
    monkeypatch.setattr(service, "feed", lambda: feed)
    yield engine
    feed.close()


@pytest.fixture
def server(engine) -> Iterator[str]:
    with serve(
        [Route("/events", events.stream), Route("/changes", events.changes), Route("/replay", replay.respond)]
    ) as address:
        yield address


def record(epoch: int, accuracy: float = 0.8) -> EpochRecord:
    scores = Scores(1.0, 0.5, 0.5, accuracy, 0.95)
    return EpochRecord(epoch, 0.1, scores, None, scores, [[1.0] * 10] * 10, None, None)


def trained(store: Store, epochs: int, owner: str = MINE, group: str | None = None) -> int:
    id = store.add(RunConfig(epochs=20), owner=owner, group=group)
    store.start(id, owner=owner)
    store.append(id, 1, [record(epoch) for epoch in range(1, epochs + 1)], owner)
    return id


def test_each_epoch_comes_once_also_after_a_lost_connection(engine, server):
    id = trained(engine.store, 2)
    address = f"{server}/events?launches={id}"
    with closing(Browser(address)) as browser:
        first = browser.next()
        assert list(first["points"]) == ["1", "2"] and first["words"].startswith("epoch 2 of 20")
        engine.store.append(id, 1, [record(3)], MINE)
        engine.tell(id)
        assert list(browser.next()["points"]) == ["3"]
    engine.store.append(id, 1, [record(4), record(5)], MINE)
    with closing(Browser(address, browser.last)) as browser:
        missed = browser.next()
        assert list(missed["points"]) == ["4", "5"] and not missed["again"]
    _, answer = ask(f"{server}/changes?launches={id}&since={browser.last}")
    assert answer["position"] == browser.last and answer["messages"][0]["points"] == {}


def test_what_a_browser_has_is_forgotten_when_a_run_begins_again(engine, server):
    id = trained(engine.store, 2)
    with closing(Browser(f"{server}/events?launches={id}")) as browser:
        browser.next()
        engine.store.retry(id, MINE)
        engine.store.append(id, 2, [record(1, 0.5)], MINE)
        engine.tell(id)
        found = browser.next()
        assert found["again"] and {epoch: point["test_accuracy"] for epoch, point in found["points"].items()} == {
            "1": [0.5, None]
        }


def test_a_run_of_another_server_is_seen_without_being_told_of(engine, server):
    id = trained(engine.store, 1, owner="elsewhere:1:a")
    with closing(Browser(f"{server}/events?launches={id}")) as browser:
        browser.next()
        engine.store.append(id, 1, [record(2)], "elsewhere:1:a")
        assert list(browser.next()["points"]) == ["2"]


def test_who_waits_is_told_the_place_the_time_and_what_is_in_the_way(engine, server):
    id = engine.store.add(RunConfig(epochs=20), owner=MINE)
    engine.waiting = {id: Wait(3, 38.0)}
    with closing(Browser(f"{server}/events?launches={id}")) as browser:
        assert browser.next()["words"] == "place 3 in the queue, begins in about 40 s"
        engine.waiting = {id: Wait(2, 41.0)}  # nobody tells of a move in the queue
        assert browser.next()["words"] == "place 2 in the queue, begins in about 40 s"
        engine.trouble = "No worker is connected."
        assert browser.next()["words"].endswith("about 40 s. No worker is connected.")


def test_a_finished_launch_is_told_once_more_as_it_trained(engine, server):
    id = trained(engine.store, 3)
    engine.store.finish(id, Outcome(2, None, 0.8, 0.8, None, None, 0.1, {}, 1.0), b"", owner=MINE)
    _, told = ask(f"{server}/replay?launch={id}")
    assert [list(one["points"]) for one in told] == [[], ["1"], ["2"], ["3"], []]
    assert [one["active"] for one in told] == [True] * 4 + [False] and [one["again"] for one in told] == [True] + [
        False
    ] * 4
    assert (
        told[2]["words"] == "epoch 2 of 20, shown again"
        and told[2]["probe"]
        and told[4]["words"].startswith("finished")
    )
    assert ask(f"{server}/replay?launch=77")[0] == 404
    assert not service.feed()._known  # who looks once leaves nothing behind


def test_a_change_is_computed_once_for_all_who_watch_and_nobody_who_left_is_kept(engine, server, monkeypatch):
    computed = []
    changes = message.View._changes
    monkeypatch.setattr(message.View, "_changes", lambda *given: computed.append(given[1]) or changes(*given))
    id = trained(engine.store, 3)
    browsers = [Browser(f"{server}/events?launches={id}") for _ in range(5)]
    assert all(list(browser.next()["points"]) == ["1", "2", "3"] for browser in browsers)
    computed.clear()
    engine.store.append(id, 1, [record(4)], MINE)
    engine.tell(id)
    assert all(list(browser.next()["points"]) == ["4"] for browser in browsers)
    assert computed == [((1, 3),)]
    for browser in browsers:
        browser.close()
    for _ in range(100):
        engine.tell(id)  # what is sent to a browser that left shows that it did
        if not service.feed()._subscriptions:
            break
        time.sleep(0.1)
    assert not service.feed()._subscriptions and not service.feed()._views and not service.feed()._known


def test_rounds_are_told_as_mean_and_spread(engine):
    accuracies = {trained(engine.store, 0, group="g"): a for a in (0.7, 0.8, 0.95)}
    for id, accuracy in accuracies.items():
        engine.store.append(id, 1, [record(1, accuracy)], MINE)
    (launch,) = load(engine.store, [min(accuracies)], {})
    told = message.point(launch.records, 1)
    drawn = over_rounds([[one.flat() for one in records] for records in launch.records], "test_accuracy")[1]
    assert told["test_accuracy"] == [drawn.mean, drawn.std]
    assert told["gap_accuracy"] == [0, 0]


def test_what_is_no_number_counts_neither_on_the_chart_nor_in_what_is_pushed():
    rounds = [[record(1, accuracy)] for accuracy in (0.7, math.nan, 0.9)]
    told = message.point(rounds, 1)["test_accuracy"]
    drawn = over_rounds([[one.flat() for one in records] for records in rounds], "test_accuracy")[1]
    assert told == pytest.approx([0.8, 0.1 * math.sqrt(2)]) and drawn.n == 2
    assert told == [drawn.mean, drawn.std]


def test_what_is_no_run_is_left_out(engine, server):
    id = trained(engine.store, 1)
    _, answer = ask(f"{server}/changes?launches=x,{id},99999999999999999999,-1,7777&since=1=2")
    assert [one["launch"] for one in answer["messages"]] == [id]


def test_a_run_is_told_of_from_when_it_is_there(engine, server):
    with closing(Browser(f"{server}/events?launches=1")) as browser:
        until(lambda: 1 in service.feed()._views)
        assert trained(engine.store, 2) == 1
        assert list(browser.next()["points"]) == ["1", "2"]


def test_while_the_database_is_away_that_is_said_and_afterwards_what_was_missed(engine, server, caplog):
    caplog.set_level(logging.WARNING)  # clusters of other tests have silenced it
    id = trained(engine.store, 1)
    with closing(Browser(f"{server}/events?launches={id}")) as browser:
        browser.next()
        engine.store.append(id, 1, [record(2)], MINE)
        with deleted(engine.store.location):
            engine.tell(id)
            for address in (f"{server}/changes?launches={id}", f"{server}/replay?launch={id}"):
                status, answer = ask(address)
                assert status == 503 and "has been deleted or moved" in answer["error"]
            until(lambda: any("has been deleted or moved" in one for one in caplog.messages))
        assert list(browser.next()["points"]) == ["2"]


@given(st.text() | st.text("0123=._,"))
def test_any_position_is_read(text):
    found = events._positions(text)
    assert events._positions(events._text(found)) == found
