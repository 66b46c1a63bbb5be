"""The routes beside Streamlit's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard.live import events, plotly_script, readings, replay, square


def routes() -> list[Route]:
    """Those that any page may need."""
    return [
        route("live/events", events.stream),
        route("live/changes", events.changes),
        route("live/replay", replay.respond),
        route("live/square", square.respond, "POST"),
        route("live/readings/{preset}/{variant}", readings.respond),
        route(plotly_script.ADDRESS, plotly_script.respond),
    ]


def route(path: str, endpoint: Callable[[Request], Awaitable[Response]], method: str = "GET") -> Route:
    """A route under the path that Streamlit is served from."""
    base = f"/{st.get_option('server.baseUrlPath')}".rstrip("/")
    return Route(f"{base}/{path}", endpoint, methods=[method])
