"""What the lesson says, step by step; every number in it comes from the committed rounds, the models or the data."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

from dashboard.data import dataset
from dashboard.lesson.step_text import Question, Telling

if TYPE_CHECKING:
    from dashboard.lesson.quoted_rounds import Evidence


@cache
def parameters(variant: str, shared: bool = True) -> str:
    """Trainable numbers of a model, written out."""
    from pairdigits.models import build, parameter_count

    return f"{parameter_count(build(variant, shared)):,}"


def always_yes() -> float:
    """Accuracy in percent, over all pairs of MNIST's test digits, of the answer that is always "less or equal"."""
    less, tie, _ = dataset.class_shares(dataset.pair_table(dataset.digit_counts("test")))
    return 100 * (less + tie)


def task(evidence: Evidence) -> Telling:
    yes = always_yes()
    return Telling(
        "The digits come from MNIST (LeCun et al., 1998), shrunk to 14×14 pixels. A model learns from 1000 pairs and "
        "is judged on 1000 pairs of digits that it has never seen. In training it may also be told which two digits it "
        "sees; in the test it gets the two images and nothing else.\n\n"
        "Try it: for a person this is easy. A network has to find out from examples alone what a digit is, and what "
        "“less than or equal” means.",
        Question(
            "A lazy model answers “yes, ≤” to every pair. How often is it right?",
            ("45% of the time", "50% of the time", "55% of the time"),
            2,
            f"Exactly {yes:.1f}% of all pairs of test digits: half of the unequal pairs ({(100 - yes):.1f}%), and all "
            f"ties ({2 * yes - 100:.1f}%), which count as “≤”. So this is where an accuracy begins, not at 50%.",
        ),
        "Report, section I; the data: Y. LeCun et al., “Gradient-based learning applied to document recognition”, "
        "1998.",
    )


def overfitting(evidence: Evidence) -> Telling:
    from pairdigits.report.experiments import TABLE_I

    train, test = (evidence.at_epoch("as-published", "base", f"{split}_accuracy") for split in ("train", "test"))
    return Telling(
        f"The base model is LeNet with two input channels, one for each digit: {parameters('base')} trainable numbers. "
        "There are 100 combinations of two digits, so 1000 pairs hold about ten examples of each. It learns those by "
        f"heart: after 40 epochs it compares {train} of its training pairs rightly, and {test} of new ones. Nobody "
        "told it that there are two digits, nor that a seven looks the same on the left and on the right.\n\n"
        f"Figure in the report: {TABLE_I['base']}% (ours, counted in the same way: "
        f"{evidence.accuracy('as-published', 'base').full}).",
        Question(
            "The training accuracy still climbs at the end. What do the last 20 of the 40 epochs do to the test "
            "accuracy?",
            ("They raise it as well", "Next to nothing", "They lower it to chance"),
            1,
            f"After 20 epochs the test accuracy is {evidence.at_epoch('as-published', 'base', 'test_accuracy', 20)}, "
            f"after 40 it is {test}; in training it went from "
            f"{evidence.at_epoch('as-published', 'base', 'train_accuracy', 20)} to {train}. What the model still "
            "learns is particular to its 1000 pairs. That is overfitting.",
        ),
        "Report, sections II and V, Table I. Curves: mean and standard deviation of the rounds as published.",
    )


def sharing(evidence: Evidence) -> Telling:
    shared, separate = (evidence.accuracy("factorial", f"v1 {kind} alone") for kind in ("shared", "separate"))
    return Telling(
        "A *siamese* network has one tower that reads a digit, and uses it twice: once for the left digit, once for "
        "the right one. There is no second network and no copy of the weights. Whatever the tower learns from a seven "
        "on the left it knows on the right, and each pair gives it two digits to learn from.\n\n"
        "Siamese v1 puts one linear layer on the ten numbers that the tower says of each digit. No digit labels are "
        f"used yet. Untied, with a tower for each side, it reaches {separate}; tied, {shared}.",
        Question(
            "The loss of one pair is differentiated. Which gradient does a shared weight get?",
            (
                "The left digit's: the right one runs through a copy",
                "The sum of the left digit's and the right digit's",
                "The larger of the two",
            ),
            1,
            "The weight appears twice in the computation, and the chain rule adds up all paths on which it acts on the "
            "loss. So the same number is pulled by both digits, and there is nothing to keep in step.",
        ),
        "Report, section II. Bars: corrected rounds, Siamese v1 without auxiliary loss; base beside them.",
        r"\frac{\partial L}{\partial w} = \left.\frac{\partial L}{\partial w}\right|_{\text{left}}"
        r" + \left.\frac{\partial L}{\partial w}\right|_{\text{right}}",
    )


def auxiliary(evidence: Evidence) -> Telling:
    from pairdigits.report.experiments import TABLE_I

    none, full = (evidence.accuracy("weights", f"v1 {weight}") for weight in (0, 1))
    yes = always_yes() / 100
    entropy = -(yes * math.log2(yes) + (1 - yes) * math.log2(1 - yes))
    return Telling(
        "So far the tower is told only whether the answer was right. Its ten outputs may mean anything. An *auxiliary "
        "loss* asks it for the digit as well: a cross-entropy for each of the two, added to that of the class with a "
        "weight λ. At the test nothing changes: the labels were needed for learning only.\n\n"
        f"For v1 the weight takes the test accuracy from {none} at λ = 0 to {full} at λ = 1. The report: from "
        f"{TABLE_I['siamese']}% to {TABLE_I['siamese with auxiliary loss']}% for its best siamese models.",
        Question(
            f"The class label of a pair tells {entropy:.2f} bits. How many do the two digit labels tell?",
            (
                "None: the class follows from the images anyway",
                f"Also {entropy:.2f} bits",
                f"About {math.log2(100):.1f}",
            ),
            2,
            f"Ten by ten equally likely digits: log₂ 100 ≈ {math.log2(100):.1f} bits. The answer follows from the "
            "digits, but the digits do not follow from the answer. The same 1000 pairs teach far more when they come "
            "with them.",
        ),
        "Report, sections II and V. Points: corrected rounds with one learning rate for every weight.",
        r"L = L_{\text{class}} + \lambda\,(L_{\text{left}} + L_{\text{right}})",
    )


def paradox(evidence: Evidence) -> Telling:
    scores = {
        column: evidence.at_epoch("as-published", "v2", column)
        for column in ("train_accuracy", "test_accuracy", "train_digit_accuracy", "test_digit_accuracy")
    }
    digit = scores["test_digit_accuracy"].mean / 100
    least = f"{100 * digit**2:.1f}%" if scores["test_digit_accuracy"].n else "(not measured yet)"
    return Telling(
        f"Siamese v2 reads digits well: {scores['train_digit_accuracy']} of its training digits and "
        f"{scores['test_digit_accuracy']} of new ones. Its comparison overfits all the same: "
        f"{scores['train_accuracy']} in training, {scores['test_accuracy']} in the test. The reading generalises, the "
        "answer does not, and what lies between the tower and the answer is the last layer.\n\n"
        "The test of this conjecture is Siamese v4. It has the same tower and no last layer at all: it compares the "
        f"two most likely digits. It reaches {evidence.at_epoch('as-published', 'v4', 'test_accuracy')}.",
        Question(
            "If each digit is read rightly that often, and mistakes fall independently, how many pairs should be right "
            "at least?",
            (f"About {least}: both digits read", "About half of the pairs", "Nothing can be said"),
            0,
            f"Both are right in {scores['test_digit_accuracy']} squared, {least}, of the pairs; and a misread pair is "
            "often still compared rightly, as a 2 taken for a 3 is still less than a 9. So the figure of v2 is below "
            "what its own reading is worth.",
        ),
        "Report, section IV, Figure 1. Curves: rounds as published; pairs: the committed models of the report.",
    )


def last_layer(evidence: Evidence) -> Telling:
    ideal, typical = (evidence.wrong_cells("as-published", "v1", kind) for kind in ("ideal", "typical"))
    return Telling(
        "The last layer of v1 adds up twenty products and asks whether the sum is positive. To see what it has learnt, "
        "the report gives it *ideal signals*: a large value at the index of a digit, 0 elsewhere. White cells: it "
        "says “first ≤ second”. Ideally all is black above the blue line and white below it.\n\n"
        f"On average {ideal} of 100 cells are wrong. Now switch to *typical digits*, the mean of what the tower really "
        f"says of each digit: {typical}.",
        Question(
            "The same layer is wrong far more often on ideal signals than on typical digits. Why?",
            (
                "Ideal signals are noisier",
                "Its tower never says such things, so it never learnt what to answer",
                "The typical digits were chosen among the easy ones",
            ),
            1,
            "A real reading of a 3 has large and small, positive and negative values in all ten places, in proportions "
            "of its own. The layer was trained on those. The report's matrix is right, but most of its wrong cells are "
            "questions that nobody asks this layer: look at both kinds before you judge.",
        ),
        "Report, section IV, Figure 2. The averages are over the rounds as published; the picture is the committed "
        "model.",
        r"\begin{gathered} \text{first} \le \text{second} \\ \iff \sum_{i=0}^{9} a_i\, z_i + "
        r"\sum_{j=0}^{9} b_j\, z'_j + c > 0 \end{gathered}",
    )


def remedies(evidence: Evidence) -> Telling:
    rows = {name: evidence.accuracy("as-published", name) for name in ("v1", "v5", "v6", "v4")}
    return Telling(
        "A sum of a number for the left digit and one for the right *can* make the step, but only if every 3 adds "
        "nearly the same, less than any 4. Raw logits differ from image to image: the dots of neighbouring digits "
        "overlap. After a softmax every clear reading is about 1 at its digit and 0 elsewhere, and the dots lie on ten "
        "shelves (v5). One more layer can learn something like it (v6). Or there is nothing to learn: v4 compares the "
        f"likeliest digits.\n\nAs published: v1 {rows['v1']}, v6 {rows['v6']}, v5 {rows['v5']}, v4 {rows['v4']}.",
        Question(
            f"v1 and v5 both have {parameters('v5')} trainable numbers. What does the softmax of v5 change?",
            (
                "It makes clear readings of the same digit all alike",
                "It makes the logits larger",
                "It gives the tower more to learn from",
            ),
            0,
            "A softmax keeps what matters, which digit it is, and drops what varies, how large the logits happen to "
            "be. Knowledge of the task was built in, at no cost in parameters.",
        ),
        "Report, sections II and IV, Figure 2 and Table II.",
    )


def further(evidence: Evidence) -> Telling:
    v7 = evidence.accuracy("corrected", "v7")
    best, record = (evidence.accuracy("best", name) for name in ("v7", "v4"))
    alone = {name: evidence.accuracy("unnamed", name) for name in ("v7", "v5")}
    return Telling(
        "v4 compares, but an argmax passes no gradient, so its tower learns from digit labels only. Our v7 computes "
        "how likely the comparison is from both softmaxes: exact, differentiable, nothing to train. With the report's "
        f"settings it reaches {v7} (corrected).\n\n"
        "The `best` recipe adds warped images, new pairs of the same digits in every epoch, AdamW with one cycle of "
        f"the learning rate, and hardly any dropout, still on 1000 pairs: {best} for v7 and {record} for v4.",
        Question(
            "v7 is trained on comparisons alone: no digit label, ever. How good does it get?",
            (
                "No better than always “yes”",
                "As good as v5 without digit labels",
                "Nearly as good as with digit labels",
            ),
            2,
            f"{alone['v7'].full}; v5, with the same recipe and the same labels, {alone['v5'].full}. To be right about "
            "order, v7 must sort what it sees into ten ordered kinds: it finds the digits that nobody named. What a "
            "head knows can stand in for labels.",
        ),
        "Ours; compared with the best published student results for this task that we know of.",
        r"P(\text{first} \le \text{second}) = \sum_{i \le j} p_i\, q_j",
    )


def honesty(evidence: Evidence) -> Telling:
    from pairdigits.report.experiments import TABLE_II

    flattered, last = (
        evidence.accuracy("as-published", "v5", score) for score in ("test_accuracy", "last_test_accuracy")
    )
    best = max(TABLE_II, key=TABLE_II.get)
    error = f"{100 * math.sqrt(last.mean / 100 * (1 - last.mean / 100) / 1000):.1f} points" if last.n else "some points"
    return Telling(
        "The report kept “the model with the best accuracy on test data” and quoted that accuracy. So the test pairs "
        "chose the model *and* judged it. Corrected, 200 of the 1000 training pairs choose the epoch, and the test "
        f"pairs are looked at once. For v5: {flattered} as published, {last} at the last epoch of the same runs, "
        f"{evidence.accuracy('corrected', 'v5')} corrected; the report says {TABLE_II['v5']}%.\n\n"
        f"And read tables before sentences: the report's text gives “close to 98%” to v5; its own Table II gives "
        f"{TABLE_II[best]}% to {best}.",
        Question(
            "Why does the best of 40 looks at the test score beat the last look?",
            (
                "The model was better at that epoch, nothing more",
                "In part it is luck with these test pairs, and the maximum picks the luck",
                "Training goes on for longer",
            ),
            1,
            f"Every look has an error of its own: 1000 pairs leave a standard error of {error}. The maximum "
            "favours the looks whose error was upwards. On new pairs the chosen model does not keep that lead.",
        ),
        "Report, section III (early stopping). Both protocols: 40 epochs; as published, dropout in the first epoch "
        "only.",
    )
