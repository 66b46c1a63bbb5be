"""What every page needs, loaded when the server has started: the first visitor of a page is answered like any other."""

from __future__ import annotations

import asyncio
import importlib
import logging
import pkgutil

from starlette.concurrency import run_in_threadpool

import dashboard
from dashboard.live import memory
from dashboard.shared import state

AFTER = 10  # s from the start of the server: whoever comes at once is not slowed down by what others will need

_log = logging.getLogger(__name__)


async def attend() -> None:
    """Wait for the moment, and `load`."""
    await asyncio.sleep(AFTER)
    await run_in_threadpool(load)


def load() -> None:
    """Import what pages are made of, read MNIST and the models; what is wrong with these is said on the pages."""
    for name in parts():
        importlib.import_module(name)
    from dashboard.sketch import answering

    try:
        answering.rehearse()
        for preset in state.MODELS:
            answering.load(preset)
    except ValueError as error:
        _log.error("%s", error)
    state.spare_imports()
    memory.give_back()


def parts() -> list[str]:
    """Every module of every page, and what they share; the pages themselves are scripts that only Streamlit runs."""
    folders = [name for _, name, is_folder in pkgutil.iter_modules(dashboard.__path__, "dashboard.") if is_folder]
    return [
        name
        for folder in folders
        for _, name, _ in pkgutil.iter_modules(importlib.import_module(folder).__path__, f"{folder}.")
        if not name.endswith(".page")
    ]
