"""What the C library keeps of memory that is free again: less of it, for a server that runs for days."""

from __future__ import annotations

import ctypes
import os
import platform

M_ARENA_MAX = -8  # as in glibc's malloc.h
VARIABLE = "MALLOC_ARENA_MAX"  # with which whoever starts the server decides otherwise
ARENAS = 2


def keep_less() -> None:
    """Let glibc's threads share a few heaps, before there are many of them; other C libraries are left as they are.

    Streamlit runs pages in threads that come and go. Each would get a heap of its own, up to eight for each core, and
    what a page needed stays there for threads that have no use for it.
    """
    if platform.libc_ver()[0] == "glibc" and VARIABLE not in os.environ:
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)
