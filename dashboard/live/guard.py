"""What every answer of the server carries: a security policy, and a token by which a browser's runs are its own.

For as long as a page is open its visitor counts as here, whatever the page is: runs of those who have left are halted.
"""

from __future__ import annotations

import asyncio
import secrets
from http.cookies import SimpleCookie

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.live import service
from dashboard.shared.state import VISITOR

YEAR = 365 * 24 * 3600  # s
BEAT = 60  # s between signs of a visitor, well below runs.keeper.ABSENCE
CLOSED = "/_stcore/metrics"  # how much is in memory, for whom: nobody's business
# This server and nothing else, even where a text on a page should ever become HTML. Streamlit needs more than 'self':
# its components arrive as scripts in blobs, and its styles are written into the page; what it reads of tables and
# protocols it compiles ('unsafe-eval'). Pictures and fonts may be written out in the page (data:).
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "frame-src 'self' blob: data:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)


class Guard:
    """ASGI middleware around the whole server."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        token = _token(scope)
        if scope["type"] == "websocket" and token:  # Streamlit's, one for each open page
            here = asyncio.create_task(_be_here(token))
            try:
                return await self.app(scope, receive, send)
            finally:
                here.cancel()
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        if scope["path"].rstrip("/").endswith(CLOSED):
            return await PlainTextResponse("Not found", 404)(scope, receive, send)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = POLICY
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                if not token and headers.get("content-type", "").startswith("text/html"):
                    new = secrets.token_urlsafe(16)
                    headers.append("Set-Cookie", f"{VISITOR}={new}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax")
            await send(message)

        await self.app(scope, receive, guarded)


def _token(scope: Scope) -> str:
    """What the browser keeps of us; "" where it keeps nothing."""
    if scope["type"] not in ("http", "websocket"):
        return ""
    cookie = SimpleCookie(Headers(scope=scope).get("cookie", "")).get(VISITOR)
    return cookie.value if cookie else ""


async def _be_here(token: str) -> None:
    while True:
        await run_in_threadpool(service.seen, token)
        await asyncio.sleep(BEAT)
