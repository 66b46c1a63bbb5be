"""Tables from made-up rounds, so that every figure can be worked out by hand."""

from __future__ import annotations

import csv
import io
import math

import pytest

from pairdigits.estimates import PERCENT, Estimate
from pairdigits.records import Outcome
from pairdigits.report import choosing, comparisons, experiments, findings, results, rounds
from pairdigits.report.columns import COLUMNS
from pairdigits.report.conclusions import conclusion
from pairdigits.report.document import document
from pairdigits.report.experiments import EXPERIMENTS
from pairdigits.report.stored_rounds import Round
from pairdigits.report.tables import Table


def made_up(config, test=0.9, last=None, all_pairs=None, validation=None, wrong=None, curves=None):
    outcome = Outcome(3, validation, test, 0.95, all_pairs, last, 0.1, wrong or {"real": 2}, 1.5)
    return Round(config, outcome, [[0.5] * 10] * 10, curves)


def found_of(experiment, accuracy):
    """Rounds of those rows for which `accuracy(label, round)` is not None."""
    return {
        config.key: made_up(config, value, last=value - 0.01, all_pairs=value + 0.005)
        for label, number, config in experiment.configs()
        if (value := accuracy(label, number)) is not None
    }


def row_of(table: Table, **where):
    frame = table.frame
    for column, value in where.items():
        frame = frame[frame[column] == value]
    (row,) = frame.to_dict("records")
    return row


def test_an_estimate_has_students_interval():
    estimate = Estimate.of([1.0, 2.0, 3.0, None, math.nan])
    assert (estimate.mean, estimate.std, estimate.n) == (2.0, 1.0, 3)
    assert estimate.high - 2 == pytest.approx(4.302653 / math.sqrt(3)) == 2 - estimate.low
    assert Estimate.of([99.0, 100.0], PERCENT).high == 100  # no accuracy is higher
    one, none = Estimate.of([5.0]), Estimate.of([])
    assert one.mean == 5 and math.isnan(one.std) and math.isnan(one.low) and math.isnan(none.mean) and none.n == 0


def test_rounds_have_label_number_settings_and_scores_in_percent():
    experiment = EXPERIMENTS["as-published"]
    config = next(config for label, number, config in experiment.configs() if (label, number) == ("v5", 2))
    frame = rounds.rounds(experiment, {config.key: made_up(config, 0.955, wrong={"ideal": 3, "real": 1})})
    (row,) = frame.to_dict("records")
    assert (row["row"], row["round"], row["variant"], row["data_seed"]) == ("v5", 2, "v5", 2)
    assert row["test_accuracy"] == pytest.approx(95.5) and (row["wrong_ideal"], row["wrong_real"]) == (3, 1)
    assert rounds.rounds(experiment, {}).empty


def test_the_report_stands_beside_ours_with_differences():
    found = found_of(EXPERIMENTS["as-published"], lambda label, number: 0.95 + 0.01 * number if number < 3 else None)
    row = row_of(results.table_two(found), Model="Siamese v5")
    assert (row["Published"], row["As published"].n, row["Corrected"].n) == (95.5, 3, 0)
    assert row["As published"].mean == pytest.approx(96) and row["As published"].std == pytest.approx(1)
    assert row["Difference, as published"] == pytest.approx(0.5) and math.isnan(row["Difference, corrected"])
    assert row["As published, all pairs"].mean == pytest.approx(96.5)
    assert results.table_two(found).frame["Model"].tolist()[0] == "Siamese v4"  # the report's order
    assert "Of the 340 runs of “as-published” 51 have finished so far." in results.table_two(found).note
    assert row_of(results.table_three(found), Model="Siamese v6")["Published"].std == 0.8


def test_table_one_takes_the_best_model_without_auxiliary_loss_and_says_so():
    accuracies = {"v1 alone 0.01": 0.85, "v2 alone 0.005": 0.88, "v3 alone 0.001": 0.86, "base": 0.8}
    table = results.table_one(found_of(EXPERIMENTS["as-published"], lambda label, number: accuracies.get(label)))
    assert table.frame["Model"].tolist() == [
        "Base",
        "Siamese (v2, learning rate 0.005)",
        "Siamese with auxiliary loss (v5)",
    ]
    assert table.frame["As published"][1].mean == pytest.approx(88) and "this is v2 with 0.005, the best" in table.note
    assert results.best_alone({}) == "v1 alone 0.01"


def test_effects_are_differences_of_rounds_with_the_same_seeds():
    gain = {"v1 shared alone": 0.03, "v1 separate alone": 0.0}
    found = found_of(
        EXPERIMENTS["factorial"],
        lambda label, number: None if label not in gain or (label, number) == ("v1 shared alone", 4) else
        0.8 + 0.02 * (number % 3) + gain[label] + (0.01 if (label, number) == ("v1 shared alone", 0) else 0),
    )  # fmt: skip
    row = row_of(findings.effects(found), Factor="Weight sharing", Model="Siamese v1", With="no auxiliary loss")
    difference = row["Difference, 1000 pairs"]
    assert difference.n == 19  # round 4 has no partner
    assert difference.mean == pytest.approx(3 + 1 / 19)
    assert difference.std == pytest.approx(1 / math.sqrt(19))  # not that of the rounds themselves
    other = row_of(findings.effects(found), Factor="Auxiliary loss", Model="Siamese v5", With="shared towers")
    assert other["Difference, 1000 pairs"].n == 0


def test_many_pairs_are_compared_round_by_round():
    gain = {"v1 shared auxiliary 3000": -0.01, "v1 shared 3000": 0.0}
    found = found_of(
        EXPERIMENTS["many-pairs"],
        lambda label, number: 0.9 + 0.01 * (number % 4) + gain[label] if label in gain and number < 6 else None,
    )
    row = row_of(comparisons.many_pairs(found), **{"Training pairs": 3000})
    assert row["With auxiliary loss, 1000 pairs"].mean == pytest.approx(90 + 7 / 6 - 1)
    for measure in ("1000 pairs", "all pairs"):
        difference = row[f"Difference, {measure}"]
        assert (difference.mean, difference.std, difference.n) == pytest.approx((-1, 0, 6))
    assert not row_of(comparisons.many_pairs(found), **{"Training pairs": 10_000})["Difference, all pairs"].known


def test_a_learned_temperature_stands_between_v5_and_v4():
    known = found_of(EXPERIMENTS["corrected"], lambda label, number: {"v5": 0.95, "v4": 0.97}.get(label))
    new = found_of(EXPERIMENTS["temperature-corrected"], lambda label, number: 0.96 if number < 3 else None)
    row = row_of(comparisons.temperature(known | new), Setting="corrected")
    assert (row["Temperature 1"].mean, row["Learned"].mean, row["Temperature 1"].n) == pytest.approx((95.5, 96.5, 20))
    learned, certain = row["Difference, learned"], row["Difference, v4"]
    assert (learned.mean, learned.n, certain.mean, certain.n) == pytest.approx((1, 3, 2, 20))


@pytest.mark.parametrize("name", findings.SWEPT)
def test_sweeps_change_one_setting_only(name):
    experiment, (_, value) = EXPERIMENTS[name], findings.SWEPT[name]
    models = {label.rpartition(" ")[0] for label in experiment.rows}
    for model in models:
        rows = [config for label, config in experiment.rows.items() if label.rpartition(" ")[0] == model]
        fields = [config.to_dict() for config in rows]
        changed = {field for one in fields for field in one if one[field] != fields[0][field]}
        # A fifth of the pairs is held out, and no labels are no auxiliary loss.
        assert len(changed - {"validation_pairs"}) == 1 or changed == {"labelled", "auxiliary_weight"}
        assert len({value(config) for config in rows}) == len(rows)


def test_dropout_in_every_epoch_is_compared_round_by_round_with_the_first_only():
    found = {}
    for name, curve in {"as-published": [0.5, 0.6], "dropout": [0.7, 0.65]}.items():
        assert not conclusion(comparisons.dropout(found)), "nothing to compare with yet"
        configs = [config for label, _, config in EXPERIMENTS[name].configs() if label == "v5"][:2]
        found |= {one.key: made_up(one, max(curve), curves={"test_accuracy": curve}) for one in configs}
    lift = row_of(comparisons.dropout(found), Model="Siamese v5")["Difference, dropout in every epoch"]
    assert lift.n == 2 and lift.mean == pytest.approx(10)
    assert "adds +10.0 points (paired rounds, n = 2)" in conclusion(comparisons.dropout(found))


def test_every_effect_changes_one_factor_only():
    rows = EXPERIMENTS["factorial"].rows
    for effect in findings.EFFECTS:
        with_it, without = rows[effect.with_it].to_dict(), rows[effect.without].to_dict()
        changed = {name for name in with_it if with_it[name] != without[name]} - {"learning_rate"}
        assert changed == {"shared" if effect.factor == "Weight sharing" else "auxiliary_weight"}


def test_the_grid_is_decided_on_validation_pairs():
    found = {}
    for number, (_, _, config) in enumerate(experiments.grid("v5").configs()):
        validation, test = {3: (0.99, 0.95), 7: (0.90, 0.97)}.get(number, (0.8, 0.8))
        found[config.key] = made_up(config, test, validation=validation, all_pairs=test)
    cells = findings.grid_cells("v5", found)
    assert len(cells) == 20 and cells["chosen"].sum() == cells["best_on_test"].sum() == 1
    row = row_of(findings.grid(found), Model="Siamese v5")
    assert (row["Validation"], row["Test"], row["Claimed"]) == pytest.approx((99, 95, 97))
    assert row["Difference, claimed"] == pytest.approx(2) and row["Cells"] == 20
    assert findings.grid_cells("v6", found).empty

    again = next(config for _, number, config in experiments.grid("v5", 2).configs() if number == 1)
    found[again.key] = made_up(again, 0.5, validation=0.5, all_pairs=0.5)  # of one cell only: another measure
    assert findings.grid_cells("v5", found).equals(cells)


def test_optimism_is_highest_minus_last():
    table = choosing.optimism(found_of(EXPERIMENTS["as-published"], lambda label, number: 0.9))
    assert [one.mean for one in table.frame["Difference, highest and last"]] == pytest.approx([1.0] * len(table.frame))
    assert not table.frame[["Model", "Auxiliary loss", "Learning rate"]].duplicated().any()


def test_choosing_an_epoch_is_split_into_honest_gain_and_flattery():
    scores = [  # validation and test accuracies by epoch
        {"validation_accuracy": [0.7, 0.9, 0.9, 0.8], "test_accuracy": [0.80, 0.92, 0.95, 0.90]},  # the first best: 92
        {"validation_accuracy": [0.9, 0.7, 0.6, 0.5], "test_accuracy": [0.88, 0.90, 0.93, 0.90]},
    ]
    configs = [config for label, _, config in EXPERIMENTS["choosing"].configs() if label == "v5"]
    found = {
        config.key: made_up(config, max(curves["test_accuracy"]), last=0.90, all_pairs=0.91, curves=curves)
        for config, curves in zip(configs, scores, strict=False)
    }
    split = choosing.choosing("v5", found)
    levels = [split.last.mean, split.validated.mean, split.claimed.mean, split.true.mean]
    assert levels == pytest.approx([90, 90, 94, 91])
    assert split.honest.mean == pytest.approx(0) and split.honest.std == pytest.approx(math.sqrt(8))
    assert split.flattery.mean == pytest.approx(3) and split.flattery.n == 2
    published = choosing.choosing("v5", found_of(EXPERIMENTS["as-published"], lambda *_: 0.9), "as-published")
    assert published.validated.n == 0 and published.claimed.n == 20


def test_curves_and_probes_of_a_row():
    experiment = EXPERIMENTS["as-published"]
    configs = [config for label, _, config in experiment.configs() if label == "v2"][:2]
    found = {config.key: made_up(config, curves={"test_accuracy": [0.5, None]}) for config in configs}
    tables = rounds.curves(experiment, "v2", found)
    assert [table["epoch"].tolist() for table in tables] == [[1, 2], [1, 2]]
    assert [probe.shape for probe in rounds.probes(experiment, "v2", found)] == [(10, 10)] * 2


@pytest.fixture
def table():
    found = found_of(EXPERIMENTS["as-published"], lambda label, number: 0.95 if number < 2 else None)
    return results.table_one(found)


def test_markdown_is_compact_and_carries_its_protocol(table):
    lines = table.to_markdown().splitlines()
    assert lines[0].startswith("**Table I") and lines[2].startswith("| Model | Published | As published |")
    assert "95.00 ± 0.00 (n = 2)" in lines[4] and "+12.60" in lines[4] and lines[4].count("|") == lines[2].count("|")
    assert "highest test accuracy over the epochs" in table.to_markdown()


def test_latex_is_escaped(table):
    text = table.to_latex()
    assert r"95.00 $\pm$ 0.00 (n = 2)" in text and r"\label{tab:table-1}" in text and text.isascii()
    assert text.count(r"\\") == 4


def test_csv_has_every_column(table):
    rows = list(csv.DictReader(io.StringIO(table.to_csv())))
    assert len(rows) == 3 and float(rows[0]["Published"]) == 82.4 and rows[0]["Corrected"] == ""
    assert float(rows[0]["As published n"]) == 2


@pytest.mark.parametrize("found", [{}, None], ids=["nothing", "committed"])
def test_every_table_can_be_made_of_whatever_there_is(found):
    tables = results.tables(found)
    assert len({table.name for table in tables}) == len(tables)
    assert all(table.note and len(table.frame) and table.to_latex().isascii() for table in tables)
    assert document(found).count("**Table I") == 3
    assert all(column in COLUMNS for table in tables for column in table.frame)
