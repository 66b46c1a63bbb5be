"""Our Adam against torch's, and what it is for."""

from __future__ import annotations

import subprocess
import sys
from copy import deepcopy

import pytest
import torch

from pairdigits.optimiser import Adam, Group


@pytest.mark.parametrize(("ours", "theirs"), [(False, torch.optim.Adam), (True, torch.optim.AdamW)])
def test_steps_are_torchs_own_and_state_travels_both_ways(ours, theirs):
    torch.manual_seed(0)
    start, gradients = torch.randn(5, 3), torch.randn(6, 5, 3)
    mine, its, never = (start.clone().requires_grad_() for _ in range(3))

    def groups(parameter: torch.Tensor) -> list[Group]:
        return [{"params": [parameter, never], "lr": 0.1, "weight_decay": 0.3}]

    adam, reference = Adam(groups(mine), decoupled=ours), theirs(groups(its), fused=True)
    for number, gradient in enumerate(gradients):
        if number == 3:  # a run that an older version left goes on
            adam = Adam(groups(mine), decoupled=ours)
            adam.load_state_dict(deepcopy(reference.state_dict()))
        for optimiser, parameter in ((adam, mine), (reference, its)):
            optimiser.param_groups[0]["lr"] = 0.1 / (number + 1)
            optimiser.zero_grad()
            parameter.grad = gradient.clone()
            optimiser.step()
        assert torch.equal(mine, its)
    assert torch.equal(never, start) and adam.state_dict()["state"][0]["step"] == 6


def test_training_does_not_import_torchs_compiler():
    code = (
        "import sys; from pairdigits.training import Training; from pairdigits.config import RunConfig\n"
        "list(Training(RunConfig(epochs=1, train_pairs=20, validation_pairs=10, test_pairs=10)))\n"
        "sys.exit('torch._dynamo' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
