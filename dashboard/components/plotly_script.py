"""Plotly's script, compressed once and kept by browsers: 1.4 MB on the first visit, nothing on the next."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

import plotly
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

ADDRESS = f"live/plotly-{plotly.__version__}.min.js"  # another version has another address
TAG = f'"{plotly.__version__}"'
HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "ETag": TAG, "Vary": "Accept-Encoding"}


async def respond(request: Request) -> Response:
    """The route."""
    if TAG in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=HEADERS)
    packed = "gzip" in request.headers.get("accept-encoding", "")
    content = await run_in_threadpool(_packed if packed else _plain)
    encoding = {"Content-Encoding": "gzip"} if packed else {}
    return Response(content, media_type="text/javascript", headers=HEADERS | encoding)


def _plain() -> bytes:
    return (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes()


@cache
def _packed() -> bytes:
    return gzip.compress(_plain(), mtime=0)
