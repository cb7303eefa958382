"""Muon for the matrices, AdamW for everything else (Jordan et al., "Muon", 2024)."""

from __future__ import annotations

from concurrent.futures import Executor

import torch
from torch import Tensor

from programs.frontdesk.training.network import Network


def orthogonalise(update: Tensor) -> Tensor:
    """The nearest matrix with all singular values about one, for a batch [count, rows, columns]."""
    x = update.transpose(-1, -2) if update.shape[-2] > update.shape[-1] else update
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(5):
        gram = x @ x.transpose(-1, -2)
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x.transpose(-1, -2) if update.shape[-2] > update.shape[-1] else x


class Muon(torch.optim.Optimizer):
    """Momentum, orthogonalised; a step of `lr` changes a matrix's entries by about 0.2 lr root mean
    square.
    """

    def __init__(self, matrices: list[torch.nn.Parameter], *, lr: float, momentum: float) -> None:
        super().__init__(matrices, {"lr": lr, "momentum": momentum})

    def update(self, pool: Executor) -> None:
        """One update of every matrix, shared out over the pool's threads."""
        for group in self.param_groups:
            shapes: dict[tuple[int, ...], list[torch.nn.Parameter]] = {}
            for matrix in group["params"]:
                shapes.setdefault(tuple(matrix.shape), []).append(matrix)
            parts = [
                members[at : at + 5]
                for members in shapes.values()
                for at in range(0, len(members), 5)
            ]
            list(
                pool.map(
                    lambda part, lr=group["lr"], momentum=group["momentum"]: self._turn(
                        part, lr, momentum
                    ),
                    parts,
                )
            )

    @torch.no_grad()
    def _turn(self, members: list[torch.nn.Parameter], lr: float, momentum: float) -> None:
        updates = torch.stack([self._momentum(matrix, momentum) for matrix in members])
        scale = max(1.0, members[0].shape[0] / members[0].shape[1]) ** 0.5
        for matrix, change in zip(members, orthogonalise(updates), strict=True):
            matrix.add_(change, alpha=-lr * scale)

    def _momentum(self, matrix: torch.nn.Parameter, momentum: float) -> Tensor:
        assert matrix.grad is not None
        state = self.state[matrix]
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(matrix)
        buffer: Tensor = state["momentum"]
        buffer.lerp_(matrix.grad, 1 - momentum)
        return matrix.grad.lerp(buffer, momentum)


# AdamW's epsilon: tokens that a step does not teach are not pushed about by it
SMALLEST_GRADIENT = 1e-6
OTHERS_SHARE = 0.3  # gains and biases learn more slowly than the embedding


def optimisers(
    network: Network, *, matrix_lr: float, other_lr: float
) -> tuple[Muon, torch.optim.AdamW]:
    """The two optimisers of a network."""
    matrices = [p for name, p in network.named_parameters() if p.ndim == 2 and name != "embedding"]
    others = [p for name, p in network.named_parameters() if p.ndim != 2]
    groups = [
        {"params": [network.embedding], "lr": other_lr},
        {"params": others, "lr": other_lr * OTHERS_SHARE},
    ]
    adam = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.0, eps=SMALLEST_GRADIENT)
    return Muon(matrices, lr=matrix_lr, momentum=0.95), adam
