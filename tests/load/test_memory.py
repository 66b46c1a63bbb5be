"""What visitors needed is given back after they have left, by a real server that is asked how many it still knows."""

from __future__ import annotations

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.browser.server import ROOT, serve
from tests.load.visitor import Visitor

# Streamlit remembers for a second, not for two minutes, and the server looks every second.
SCRIPT = f"""
import weakref
import streamlit as st
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit.runtime.app_session import AppSession
from dashboard import preload
from dashboard.app import lifespan
from dashboard.live import memory

known, begin = weakref.WeakSet(), AppSession.__init__

def noted(session, *given, **named):
    known.add(session)
    begin(session, *given, **named)

async def sessions(_):
    return JSONResponse(len(known))

AppSession.__init__ = noted
memory.PERIOD = 1
preload.load()  # what lives when imports end is spared from collection: that is to be no visitor
app = st.App({str(ROOT / "dashboard" / "pages.py")!r}, lifespan=lifespan, routes=[Route("/sessions", sessions)])
"""


@pytest.mark.slow
def test_visitors_who_left_are_forgotten_though_nobody_comes_after_them(tmp_path: Path):
    script = tmp_path / "app.py"
    script.write_text(SCRIPT)
    environment = {
        "PAIRDIGITS_DATABASE": str(tmp_path / "runs.db"),
        "PAIRDIGITS_WORKERS": "1",
        "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "1",
    }

    async def come_and_go(address: str) -> None:
        async with Visitor(address) as one:
            await one.go("train")
            for _ in range(5):
                async with Visitor(address) as other:
                    await other.go("train")
                    assert _known(address) >= 2
            await _until(lambda: _known(address) <= 2)  # who is here, and whom Streamlit last sent something

    with serve(script, environment) as address, ThreadPoolExecutor(1) as aside:  # a browser test may have left a loop
        aside.submit(asyncio.run, come_and_go(address)).result()


def _known(address: str) -> int:
    with urlopen(f"{address}/sessions", timeout=60) as answer:
        return json.load(answer)


async def _until(holds, patience: float = 60) -> None:
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end
        await asyncio.sleep(0.2)
