"""pairdigits dashboard: the pages, from any folder."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

PAGES = Path(__file__).parents[2] / "dashboard" / "app.py"  # beside this package, in a clone and as installed


def add_options(parser: argparse.ArgumentParser) -> None:
    """Where it is to be reached."""
    parser.add_argument("--port", type=int, default=8501, help="default: 8501")


def run(port: int) -> None:
    """Become the server of the pages; Streamlit's other settings come from its environment variables.

    Raises
    ------
    ValueError
        If there is no such port.
    """
    if not 0 < port < 2**16:
        raise ValueError(f"Port is {port}: give a whole number from 1 to 65,535.")
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", str(PAGES), f"--server.port={port}"])
