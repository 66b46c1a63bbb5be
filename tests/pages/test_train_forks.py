"""A run that rests gets another future on the Train page, with a stand-in for the engine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.shared import launches
from pairdigits.config import Fork, RunConfig
from pairdigits.fields import NUMBERS
from tests.pages.app import said
from tests.pages.stand_in import record
from tests.pages.test_train_page import opened


def test_a_run_that_rests_is_forked_and_both_futures_are_compared(site):
    store, engine = site
    parent = RunConfig(variant="v4", epochs=3)
    id = store.add(parent)
    store.append(id, 1, [record(1), record(2), record(3)])
    store.rest(id, "paused")
    page = opened(runs=str(id))
    slot = f"train.fork.{parent.key}.3"
    page.selectbox(key=f"{slot}.variant").set_value("v5")
    page.number_input(key=f"{slot}.epochs").set_value(5)
    page.button(key=f"{slot}.start").click().run()
    (config,) = engine.configs
    assert config == replace(parent, variant="v5", epochs=5, fork=Fork(parent, 3))
    forked = store.runs()[-1]
    assert (forked.parent, forked.parent_epoch) == (parent.key, 3)
    assert page.query_params["runs"] == f"{id},{forked.id}"

    longer = replace(parent, epochs=5)
    other = store.add(longer)
    store.append(other, 1, [record(i) for i in range(1, 6)])
    child = store.add(replace(longer, learning_rate=0.002, fork=Fork(longer, 2)))
    store.append(child, 1, [record(i) for i in range(1, 5)])
    for each in (other, child):
        store.rest(each, "paused")
    page = opened(runs=f"{other},{child}")
    told = next(element.value for element in page.markdown if "are one" in element.value)
    assert f"Up to epoch 2 runs {other} and {child} are one; then learning rate 0.002. After epoch 4" in told


def test_after_the_last_epoch_that_a_run_may_have_there_is_no_fork(site):
    store, _ = site
    longest = RunConfig(variant="v4", epochs=int(NUMBERS["epochs"].high))
    id = store.add(longest)
    store.append(id, 1, [record(epoch) for epoch in range(1, longest.epochs + 1)])
    store.rest(id, "paused")
    page = opened(runs=str(id))
    assert not page.error and not [one for one in page.button if one.label == "Train this future"]
    assert any("Epoch 1,000 is the last that a run may have" in one.value for one in page.caption)


def resting(store, config, count):
    id = store.add(config)
    store.append(id, 1, [record(epoch) for epoch in range(1, count + 1)])
    store.rest(id, "paused")
    return id


def test_a_fork_from_a_runs_last_epoch_is_set_against_its_last_figure(site):
    store, _ = site
    parent = RunConfig(variant="v4", epochs=3)
    child = replace(parent, epochs=6, learning_rate=0.002, fork=Fork(parent, 3))
    ids = [resting(store, parent, 3), resting(store, child, 5)]
    page = opened(runs=",".join(map(str, ids)))
    (told,) = [element.value for element in page.markdown if "goes on from there" in element.value]
    assert f"Run {ids[0]} comes to epoch 3 and no further" in told and "2 epochs on it compares" in told
    assert "cannot be told apart" in told and "all that can have made the difference" not in told
    longer = resting(store, replace(parent, epochs=5, fork=Fork(parent, 3)), 5)
    page = opened(runs=f"{ids[0]},{longer}")
    (told,) = [element.value for element in page.markdown if "goes on from there" in element.value]
    assert "what longer training brought" in told and "cannot be told apart" not in told
    page = opened(runs=str(ids[0]))
    assert any("only its last figure to compare with" in one.value for one in page.caption)


def test_the_form_says_what_is_trained_again_and_for_how_long(site):
    store, _ = site
    parent = RunConfig(variant="v4", epochs=5)
    id = store.add(parent)
    records = [replace(record(epoch), seconds=2.0) for epoch in range(1, 5)]
    store.append(id, 1, records[:2], snapshot=b"state")
    store.append(id, 1, records[2:])
    store.rest(id, "paused")
    for epoch, words in (
        (1, "No earlier state of the run is kept: epochs 1 to 1 are trained again, about 2.0 s"),
        (2, "state after epoch 2 is kept: the fork starts from there, nothing is trained again."),
        (3, "state after epoch 2 is kept, and epoch 3 is trained again, about 2.0 s"),
        (4, "state after epoch 2 is kept, and epochs 3 to 4 are trained again, about 4.0 s"),
    ):
        page = opened(runs=str(id), epoch=str(epoch))
        assert any(words.replace("epochs 1 to 1 are", "epoch 1 is") in one.value for one in page.caption), words


def test_a_link_opens_the_epoch_and_the_fork_as_it_was_chosen(site):
    store, engine = site
    parent = RunConfig(variant="v4", epochs=4)
    id = resting(store, parent, 4)
    address = {
        "runs": str(id), "epoch": "2", "fork.variant": "v5", "fork.shared": "false", "fork.auxiliary_weight": "0.5",
        "fork.learning_rate": "0.002", "fork.epochs": "7",
    }  # fmt: skip
    page = opened(**address)
    slot = f"train.fork.{parent.key}.2"
    assert page.slider(key=f"train.scrub.{id}.4").value == 2 and page.session_state[f"{slot}.open"]
    assert {name: page.query_params[name] for name in address} == address
    page.button(key=f"{slot}.start").click().run()
    (config,) = engine.configs
    assert config == replace(
        parent, variant="v5", shared=False, auxiliary_weight=0.5, learning_rate=0.002, epochs=7, fork=Fork(parent, 2)
    )
    assert not [name for name in page.query_params if name.startswith("fork.")]  # another run is looked at now

    page = opened(runs=str(id))
    page.slider(key=f"train.scrub.{id}.4").set_value(3).run()
    assert page.query_params["epoch"] == "3" and "fork.epochs" not in page.query_params


@pytest.mark.parametrize(
    ("name", "asked"),
    [("epoch", "9"), ("epoch", "x"), ("fork.variant", "base"), ("fork.variant", "v9"), ("fork.epochs", "2"),
     ("fork.epochs", "1001"), ("fork.learning_rate", "nan"), ("fork.shared", "maybe"), ("fork.auxiliary_weight", "11")],
)  # fmt: skip
def test_what_a_link_asks_of_a_fork_in_vain_is_said_once_and_the_usual_stands_there(site, name, asked):
    store, _ = site
    parent = RunConfig(variant="v4", epochs=4)
    id = resting(store, parent, 4)
    page = opened(**({"runs": str(id), "epoch": "3"} | {name: asked}))
    assert not page.exception
    assert [f"{name} = “{asked}”" in said(one) for one in page.warning] == [True]
    slot = f"train.fork.{parent.key}.{3 if name != 'epoch' else 4}"
    assert page.selectbox(key=f"{slot}.variant").value == "v4"
    assert page.number_input(key=f"{slot}.learning_rate").value == 0.01
    assert not page.run().warning


def test_near_the_last_epoch_of_all_a_fork_is_offered_as_far_as_one_can_train(site):
    store, _ = site
    parent = RunConfig(variant="v4", epochs=995)
    id = resting(store, parent, 995)
    page = opened(runs=str(id))
    assert not page.exception
    assert page.number_input(key=f"train.fork.{parent.key}.995.epochs").value == 1000


def test_a_forks_own_epochs_alone_are_chosen_from(site):
    store, _ = site
    parent = RunConfig(variant="v4", epochs=3)
    id = store.add(replace(parent, epochs=4, fork=Fork(parent, 2)))
    store.append(id, 1, [record(1), record(2)])
    assert launches.load(store, [id], {})[0].chosen_epoch is None
    store.append(id, 1, [record(3)])
    assert launches.load(store, [id], {})[0].chosen_epoch == 3
