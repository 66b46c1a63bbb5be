"""Readers of the figures on Weight sharing and Auxiliary losses, see `printed_figures`."""

from __future__ import annotations

from pairdigits.choices import CORRECTED
from pairdigits.report.experiments import EXPERIMENTS
from tests.pages.printed_figures import Found, Name, Text, settings
from tests.pages.read_results import ESTIMATE, estimated, many_pairs, repairs


def weight(text: Text) -> Found:
    variant, n = text.of(r"Siamese (v\d), the report's settings .* up to n = (\d+) rounds")
    rate, none, little, few, best, many = text.of(
        r"learning rate # class accuracy goes from #% .* to #% at w = #; the highest mean of the sweep is #% at w = #\."
    )
    assert float(rate) == EXPERIMENTS["weights"].rows[f"{variant} 1"].learning_rate
    shown, gain, digits = text.of(r"Class accuracy at w = 1: #% # points beside w = 0\nDigit accuracy at w = 1: #%")
    for row, measure, figure in (
        ("0", "test_accuracy", none), (few, "test_accuracy", little), (many, "test_accuracy", best),
        ("1", "test_accuracy", shown), ("1", "test_digit_accuracy", digits), ("1", "gain over no labels", gain),
    ):  # fmt: skip
        yield Name(settings("weights", f"{variant} {row}"), measure, int(n)), figure


def labels(text: Text) -> Found:
    rate, n, sentence = text.of(r"At learning rate #, n = (\d+): (.*)")
    assert float(rate) == EXPERIMENTS["labels"].rows["v1 0"].learning_rate
    if "without a label" in sentence:
        yield from labelled(text, int(n))
    elif "every second label wrong" in sentence:
        for variant, points in text.all(r"(v\d) loses # points"):
            yield Name((variant, "half of the labels wrong", CORRECTED, rate), "lost", int(n)), points
        for variant, none in text.all(r"(v\d) \(#%\)"):
            yield Name(settings("labels", f"{variant} 0"), "test_accuracy", int(n)), none
    elif "first 5 epochs only" in sentence:
        for variant, early, late in text.all(r"(v\d) #% \(to the end: #%\)"):
            yield Name(settings("auxiliary-until", f"{variant} 5"), "test_accuracy", int(n)), early
            yield Name(settings("auxiliary-until", f"{variant} 40"), "test_accuracy", int(n)), late
        first, least, most = text.of(r"labels of the first # of 40 epochs bring #% to #% of the points")
        for measure, figure in (("least", least), ("most", most)):
            yield Name(("labels until", first, CORRECTED, rate), f"{measure} of the points", int(n)), figure
    else:
        for variant, left, both in text.all(r"(v\d) #% \(both: #%\)"):
            yield Name(settings("one-side", f"{variant} left"), "test_accuracy", int(n)), left
            yield Name(settings("one-side", f"{variant} both"), "test_accuracy", int(n)), both


def labelled(text: Text, n: int) -> Found:
    shares = {"0": "0", "20": "0.0125", "160": "0.1", "1,600": "1"}
    for variant, *means in text.all(r"(v\d) #% without a label, #% with 20, #% with 160, #% with all 1,600"):
        for share, figure in zip(shares.values(), means, strict=True):
            yield Name(settings("labels", f"{variant} {share}"), "test_accuracy", n), figure
    text.of(r"with (20), .* with (160), .* with all (1,600);.*\. (20) labels can be worse .* v5 with (80),")  # counts
    text.all(r"with (20),|with (160),|with all (1,600)[;.]")
    *ends, m = text.of(r"go from # to #% in v1, # to #% in v5, # to #% in v7 \(n = (\d+),")
    for place, figure in enumerate(ends):
        variant, share = ("v1", "v5", "v7")[place // 2], place % 2
        yield Name(settings("labels", f"{variant} {share}"), "read-out", int(m)), figure
    for variant, angle in zip(("v1", "v5", "v7"), text.of(r"at #° in v1, #° in v5, #° in v7"), strict=True):
        yield Name(settings("labels", f"{variant} 1"), "angle", int(m)), angle
    text.of(r"#° do not interfere")  # a right angle


def read_out(text: Text) -> Found:
    (n,) = text.of(r"over n = (\d+) rounds")
    pixels, untrained, alone, gain, auxiliary, pairs, m = text.of(
        r"names \*\*#%\*\* from bare .* \*\*#%\*\* from .* encodings to \*\*#%\*\*, # points .* losses to \*\*#%\*\*.* "
        r"compare #% of test pairs rightly \(n = (\d+)\)"
    )
    yield Name(("196 pixels",), "read-out", int(n)), pixels
    yield Name(("v1", "untrained"), "read-out", int(n)), untrained
    yield Name(("v1", "untrained"), "read-out, gain by comparisons", int(n)), gain
    yield Name(settings("factorial", "v1 shared alone"), "read-out", int(n)), alone
    yield Name(settings("factorial", "v1 shared auxiliary"), "read-out", int(n)), auxiliary
    yield Name(settings("factorial", "v1 shared alone"), "test_accuracy", int(m)), pairs


def encoding_map(text: Text) -> Found:
    epoch, *between = text.of(r"After epoch #, #% of the variance .* losses, and #% without them")
    rates = text.of(r"learning rate # with the auxiliary losses, # without")
    maps = text.all(r"The plane shows #% of the variance; digits apart #; test pairs #%")
    shares = [f"0.{share}" for share in between]
    for rate, share, (explained, apart, accuracy) in zip(rates, shares, maps, strict=True):
        run = (f"map at {rate}", accuracy, epoch)  # one run each, of a model that the visitor chose
        for measure, figure in (("apart", share), ("apart", apart), ("explained", explained), ("test", accuracy)):
            yield Name(run, measure, 1), figure


def failure(text: Text) -> Found:
    v5, low, high, n, below, level = text.of(r"mean \*\*#%\*\*, from #% to #% over (\d+) rounds, # of them below #%")
    worse, of, v1, helped = text.of(
        r"In # of # rounds it is behind v1 alone \(mean #%\). With the auxiliary losses: #%"
    )
    for row, figure in {"v5 shared alone": v5, "v1 shared alone": v1, "v5 shared auxiliary": helped}.items():
        yield Name(settings("factorial", row), "test_accuracy", int(n)), figure
    for measure, figure in (
        ("lowest", low), ("highest", high), (f"rounds below {level}", below), (f"behind v1 of {of}", worse),
    ):  # fmt: skip
        yield Name(settings("factorial", "v5 shared alone"), measure, int(n)), figure
    before, recipe, m, v7, k = text.of(r"v5 from #% to \*\*#%\*\* \(n = (\d+)\).* gets \*\*#%\*\* \(n = (\d+)\)")
    yield Name(settings("factorial", "v5 shared alone"), "test_accuracy", int(n)), before
    yield Name(settings("unnamed", "v5"), "test_accuracy", int(m)), recipe
    yield Name(settings("unnamed", "v7"), "test_accuracy", int(k)), v7
    (ones,) = text.of(r"of the 100 pairs of digits # are “≤”")
    yield Name(("pairs of digits",), "label 1", 1), ones
    times, small, large = text.of(r"gradient \*\*# times smaller\*\* than v1's \(# against #, mean")
    (auxiliary,) = text.of(r"bring a gradient of # with them")
    for measure, figure in (("v1 to v5", times), ("v5", small), ("v1", large), ("v5, auxiliary", auxiliary)):
        yield Name(("untrained", "gradient in the tower"), measure, 4), figure


def unnamed(text: Text) -> Found:
    yield from repairs(text)
    experiments = {"digits named": "best", "comparisons alone": "unnamed"}
    mends = {"v5 digits named": ("temperature-best", "v5"), "v7 comparisons alone": ("unnamed-prior", "v7")}
    for variant, how, *mean, mended, deviation, n in text.all(
        rf"(v\d), (digits named|comparisons alone): {ESTIMATE}(?:, mended {ESTIMATE})?"
    ):
        yield from estimated(settings(experiments[how], variant), "all_pairs_accuracy", *mean)
        if mended:
            yield from estimated(settings(*mends[f"{variant} {how}"]), "all_pairs_accuracy", mended, deviation, n)
    used, full, epochs, tested = text.of(
        r"rounds, ([\d, ]+) outputs are in use: all ten in (\d+) of them, where .* by epoch ([\d, ]+)\. "
        r"Test pairs compared rightly: ([\d.%, ]+)\."
    )
    run = ("unnamed prior" if full == "6" else "unnamed", "prepared rounds")
    for measure, figures in (("outputs", used), ("filled by epoch", epochs), ("test_accuracy", tested)):
        for number, figure in enumerate(figures.replace("%", "").split(", ")):
            yield Name((*run, number), measure, 1), figure
    yield Name(run, "with ten outputs", 6), full
    right, outputs, own = text.of(
        r"pairs compared rightly: #% \nOutputs in use: # of 10 \nDigits read as themselves: #%"
    )
    yield Name((*run, 0), "outputs", 1), outputs
    for measure, figure in (("training pairs", right), ("own output", own)):
        yield Name((*run, 0), measure, 1), figure
    text.of(r"Outputs in use: # of #")


def amount(text: Text) -> Found:
    yield from many_pairs(text)
    (n,) = text.of(r"\(paired rounds, n = (\d+)\)")
    gains = text.all(r"# points at ([\d,]+) pairs")
    assert len(gains) == 5
    for gain, pairs in gains:
        yield Name(("v1", "weight sharing", pairs, CORRECTED), "difference", int(n)), gain
    across = text.all(
        r"the shared tower on ([\d,]+) pairs reaches #% \(n = (\d+)\), separate towers on ([\d,]+) reach #% "
        r"\(n = (\d+)\)"
    )
    for few, shared, n, many, separate, m in across:
        for row, figure, count in ((f"shared {few}", shared, n), (f"separate {many}", separate, m)):
            yield Name(settings("pairs", f"v1 {row}".replace(",", "")), "test_accuracy", int(count)), figure


def swap(text: Text) -> Found:
    (protocol,) = text.of(r"The report's settings, ([a-z ]+); mean")
    best, second, least, less, worst, most, n = text.of(
        r"\*\*(\w+)\*\* and \*\*(\w+)\*\* contradict .* on #% and #% of the test pairs, \*\*(\w+)\*\* most, on #% "
        r"\(n = (\d+) rounds\)"
    )
    for row, figure in ((best, least), (second, less), (worst.lower(), most)):
        experiment = "corrected" if protocol == CORRECTED else "as-published"
        yield Name(settings(experiment, row), "contradictions", int(n)), figure
    (constant,) = text.of(r"with c = # one of them is above 0")
    yield Name(("report", "v3"), "constant of the last layer", 1), constant
    text.all(r"is above (0)|add up to (1) \+ P")  # of the argument, as is the 2 of 2c
    text.of(r"add up to (2)c")


def network(text: Text) -> Found:
    whole, tower = text.of(r"has # numbers to learn, of which # read digits")
    again, head = text.of(r"# in the tower, # in the head")
    (counted,) = text.of(r"Weights and biases: #")
    for measure, figure in (("all", whole), ("all", counted), ("tower", tower), ("tower", again), ("head", head)):
        yield Name(("v1", "shared"), f"weights: {measure}", 1), figure
    (conv1,) = text.of(r"\*\*, # weights and biases")
    yield Name(("v1", "conv1"), "weights", 1), conv1


def tower(text: Text) -> Found:
    left, right, apart = text.of(r"and a (\d) and a (\d): the two encodings are # apart")
    (again,) = text.of(r"difference of the two encodings: #")
    (chance,) = text.of(r"P\(first ≤ second\): #%")
    for measure, figure in (("apart", apart), ("apart", again), ("chance", chance)):
        yield Name(("report", "v1", left, right), f"encodings {measure}", 1), figure


def step(text: Text) -> Found:
    weight, *moved = text.of(
        r"In (.*), # came from the left and # from the right\. .* weight goes to #; .* left one goes to # and "
        r"the right one to #, # apart after"
    )
    layer = text.of(r"In conv1, filter #, row #, column #, ")
    pulled, angle = text.of(r"pull #% of them in opposite directions, and the two gradients stand at #°")
    (error,) = text.of(r"class \+ digits to within #\.")
    for measure, figure in zip(
        ("left", "right", "tied", "untied left", "untied right", "apart", "opposed", "angle", "error"),
        (*moved, pulled, angle, error),
        strict=True,
    ):
        yield Name(("v5", "after epoch 1, batch 1 of one pair", weight, *layer), measure, 1), figure


def gradient(text: Text) -> Found:
    error, angle = text.of(r"auxiliary, to within #; on this batch .* stand at #°")
    (largest,) = text.of(r"The largest single entry is #:")
    again, mismatch = text.of(r"auxiliary gradients: #° \nLargest mismatch among all 45,360 weights: #")
    model = ("untrained, batch 1", largest)  # the visitor's model is told from others by its largest entry
    for measure, figure in (("angle", angle), ("angle", again), ("error", error), ("mismatch", mismatch)):
        yield Name(model, measure, 1), figure
    variant, first, last, below, right = text.of(
        r"One run of Siamese (v\d) .* starts at #° and ends at #°; #% of all measurements lie below #°"
    )
    for measure, figure in (("first angle", first), ("last angle", last), (f"below {right}", below)):
        yield Name(("gradients", variant), measure, 1), figure


def race(text: Text) -> Found:
    first, of, variant = text.of(r"came first in # of # committed rounds of Siamese (v\d)")
    yield Name((variant, CORRECTED, "race"), "first of the four", int(of)), first


def race_effects(text: Text) -> Found:
    (model,) = text.of(r"^(v\d): ")
    (n,) = text.of(r"In (\d+) committed rounds")
    sharing, labels = text.of(r"sharing adds # points .* auxiliary losses add # \(to shared towers\)")
    yield Name((model, "weight sharing", "no auxiliary loss", CORRECTED), "difference", int(n)), sharing
    yield Name((model, "auxiliary loss", "shared towers", CORRECTED), "difference", int(n)), labels


READERS = {
    ("auxiliary", "weight"): weight,
    ("auxiliary", "labels"): labels,
    ("auxiliary", "knowledge"): read_out,
    ("auxiliary", "map"): encoding_map,
    ("auxiliary", "failure"): failure,
    ("auxiliary", "unnamed"): unnamed,
    ("sharing", "network"): network,
    ("sharing", "tower"): tower,
    ("sharing", "step"): step,
    ("sharing", "gradient"): gradient,
    ("sharing", "data"): amount,
    ("sharing", "swap"): swap,
    ("sharing", "race"): race,
}
