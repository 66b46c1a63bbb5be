"""Self-training: a new tower learns to read what a trained one, told comparisons only, believes of each digit."""

from __future__ import annotations

import time
from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor

from pairdigits.data import load_mnist
from pairdigits.dropout import Dropout
from pairdigits.evaluation import predict
from pairdigits.models import siamese
from pairdigits.objective import learning_rate
from pairdigits.records import EpochRecord
from pairdigits.splits import Splits, epoch_seed
from pairdigits.towers import NOTHING_DROPPED, Kept
from pairdigits.training import Training

VIEWS = 8  # warped ones, besides the clean image
OTHER_SEED = 1000  # added to the teacher's init seed: first weights, order and warps of the student are its own


def posteriors(read: Tensor, labels: Tensor) -> Tensor:
    """What each digit of a pair may be, given how the pair compares, by Bayes' rule.

    Parameters
    ----------
    read : Tensor, shape (N, 2, 10)
        P(digit) of the left and the right image, each alone.
    labels : Tensor, shape (N,)
        1 where the first digit <= the second, else 0.

    Returns
    -------
    Tensor, shape (N, 2, 10)
    """
    joint = read[:, 0, :, None] * read[:, 1, None, :]  # (N, 10, 10)
    in_order = torch.ones_like(joint).triu()  # i <= j
    joint = joint * torch.where(labels.view(-1, 1, 1) == 1, in_order, 1 - in_order)
    joint = joint / joint.sum((1, 2), keepdim=True)
    return torch.stack([joint.sum(2), joint.sum(1)], 1)


def beliefs(teacher: Training, drawn: Splits) -> Tensor:
    """The posteriors of a run's training digits as `drawn` has them, (N, 2, 10), by its mean over all views of each."""
    epochs = teacher.config.epochs  # warps of later epochs are new ones
    views = [drawn.train, *(drawn.epoch(epochs + number) for number in range(1, VIEWS + 1))]
    with torch.inference_mode():
        read = [_logits(teacher, view.images).double().softmax(-1) for view in views]
    return posteriors(torch.stack(read).mean(0), drawn.train.labels)


def self_trained(teacher: Training) -> tuple[Training, EpochRecord]:
    """Train a new tower, from first weights on, on what a trained run believes of its training digits.

    The student has the teacher's settings, pairs and head; the head is not used while it learns.

    Returns
    -------
    Training, EpochRecord
        The student at its end, and its last epoch's record.
    """
    start, device = time.perf_counter(), teacher.device
    config = replace(teacher.config, init_seed=teacher.config.init_seed + OTHER_SEED)
    drawn = Splits(replace(config, shuffle="none"), load_mnist(), device)
    targets = beliefs(teacher, drawn).flatten(0, 1).float()  # (2N, 10)
    student = Training(config, device=device.type)
    for epoch in range(1, config.epochs + 1):
        seed = epoch_seed(config, epoch)
        images, dropout = drawn.epoch(epoch).images.flatten(0, 1), Dropout(config.dropout_at(epoch), [seed])
        order = torch.randperm(len(images), generator=torch.Generator().manual_seed(seed)).to(device)
        batches = order.split(2 * config.batch_size)
        for number, batch in enumerate(batches):
            read = _logits(student, images[batch].unflatten(0, (-1, 2)), dropout(len(batch), images)).flatten(0, 1)
            loss = F.cross_entropy(read, targets[batch], label_smoothing=config.label_smoothing)
            step = (epoch - 1) * len(batches) + number
            student.optimiser.descend(loss, learning_rate(config, step, config.epochs * len(batches)))
    student.epoch = config.epochs
    predictions = {name: predict(student.model, pairs.images) for name, pairs in student.splits.watched.items()}
    return student, student.finish(predictions, time.perf_counter() - start)


def _logits(training: Training, images: Tensor, kept: Kept = NOTHING_DROPPED) -> Tensor:
    """What a run's towers read of pairs of images, (N, 2, 14, 14) -> (N, 2, 10)."""
    return torch.stack([said.logits for said in siamese(training.model).encode(images, kept)], 1)
