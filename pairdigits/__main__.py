"""The command line: python -m pairdigits COMMAND; what a command does is in `pairdigits.commands`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

COMMANDS = {
    "train": "Train one model and print every epoch.",
    "report": "Reproduce the report's tables and figures, and what goes past them.",
    "grid": "The report's grid search for one model.",
    "repairs": "What mends v7 without digit labels: a prior, re-spacing, self-training.",
    "lessons": "Make the prepared results behind the teaching pages.",
    "probe": "Print a model's verdict for each of the 100 pairs of digits.",
    "compare": "Compare two drawn digits with every model.",
    "dashboard": "Open the pages in a server of this machine.",
    "bench": "Measure how fast training is on this machine.",
}


class _Command(argparse.ArgumentParser):
    """Imports what a command needs when it is asked for: nobody else waits for torch."""

    def parse_known_args(self, args: Any = None, namespace: Any = None, **others: Any) -> Any:
        module = import_module(f"pairdigits.commands.{self.prog.split()[-1]}")
        module.add_options(self)
        self.set_defaults(run=module.run)
        return super().parse_known_args(args, namespace, **others)


def parser() -> argparse.ArgumentParser:
    """All commands; their options come when they are asked for."""
    top = argparse.ArgumentParser(prog="python -m pairdigits", description="Is the first digit <= the second?")
    subparsers = top.add_subparsers(required=True, metavar="COMMAND", parser_class=_Command)
    for name, text in COMMANDS.items():
        subparsers.add_parser(name, help=text, description=text)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; wrong input is one sentence on stderr and status 2."""
    try:
        options = vars(parser().parse_args(arguments))
        options.pop("run")(**options)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read along has left, as `head` does: nothing is wrong
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # where Python flushes what is left
        return 128 + 13
    except (ValueError, OSError) as error:
        print(_sentence(error), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted; finished runs are kept.", file=sys.stderr)
        return 130
    return 0


def _sentence(error: ValueError | OSError) -> str:
    if isinstance(error, OSError) and error.strerror:  # of the system: it names what it is about, if that has a name
        return f"{error.filename or 'The output'}: {error.strerror}."
    return str(error)


if __name__ == "__main__":
    sys.exit(main())
