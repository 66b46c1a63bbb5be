"""The command line: pairdigits dashboard | train | report | grid | lessons | probe | compare | bench."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from pairdigits import commands
from pairdigits.models import VARIANTS
from pairdigits.options import add_run_options
from pairdigits.presets import PRESETS
from pairdigits.probe import KINDS
from pairdigits.report.experiments import EXPERIMENTS


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = argparse.ArgumentParser(prog="pairdigits", description="Is the first digit <= the second?")
    subparsers = top.add_subparsers(required=True, metavar="COMMAND")

    def command(function, text: str) -> argparse.ArgumentParser:
        added = subparsers.add_parser(function.__name__, help=text, description=text)
        added.set_defaults(function=function)
        return added

    def on_cluster(added: argparse.ArgumentParser) -> None:
        added.add_argument("--workers", type=int, help="worker processes on this machine (default: its cores)")
        added.add_argument("--scheduler", help="address of an existing Dask cluster, such as tcp://host:8786")

    dashboard = command(commands.dashboard, "Open the pages: start their server and print its address.")
    dashboard.add_argument("--port", type=int, default=8501, help="default: 8501")

    train = command(commands.train, "Train one model and print every epoch.")
    add_run_options(train)
    train.add_argument("--data-root", help="a folder with MNIST for torchvision, instead of the bundled data")
    train.add_argument("--download", action="store_true", help="let torchvision download MNIST into --data-root")
    train.add_argument("--records", metavar="FILE.csv", help="write every epoch's scores")
    train.add_argument("--save", metavar="FILE.safetensors", help="write the chosen model")

    report = command(commands.report, "Reproduce the report's tables and figures, and what goes past them.")
    report.add_argument(
        "experiments", nargs="*", metavar="EXPERIMENT", help=f"of {', '.join(EXPERIMENTS)} (default: all)"
    )
    report.add_argument("--rounds", type=int, help="at most so many rounds of each (default: all)")
    report.add_argument(
        "--tables", action="store_true", help="only print the tables of the rounds done so far, as in docs/results.md"
    )
    on_cluster(report)

    grid = command(commands.grid, "The report's grid search for one model.")
    grid.add_argument("variant", choices=VARIANTS)
    grid.add_argument("--rounds", type=int, default=1, help="rounds of each of the 20 settings (default: 1)")
    on_cluster(grid)

    lessons = command(commands.lessons, "Make the prepared results behind the teaching pages.")
    on_cluster(lessons)

    probe = command(commands.probe, "Print a model's verdict for each of the 100 pairs of digits.")
    probe.add_argument("variant", choices=VARIANTS)
    probe.add_argument("--kind", choices=KINDS, help="default: the variant's most telling")
    probe.add_argument("--strength", type=float, default=10.0, help="of the ideal signal (default: 10)")
    _model_options(probe)

    compare = command(commands.compare, "Compare two drawn digits with every model.")
    compare.add_argument("left", metavar="LEFT.png")
    compare.add_argument("right", metavar="RIGHT.png")
    compare.add_argument("--preset", choices=PRESETS, default="best", help="whose models answer (default: best)")

    command(commands.bench, "Measure how fast training is on this machine.")
    return top


def _model_options(added: argparse.ArgumentParser) -> None:
    added.add_argument("--preset", choices=PRESETS, default="report", help="whose model (default: report)")
    added.add_argument("--model", metavar="FILE.safetensors", help="a model of your own instead")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; wrong input is one sentence on stderr and status 2."""
    options = vars(parser().parse_args(arguments))
    try:
        options.pop("function")(**options)
    except (ValueError, OSError) as error:
        print(error if isinstance(error, ValueError) else f"{error.filename}: {error.strerror}.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted; finished runs are kept.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
