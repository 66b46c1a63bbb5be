"""Who has a page open is here, and nobody else is."""

from __future__ import annotations

import logging
import time

from starlette.middleware import Middleware
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from websockets.sync.client import connect

from dashboard.live import guard, service
from dashboard.shared import server_wide
from pairdigits.runs.visitors import identity
from tests.pages.route_server import serve


class Engine:
    """Notes who was seen."""

    def __init__(self) -> None:
        self.visitors: list[str] = []

    def seen(self, visitor: str) -> None:
        self.visitors.append(visitor)


async def page(socket: WebSocket) -> None:
    await socket.accept()
    async for _ in socket.iter_text():
        pass


def test_a_server_starts_without_its_database_and_says_why(monkeypatch, tmp_path, caplog):
    caplog.set_level(logging.ERROR)  # clusters of other tests have silenced it
    monkeypatch.setattr(server_wide._kept, "things", {})
    monkeypatch.setenv("PAIRDIGITS_DATABASE", str(tmp_path / "nowhere" / "runs.db"))
    service.begin()
    service.end()
    (sentence,) = caplog.messages
    assert "nowhere/runs.db cannot be used" in sentence


def test_a_visitor_is_here_for_as_long_as_a_page_is_open(monkeypatch):
    engine = Engine()
    monkeypatch.setitem(server_wide._kept.things, "engine", engine)
    monkeypatch.setattr(guard, "BEAT", 0.05)
    with serve([WebSocketRoute("/", page)], [Middleware(guard.Guard)]) as address:
        address = address.replace("http", "ws", 1)
        with connect(address), connect(address, additional_headers={"Cookie": f"{guard.VISITOR}=abc"}):
            until = time.monotonic() + 20
            while len(engine.visitors) < 3 and time.monotonic() < until:
                time.sleep(0.01)
        assert len(engine.visitors) >= 3 and set(engine.visitors) == {identity("abc")}
        time.sleep(0.5)  # the page is closed
        count = len(engine.visitors)
        time.sleep(0.5)
        assert len(engine.visitors) == count
