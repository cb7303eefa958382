"""The gradients of one batch, computed apart from the network's own."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from programs.frontdesk.training.network import Network
from programs.frontdesk.training.substitution import Row


@dataclass(frozen=True, slots=True)
class BatchResult:
    """Sums over a batch: loss, learnt tokens, right first guesses, all tokens, and gradients."""

    loss: float
    learnt: int
    right: int
    tokens: int
    gradients: list[Tensor]

    @classmethod
    def total(cls, results: list[BatchResult]) -> BatchResult:
        """The sums of several batches, without their gradients."""
        return cls(
            sum(result.loss for result in results),
            sum(result.learnt for result in results),
            sum(result.right for result in results),
            sum(result.tokens for result in results),
            [],
        )


def batch_tensors(rows: list[Row]) -> tuple[Tensor, Tensor]:
    """Tokens [rows, longest], and whether each is to be learnt."""
    longest = max(len(row.tokens) for row in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    learnt = torch.zeros(len(rows), longest, dtype=torch.bool)
    for index, row in enumerate(rows):
        ids[index, : len(row.tokens)] = torch.tensor(row.tokens)
        learnt[index, : len(row.learnt)] = torch.tensor(row.learnt)
    return ids, learnt


def gradients(network: Network, rows: list[Row]) -> BatchResult:
    """The result of one batch; the network's own gradients are left alone."""
    ids, learnt = batch_tensors(rows)
    wanted = learnt[:, 1:]
    logits = network(ids[:, :-1], wanted)
    targets = ids[:, 1:][wanted]
    loss = functional.cross_entropy(logits, targets, reduction="sum")
    of_parameters = torch.autograd.grad(loss, list(network.parameters()))
    right = int((logits.detach().argmax(-1) == targets).sum())
    return BatchResult(float(loss.detach()), len(targets), right, ids.numel(), list(of_parameters))
