"""One visitor without a browser: speaks Streamlit's protocol over a real websocket, watches by server-sent events."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import numpy as np
import websockets
from PIL import Image
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash

PATIENCE = 240  # s: whoever waits longer for a page has left
ON_SCREEN = ["headline", "first", "second"]  # boards that a browser of 1280 x 800 pixels shows while its visitor draws


def png(sheet: np.ndarray) -> str:
    """A canvas as the browser sends it."""
    file = io.BytesIO()
    Image.fromarray(sheet).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


@dataclass
class Visitor:
    """Someone with the dashboard open.

    Attributes
    ----------
    address : str
        Of the server.
    query : str
        What stands in the address bar after the page's name.
    runs : list of int
        What the Train page says that it shows.
    seconds : list of float
        How long each click took, from sending it to the end of the page's run.
    arrivals : dict
        Run -> {epoch: when its first news arrived, `time.time`}.
    promises : dict
        Run -> [(when it was said for how long it would wait, the seconds that were said), ...].
    at_rest : set of int
        Runs that have come to rest.
    troubles : list of str
        Error boxes that a page has shown.
    """

    address: str
    query: str = ""
    page: str = ""
    runs: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    arrivals: dict[int, dict[int, float]] = field(default_factory=dict)
    promises: dict[int, list[tuple[float, float]]] = field(default_factory=dict)
    at_rest: set[int] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)
    _buttons: dict[str, tuple[str, str]] = field(default_factory=dict)  # label -> widget and fragment

    async def __aenter__(self) -> Self:
        self._http = httpx.AsyncClient(timeout=PATIENCE)
        await self._http.get(self.address)  # as a browser does; it keeps whatever cookie comes with it
        cookies = "; ".join(f"{name}={value}" for name, value in self._http.cookies.items())
        self._socket = await websockets.connect(
            self.address.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=["streamlit"],
            additional_headers={"Cookie": cookies} if cookies else {},
            max_size=None,
            ping_timeout=None,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()
        await self._http.aclose()

    async def go(self, page: str, **query: object) -> float:
        """Open a page and wait until it stands; seconds that it took."""
        self.page, self.query = page, urlencode(query)
        self._buttons.clear()
        return await self._run()

    async def click(self, label: str) -> float:
        """Press the button with this label and wait until the page has answered; seconds that it took."""
        if label not in self._buttons:
            raise LookupError(f"{self.page} has no button {label!r}, only {sorted(self._buttons)}.")
        seconds = await self._run(*self._buttons[label])
        self.seconds.append(seconds)
        return seconds

    async def watch(self) -> None:
        """Take in what the server sends of the runs that are shown, until they rest or this is cancelled."""
        parameters = {"launches": ",".join(map(str, self.runs))}
        url = f"{self.address}/live/events"
        while not self.at_rest.issuperset(self.runs):
            with suppress(httpx.HTTPError):  # a browser connects again too
                async with self._http.stream("GET", url, params=parameters) as response:
                    async for line in response.aiter_lines():
                        if line.startswith("data:"):
                            self._note(json.loads(line.removeprefix("data:")))
                            if self.at_rest.issuperset(self.runs):
                                return
            await asyncio.sleep(1)

    async def draw(self, seconds: float) -> list[float]:
        """Draw for so long, one request in flight; how long each answer took."""
        random = np.random.default_rng(abs(hash(self.address)) % 2**32)
        sheets, taken, until = np.zeros((2, 140, 140), np.uint8), [], time.monotonic() + seconds
        while time.monotonic() < until:
            side, x, y = random.integers(2), *random.integers(20, 110, 2)
            sheets[side, y : y + 10, x : x + 10] = 255
            began = time.perf_counter()
            canvases = [{"pixels": png(sheet)} for sheet in sheets]
            asked = {"preset": "best", "model": "v7", "canvases": canvases, "boards": ON_SCREEN}
            response = await self._http.post(f"{self.address}/live/verdict", json=asked)
            response.raise_for_status()
            taken.append(time.perf_counter() - began)
            await asyncio.sleep(0.05)  # the pen moves on meanwhile
        return taken

    def _note(self, message: dict) -> None:
        now, seen = time.time(), self.arrivals.setdefault(message["launch"], {})
        if told := re.search(r"begins in about ([\d,]+) s", message["words"]):
            self.promises.setdefault(message["launch"], []).append((now, float(told[1].replace(",", ""))))
        if not message["active"]:
            self.at_rest.add(message["launch"])
        for epoch in message["points"]:
            seen.setdefault(int(epoch), now)

    async def _run(self, widget: str = "", fragment: str = "") -> float:
        back = BackMsg()
        state = back.rerun_script
        state.query_string, state.page_script_hash, state.fragment_id = self.query, calc_hash(self.page), fragment
        if widget:
            pressed = state.widget_states.widgets.add()
            pressed.id, pressed.trigger_value = widget, True
        began = time.perf_counter()
        await self._socket.send(back.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            while not await self._finished():
                pass
        return time.perf_counter() - began

    async def _finished(self) -> bool:
        """Take one message; whether the page's run has ended with it and no other follows at once."""
        message = ForwardMsg.FromString(await self._socket.recv())
        kind = message.WhichOneof("type")
        if kind == "delta":
            element = message.delta.new_element
            if element.WhichOneof("type") == "button":
                self._buttons[element.button.label] = element.button.id, message.delta.fragment_id
            elif element.WhichOneof("type") == "alert" and element.alert.format == element.alert.ERROR:
                self.troubles.append(element.alert.body)
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
            shown = parse_qs(urlsplit(f"?{self.query}").query).get("runs", [""])[0]
            self.runs = [int(run) for run in re.findall(r"\d+", shown)]
        return kind == "script_finished" and message.script_finished in (
            ForwardMsg.FINISHED_SUCCESSFULLY,
            ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
        )
