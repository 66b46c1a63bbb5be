"""The routes that carry launches to browsers: as server-sent events, or as an answer where a proxy cuts those.

``GET live/events?launches=12,15&probes=12`` is a stream of messages, each what `message.View.message` says of one
launch that has changed. Every event's id says how much of each launch the browser now has, so that after a lost
connection it gets what it missed, from this server or its successor: launch ``=`` attempt ``.`` epochs of each round
with ``_`` between them, and ``,`` between launches. ``GET live/changes?launches=...&since=ID`` answers once with
``{"messages": [...], "position": ID}``.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dashboard.live import service

if TYPE_CHECKING:
    from dashboard.live.message import Position

MOST = 100  # launches that one browser may watch
LARGEST = 2**31  # no run has such an id, and a database might not take it
PING = 15  # s: a visitor who left without a word is noticed, and proxies keep the connection
PATIENCE = 20  # s for a browser to take what it is sent


async def stream(request: Request) -> Response:
    """The route of events."""
    watched, probes = ids(request, "launches"), ids(request, "probes")
    since = _positions(request.headers.get("last-event-id") or request.query_params.get("since", ""))
    feed = await run_in_threadpool(service.feed)

    async def events() -> AsyncIterator[ServerSentEvent]:
        positions = {id: since[id] for id in watched if id in since}
        with feed.watching(watched) as subscription:
            while True:
                for id in await subscription.changed():
                    if view := feed.view(id):
                        text = view.message(positions.get(id, ()), id in probes)
                        positions[id] = view.position
                        yield ServerSentEvent(text, id=_text(positions))

    return EventSourceResponse(events(), ping=PING, send_timeout=PATIENCE)


async def changes(request: Request) -> JSONResponse:
    """The route of answers."""
    watched, probes = ids(request, "launches"), ids(request, "probes")
    positions = _positions(request.query_params.get("since", ""))

    def answer() -> dict[str, Any]:
        messages = []
        for id in watched:
            if view := service.feed().look(id):
                messages.append(json.loads(view.message(positions.get(id, ()), id in probes)))
                positions[id] = view.position
        return {"messages": messages, "position": _text({id: positions[id] for id in watched if id in positions})}

    try:
        return JSONResponse(await run_in_threadpool(answer), headers={"Cache-Control": "no-store"})
    except ValueError as error:
        return JSONResponse({"error": str(error)}, 503)


def ids(request: Request, name: str) -> list[int]:
    """The launches that a parameter names, in order; what is none is left out."""
    given = [int(text) for text in request.query_params.get(name, "").split(",") if text.isdecimal() and len(text) < 12]
    return list(dict.fromkeys(id for id in given if 0 < id < LARGEST))[:MOST]


def _text(positions: Mapping[int, Position]) -> str:
    return ",".join(
        f"{id}={'_'.join(f'{attempt}.{epoch}' for attempt, epoch in rounds)}" for id, rounds in positions.items()
    )


def _positions(text: str) -> dict[int, Position]:
    """Read what `_text` wrote; anything else is as good as nothing."""
    found = {}
    with suppress(ValueError):
        for part in filter(None, text.split(",")):
            id, rounds = part.split("=")
            pairs = (pair.split(".") for pair in rounds.split("_"))
            found[int(id)] = tuple((int(attempt), int(epoch)) for attempt, epoch in pairs)
    return found
