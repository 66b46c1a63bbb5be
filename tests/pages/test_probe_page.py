"""The Probe page without a browser, and the pure parts behind it."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from dashboard.probe import blame, cell_html, probed_models, selection
from dashboard.probe.arithmetic import Comparison, steps
from dashboard.probe.probed_models import Subject
from dashboard.shared import address
from pairdigits.checkpoints import CheckpointError
from pairdigits.models import VARIANTS, build
from pairdigits.probe import Blame
from pairdigits.towers import TowerOutput
from pairdigits.watching import probe_test_digits
from tests.pages.app import open_app
from tests.pages.app import said as words


@pytest.fixture
def page(tmp_path, monkeypatch):
    """A function from the address' parameters to the page."""
    monkeypatch.setenv("PAIRDIGITS_DATABASE", str(tmp_path / "runs.db"))

    def opened(**parameters) -> AppTest:
        return open_app("probe", **parameters)

    return opened


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption, *app.header, *app.subheader))


def test_a_deep_link_opens_its_cell(page):
    app = page(variant="v5", strength="7.5", a="3", b="8", mode="Probability")
    assert not app.exception and not app.error and not app.warning
    assert "The cell says **3" in said(app) and "Real test pairs of 3 and 8" in said(app)
    assert app.slider[0].value == 7.5 and "Siamese v5:" in said(app)
    assert "Given an ideal signal of strength 7.5 for each digit" in said(app)
    assert app.query_params["b"] == "8"


def test_it_opens_on_a_wrong_cell_and_tells_the_story_after_the_boards(page):
    app = page()
    assert ":material/close: **wrong**" in said(app)
    order = [element.value for element in (*app.header, *app.subheader)]
    assert order[0].startswith("Siamese v1") and "What the boards show" in order
    fair = np.full((10, 10), 0.9)
    assert selection.worst_cell(np.where(np.tri(10, k=-1), 0.2, fair)) == (1, 0)  # none is wrong: the least certain
    fair[7, 2] = 0.95
    assert selection.worst_cell(fair) == (7, 2)


def test_the_cell_follows_the_model_until_the_visitor_chooses_one(page):
    app = page()
    for model in ("v5", "v6"):
        app.segmented_control(key="variant").set_value(model).run()
        probe = probed_models.probe(Subject(model, "report", model), "ideal", 10.0)
        worst = selection.worst_cell(probe.probability.numpy())
        assert (app.pills(key="a").value, app.pills(key="b").value) == worst
    app.pills(key="a").set_value(0).run()
    app.segmented_control(key="variant").set_value("v1").run()
    assert not app.exception and (app.pills(key="a").value, app.pills(key="b").value) == (0, worst[1])


def test_the_arithmetic_of_real_pairs_is_that_of_the_pair_it_names(page):
    app = page(kind="Real pairs", a="5", b="2")
    found = probed_models.behind(Subject("v1", "report", "v1"), 5, 2)
    first, second = found.indices[0]
    assert f"the first pair above, test digits number {first} and {second}" in said(app)
    assert f"= {found.probability[0]:.4f}$" in said(app)  # what its card says too


def test_blame_is_a_switch_of_its_own(page):
    app = page()
    assert "last layer is to blame" not in said(app)
    app.toggle(key="probe.blame").set_value(True).run()
    assert not app.exception and "last layer is to blame" in said(app)
    text = blame.sentence({"v1": Blame(100, 9, 1), "v5": Blame(100, 1, 3)})
    assert text == "**v1**'s last layer is to blame for 90% of its wrong verdicts, **v5**'s for 25%."
    assert not blame.sentence({})  # v4 and v7 alone have no last layer
    bars = blame.chart({"v1": Blame(100, 9, 1)}).data
    assert [bar.x for bar in bars] == [(9,), (1,)]


def test_an_address_that_makes_no_sense_is_told_so_and_the_page_stands(page):
    app = page(variant="v9", a="12", strength="much")
    asked = [words(warning).removeprefix("The address asks for ").split(",")[0] for warning in app.warning]
    assert sorted(asked) == ["a = “12”", "strength = “much”", "variant = “v9”"]
    assert not app.exception and "Siamese v1:" in said(app)


def test_a_model_without_the_kind_that_is_chosen_leaves_the_focus(page):
    app = page(kind="Typical digit", variant="v2")
    assert "Siamese v2:" in said(app)
    app.segmented_control(key="kind").set_value("ideal").run()
    assert not app.exception and app.segmented_control(key="variant").value == "v1" and "Siamese v1:" in said(app)


def test_a_run_that_has_no_model_is_named(page):
    with pytest.raises(
        CheckpointError, match=r"^Run 99999 has no model: it has not finished, or it has been deleted\.$"
    ):
        probed_models.checkpoint(Subject("run", "run 99999", "v1"))


def test_where_a_kind_does_not_apply_the_page_says_why(page):
    app = page()
    assert "There is no such probe of Base, Siamese v2, Siamese v3: an ideal signal is ten values" in said(app)
    assert said(app).count("no such probe") == 1
    app = page(kind="Real pairs", variant="base")
    assert "Base:" in said(app) and "no such probe" not in said(app)
    assert "no last layer that compares two digits" in app.info[0].value


def test_v4_compares_the_two_largest_logits_before_the_visitors_eyes(page):
    app = page(variant="v4", strength="3", a="5", b="2")
    assert not app.exception
    told = "The largest of the first ten logits is that of **5** (3.0000), of the second ten that of **2** (3.0000). "
    assert f"{told}5 ≤ 2 is false, and that is the verdict" in said(app)
    app.pills(key="b").set_value(5).run()
    assert "5 ≤ 5 is true, and that is the verdict" in said(app)


def test_v7s_products_stand_in_a_table_and_those_that_are_summed_are_marked(page):
    app = page(variant="v7", strength="3", a="5", b="2")
    assert not app.exception
    left, right = (np.exp(3.0 * np.eye(10)[digit]) / (np.exp(3.0) + 9) for digit in (5, 2))
    (table,) = (html for one in app.get("html") if "<th>q0 =" in (html := one.proto.body))
    cells = re.findall(r"<td( class=part)?>(\d\.\d+)</td>", table)
    assert [number for _, number in cells] == [f"{value:.3f}" for value in np.outer(left, right).flat]
    assert [bool(mark) for mark, _ in cells] == [i <= j for i in range(10) for j in range(10)]
    assert f"second}}) = {sum(left[i] * right[i:].sum() for i in range(10)):.4f}$" in said(app)


def test_numbers_of_the_hand_set_layer_stay_in_the_address_until_the_visitor_goes_back(page, monkeypatch):
    numbers = "_".join(["0.5"] * 20 + ["-1"])
    app = page(numbers=numbers)
    assert not app.exception and not app.warning
    del app.query_params["numbers"]
    assert app.run().query_params["numbers"] == numbers  # another page's link brought the visitor here
    del app.query_params["numbers"]
    monkeypatch.setattr(address, "went_back", lambda: True)
    assert "numbers" not in app.run().query_params
    monkeypatch.undo()
    assert "numbers" not in app.run().query_params  # they are forgotten


@pytest.mark.parametrize("asked", ["1_2", "_".join(["0"] * 20 + ["101"])])
def test_numbers_that_are_no_last_layer_are_not_taken(page, asked):
    app = page(numbers=asked)
    (warning,) = app.warning
    assert not app.exception and words(warning).startswith(f"The address asks for numbers = “{asked[:30]}”")


def outputs():
    generator = torch.Generator().manual_seed(0)
    return [TowerOutput(torch.rand(50, generator=generator), torch.randn(10, generator=generator)) for _ in range(2)]


@pytest.mark.parametrize("variant", [name for name, row in VARIANTS.items() if row.siamese])
def test_the_arithmetic_is_that_of_the_head(variant):
    model, (left, right) = build(variant), outputs()
    expected = model.compare(left, right).detach()
    last = steps(model, left, right)[-1]
    if isinstance(last, Comparison):
        assert last.probability == pytest.approx(expected.softmax(-1)[1].item(), abs=1e-6)
    else:
        assert last.sums == pytest.approx(expected.numpy(), abs=1e-5)
        assert last.sums == pytest.approx(last.inputs @ last.weights + last.bias)


def test_both_layers_of_v6_hang_together():
    model = build("v6")
    hidden, output = steps(model, *outputs())
    assert output.inputs == pytest.approx(np.where(hidden.sums > 0, hidden.sums, 0.01 * hidden.sums), abs=1e-5)


def test_the_table_of_a_sum_can_be_checked_by_hand():
    layer = steps(build("v2"), *outputs())[0]
    table = cell_html.weighted_sum(layer, (0, 1), rows=12)
    rows = [re.findall(r"<td>(.*?)</td>", line) for line in table.split("<tr")[1:]]
    products = [float(row[3]) for row in rows if len(row) == 6 and row[0] != "sum"]
    assert "88 smaller ones" in table and len(products) == 12 + 2
    assert sum(products) == pytest.approx(layer.sums[0], abs=1e-3)


def test_pairs_behind_a_cell_are_real_and_the_wrong_ones_come_first():
    subject = Subject("v1", "report", "v1")
    found = probed_models.behind(subject, 5, 2)
    labels = probed_models.state.mnist().test.labels.numpy()
    assert (labels[found.indices] == [5, 2]).all()
    assert len(np.unique(found.indices)) == found.indices.size  # no digit twice
    wrong = found.wrong.tolist()
    assert wrong == sorted(wrong, reverse=True) and (found.wrong == (found.probability > 0.5)).all()
    assert found.digits.sum(-1) == pytest.approx(1, abs=1e-5) and found.images(0).shape == (2, 14, 14)
    same = probed_models.behind(subject, 3, 3)
    assert len(np.unique(same.indices)) == same.indices.size and (labels[same.indices] == 3).all()


@pytest.mark.parametrize("kind", ["ideal", "typical"])
def test_the_page_probes_as_the_core_does(kind):
    subject = Subject("v1", "report", "v1")
    found = probed_models.checkpoint(subject)
    mnist = probed_models.state.mnist()
    expected = probe_test_digits(found.model, mnist, found.normalisation, real=False)[kind]
    shown = probed_models.probe(subject, kind, 10.0)
    torch.testing.assert_close(shown.probability, expected.probability, atol=1e-5, rtol=0)
    inputs = probed_models.cell_inputs(subject, kind, 10.0, 5, 2)
    (layer,) = steps(found.model, *inputs)
    assert 1 / (1 + np.exp(layer.sums[0] - layer.sums[1])) == pytest.approx(shown.probability[5, 2].item(), abs=1e-5)


def test_a_card_says_right_or_wrong_in_words():
    images, digits = np.zeros((2, 14, 14)), np.eye(10)[[5, 2]]
    wrong = cell_html.pairs([cell_html.pair_card(images, (5, 2), 0.9, digits)])
    assert "✗ wrong" in wrong and "says 5 ≤ 2" in wrong and 'aria-label="Read as 5: 100%"' in wrong
    right = cell_html.pairs([cell_html.pair_card(images, (5, 2), 0.1, None)])
    assert "✓ right" in right and "says 5 &gt; 2" in right and "bars" not in right


def test_a_more_certain_softmax_brings_v5_to_its_argmax(page):
    app = page()
    plain, argmax = (metric.value for metric in app.metric[-2:])
    app.select_slider(key="probe.certain_factor").set_value(16).run()
    certain, again = (metric.value for metric in app.metric[-2:])
    assert again == argmax and abs(float(certain[:-1]) - float(argmax[:-1])) < 0.05 and plain != certain
