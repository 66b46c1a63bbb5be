"""Adam and AdamW by torch's own fused step, without `torch.optim`.

The first optimiser that a process makes of `torch.optim` imports torch's compiler: 1 to 2 s in which a user waits for
the first epoch. The numbers, and the form of the state, are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

import torch
from torch import Tensor

# Torch keeps these to itself, but `torch.optim` too is made of them.
_fused_adam = torch._fused_adam_  # pyright: ignore[reportPrivateUsage, reportPrivateImportUsage]
_fused_adamw = torch._fused_adamw_  # pyright: ignore[reportPrivateUsage, reportPrivateImportUsage]
_add_to_each = torch._foreach_add_  # pyright: ignore[reportPrivateUsage, reportPrivateImportUsage]


class Group(TypedDict):
    """Parameters that are treated alike."""

    params: list[Tensor]
    lr: float
    weight_decay: float


class Adam:
    """Adam (Kingma and Ba, 2015), or AdamW (Loshchilov and Hutter, 2019) where the decay is `decoupled`.

    Parameters
    ----------
    groups : sequence of Group
        As for `torch.optim`.
    decoupled : bool
        Shrink the weights themselves, in place of adding them to the gradient (L2).

    Attributes
    ----------
    param_groups : list of Group
        The groups; what is changed in them counts from the next step on.
    state : dict of Tensor to dict
        By parameter, from its first step on: "step" (a scalar), "exp_avg" and "exp_avg_sq" (in its own shape).
    """

    BETAS, EPSILON = (0.9, 0.999), 1e-8

    def __init__(self, groups: Sequence[Group], decoupled: bool = False):
        self.param_groups: list[Group] = [{**group, "params": list(group["params"])} for group in groups]
        self._fused = _fused_adamw if decoupled else _fused_adam
        self.state: dict[Tensor, dict[str, Tensor]] = {}

    @property
    def _parameters(self) -> list[Tensor]:
        return [parameter for group in self.param_groups for parameter in group["params"]]

    def descend(self, loss: Tensor, rate: float) -> None:
        """One step down the gradient of a loss.

        Parameters
        ----------
        loss : Tensor, a scalar
        rate : float
            The learning rate of this step, for all groups.
        """
        for group in self.param_groups:
            group["lr"] = rate
        self.zero_grad()
        loss.backward()
        self.step()

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for parameter in self._parameters:
            parameter.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """Move every parameter that has a gradient."""
        for group in self.param_groups:
            moved = [parameter for parameter in group["params"] if parameter.grad is not None]
            states = [self.state_of(parameter) for parameter in moved]
            steps, means, squares = ([state[name] for state in states] for name in ("step", "exp_avg", "exp_avg_sq"))
            _add_to_each(steps, 1)
            self._fused(
                moved, [parameter.grad for parameter in moved if parameter.grad is not None], means, squares, [], steps,
                lr=group["lr"], beta1=self.BETAS[0], beta2=self.BETAS[1], weight_decay=group["weight_decay"],
                eps=self.EPSILON, amsgrad=False, maximize=False,
            )  # fmt: skip

    def state_of(self, parameter: Tensor) -> dict[str, Tensor]:
        """What is kept of a parameter, made if it is not there yet.

        Parameters
        ----------
        parameter : Tensor

        Returns
        -------
        dict of str to Tensor
            "step", how many it has taken; "exp_avg" and "exp_avg_sq", running means of its gradient and of the
            gradient's square, in the parameter's shape and type.
        """
        if parameter not in self.state:
            self.state[parameter] = {
                "step": torch.zeros((), device=parameter.device),
                "exp_avg": torch.zeros_like(parameter),
                "exp_avg_sq": torch.zeros_like(parameter),
            }
        return self.state[parameter]

    def state_dict(self) -> dict[str, Any]:
        """The state, by number of the parameter."""
        return {"state": {number: self.state[one] for number, one in enumerate(self._parameters) if one in self.state}}

    def load_state_dict(self, content: dict[str, Any]) -> None:
        """Take up what `state_dict` gave, or that of `torch.optim` did."""
        for number, parameter in enumerate(self._parameters):
            if number in content["state"]:
                values = content["state"][number].items()
                self.state[parameter] = {name: value.to(parameter.device) for name, value in values}
