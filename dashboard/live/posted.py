"""Routes that answer to posted JSON: bounded, worked out in a thread, one sentence for what is wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

Endpoint = Callable[[Request], Awaitable[JSONResponse]]


def endpoint(answer: Callable[[bytes], Mapping[str, Any]], largest: int) -> Endpoint:
    """A route's endpoint: it answers JSON, or 400 with ``{"error": a sentence}``.

    Parameters
    ----------
    answer : callable
        From a body to what JSON can hold; raises `ValueError`, with a sentence, where the body makes no sense.
    largest : int
        Bytes of a body; of a larger one no more is read.
    """

    async def respond(request: Request) -> JSONResponse:
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > largest:
                return JSONResponse({"error": f"This is too much: send at most {largest} bytes."}, 400)
        try:
            return JSONResponse(await run_in_threadpool(answer, bytes(body)))
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)

    return respond
