"""One past, many futures: runs that are forked under way, beside the run that they left."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pairdigits.config import Fork, RunConfig
from pairdigits.lessons.trained import Progress, completed
from pairdigits.presets import preset

if TYPE_CHECKING:
    from pairdigits.runs.cluster import Cluster

ROUNDS = 5
EPOCHS = (5, 20)  # after which the futures part
# By name: whose past it is, and what is another way from there on.
FUTURES: dict[str, tuple[str, dict[str, Any]]] = {
    "v4 gets v5's last layer": ("v4", {"variant": "v5"}),
    "v4 gets v1's last layer": ("v4", {"variant": "v1"}),
    "v5 unties its towers": ("v5", {"shared": False}),
    "v5 drops the auxiliary losses": ("v5", {"auxiliary_weight": 0.0}),
    "v5 takes a tenth of the rate": ("v5", {"learning_rate": 0.001}),
}


def futures(cluster: Cluster | None, progress: Progress) -> dict[str, Any]:
    """Forks of the report's runs, corrected, and the runs themselves.

    Returns
    -------
    dict
        "pasts": by variant, and "futures": by name and by epoch of the fork, a list of rounds, each the test accuracy
        after every epoch, 0..1; round r has r as both of its seeds.
    """
    configs: dict[RunConfig, tuple[str, ...]] = {}
    for number in range(ROUNDS):
        for name, (variant, changes) in FUTURES.items():
            past = preset("report", variant, data_seed=number, init_seed=number)
            configs[past] = ("pasts", variant)
            for epoch in EPOCHS:
                configs[replace(past, **changes, fork=Fork(past, epoch))] = ("futures", name, str(epoch))
    found: dict[tuple[str, ...], dict[int, list[float]]] = {}
    for config, _, records, _ in completed(configs, cluster):
        progress(f"{', '.join(configs[config])}, round {config.data_seed}")
        curve = [record.test.accuracy for record in records if record.test]
        found.setdefault(configs[config], {})[config.data_seed] = curve

    def rounds(*place: str) -> list[list[float]]:
        return [found[place][number] for number in range(ROUNDS)]

    return {
        "pasts": {variant: rounds("pasts", variant) for variant in {variant: None for variant, _ in FUTURES.values()}},
        "futures": {name: {str(epoch): rounds("futures", name, str(epoch)) for epoch in EPOCHS} for name in FUTURES},
    }
