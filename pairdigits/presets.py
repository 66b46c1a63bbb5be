"""Named settings of a run: the report's, and the recipe that goes past it."""

from __future__ import annotations

from typing import Any

from pairdigits.augmentation import Augmentation
from pairdigits.choices import CORRECTED, PRESETS, PUBLISHED
from pairdigits.config import ConfigError, RunConfig
from pairdigits.models import VARIANTS

# (learning rate, weight decay) behind the published figures; without the auxiliary loss it is the first for all.
REPORT_RATES = {
    None: (0.001, 0.01), "v1": (0.01, 0.01), "v2": (0.01, 0.05), "v3": (0.005, 0.01),
    "v4": (0.01, 0.01), "v5": (0.01, 0.01), "v6": (0.01, 0.01), "v7": (0.01, 0.01),
}  # fmt: skip


def preset(name: str, variant: str, auxiliary: bool = True, protocol: str = CORRECTED, **changes: Any) -> RunConfig:
    """A run with the settings of a preset.

    Parameters
    ----------
    name : {"report", "best"}
        The report's figures for the variant, or the recipe that goes past it.
    variant : str
        A key of `VARIANTS`.
    auxiliary : bool
        With the digits' losses at weight 1; the base model has none.
    protocol : {"corrected", "as published"}
    **changes
        Fields of `RunConfig` that differ from the preset.

    Raises
    ------
    ConfigError
        If there is no such preset, or a field is wrong.
    """
    if name not in PRESETS:
        raise ConfigError(f"There is no preset {name!r}: choose one of {', '.join(PRESETS)}.")
    auxiliary = auxiliary and variant in VARIANTS and VARIANTS[variant].siamese
    fields: dict[str, Any] = {"variant": variant, "auxiliary_weight": float(auxiliary), "protocol": protocol}
    if name == "best":
        fields |= {
            "optimiser": "adamw", "schedule": "one-cycle", "learning_rate": 0.006, "weight_decay": 0.02,
            "epochs": 160, "batch_size": 32, "validation_pairs": 0, "shuffle": "digits",
            "dropout_flat": 0.0, "dropout_encoding": 0.1,
            "label_smoothing": 0.0 if variant == "v5" else 0.05,  # v5's learned head needs softmaxes that are certain
            "augmentation": Augmentation() if auxiliary else Augmentation(flags=0.0),  # a flag tells ones
        }  # fmt: skip
    else:
        rate, decay = REPORT_RATES.get(variant if auxiliary else None, REPORT_RATES[None])
        fields |= {"learning_rate": rate, "weight_decay": decay}
    if protocol == PUBLISHED:
        fields["validation_pairs"] = 0
    return RunConfig(**(fields | changes))
