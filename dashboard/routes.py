"""The routes beside Streamlit's own, all of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import streamlit as st
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard.components import plotly_script
from dashboard.live import events, posted, readings, replay, square
from dashboard.sketch import route as verdict


def routes() -> list[Route]:
    """What browsers ask for besides pages."""
    return [
        route("sketch", _first_page),
        route("live/events", events.stream),
        route("live/changes", events.changes),
        route("live/replay", replay.respond),
        route("live/square", posted.endpoint(square.answer, square.LARGEST), "POST"),
        route("live/verdict", posted.endpoint(verdict.answer, verdict.LARGEST), "POST"),
        route("live/readings/{preset}/{variant}", readings.respond),
        route(plotly_script.ADDRESS, plotly_script.respond),
    ]


async def _first_page(request: Request) -> Response:
    """Sketch under its own name too, as every other page has one: Streamlit knows its first page by none."""
    return RedirectResponse(f"./?{request.url.query}")


def route(path: str, endpoint: Callable[[Request], Awaitable[Response]], method: str = "GET") -> Route:
    """A route under the path that Streamlit is served from."""
    base = f"/{st.get_option('server.baseUrlPath')}".rstrip("/")
    return Route(f"{base}/{path}", endpoint, methods=[method])
