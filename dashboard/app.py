"""The server: Streamlit's pages, the live routes beside them, and the engine's life.

Run with ``streamlit run dashboard/app.py``; Streamlit finds ``app`` by reading this file. Dask's workers never import
it: their main module is Streamlit's.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from dashboard import preload
from dashboard.live import guard, memory, service
from dashboard.routes import routes


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncGenerator[None]:
    """Start the engine beside the server, which answers meanwhile, and end it with the server."""
    memory.keep_less()
    loop = asyncio.get_running_loop()
    began = loop.run_in_executor(None, service.begin)
    beside = [asyncio.create_task(task) for task in (preload.attend(), memory.attend())]
    yield
    for task in beside:
        task.cancel()
    await began
    await loop.run_in_executor(None, service.end)


app = st.App(
    Path(__file__).with_name("pages.py"),
    lifespan=lifespan,
    middleware=[Middleware(guard.Guard)],
    routes=routes(),
)
