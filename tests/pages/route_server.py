"""Live routes on a real server of this process, on a free port, without Streamlit."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute


@contextmanager
def serve(routes: Sequence[BaseRoute], middleware: Sequence[Middleware] = ()) -> Iterator[str]:
    """Serve these and give the address."""
    app = Starlette(routes=routes, middleware=middleware)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = server.force_exit = True
    thread.join()


def ask(address: str, body: bytes | None = None) -> tuple[int, dict]:
    """Status and JSON of an answer; with a body, of a POST."""
    try:
        with urlopen(Request(address, body), timeout=60) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, json.load(error)
