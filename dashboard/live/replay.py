"""A launch that has come to rest, once more as it trained: all its messages at once, for the browser to pace.

``GET live/replay?launch=12`` answers with a JSON list: what is told before the first epoch, after each, and at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dashboard.live import service
from dashboard.live.events import ids

if TYPE_CHECKING:
    from dashboard.live.message import View


async def respond(request: Request) -> Response:
    """The route."""
    asked = ids(request, "launch")

    def answer() -> str | None:
        view = service.feed().look(asked[0]) if asked else None
        return view and messages(view)

    try:
        text = await run_in_threadpool(answer)
    except ValueError as error:  # the database is away
        return JSONResponse({"error": str(error)}, 503)
    if text is None:
        return JSONResponse({"error": "There is no such run."}, 404)
    return Response(text, media_type="application/json", headers={"Cache-Control": "no-store"})


def messages(view: View) -> str:
    """Every message that a browser would have got while the launch trained, as a JSON list."""
    from dashboard.live.message import View

    launch, told, position = view.launch, [], ()
    last = max(len(records) for records in launch.records)
    for epoch in range(last + 1):
        then = View(launch.at(epoch), f"epoch {epoch} of {launch.config.epochs}, shown again")
        told.append(then.message(position, probe=True))
        position = then.position
    told.append(view.message(position, probe=True))
    return f"[{','.join(told)}]"
