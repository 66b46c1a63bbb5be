"""Memory that is free again, or that whoever has left no longer needs: given back, for a server that runs for days."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
import platform
from typing import Any

from starlette.concurrency import run_in_threadpool
from streamlit import runtime

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # as in glibc's malloc.h
VARIABLE = "MALLOC_ARENA_MAX"  # with which whoever starts the server decides otherwise
ARENAS = 2
LARGE = 256 * 1024  # bytes
PERIOD = 20  # s between looks at who has left

_GLIBC = platform.libc_ver()[0] == "glibc"  # other C libraries are left as they are


def keep_less() -> None:
    """Let glibc's threads share a few heaps, before there are many of them, and keep what is large out of these.

    Streamlit runs pages in threads that come and go. Each would get a heap of its own, up to eight for each core, and
    what a page needed stays there for threads that have no use for it. And once anything large has been freed, glibc
    would put what is as large into heaps, where a trifle above it keeps it from being given back.
    """
    if _GLIBC:
        if VARIABLE not in os.environ:
            ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE)


async def attend() -> None:
    """Give back what visitors needed once Streamlit may forget them, two minutes after they left; until cancelled."""
    # Streamlit itself lets go of them when the next visitor leaves, and has no public name for it.
    server: Any = runtime.get_instance()
    while True:
        await asyncio.sleep(PERIOD)
        if server._session_mgr._session_storage._cache.expire():
            await run_in_threadpool(give_back)


def give_back() -> None:
    """Hand what is free to the operating system."""
    gc.collect()  # a visitor's state goes round in circles
    if _GLIBC:
        ctypes.CDLL(None).malloc_trim(0)
