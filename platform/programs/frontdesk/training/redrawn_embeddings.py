"""Embedding rows that are drawn, not learnt: those of rare tokens (`rare_tokens`)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


class RedrawnEmbeddings:
    """Draws rows of an embedding from the distribution of others, by `pairs` of both."""

    def __init__(self, pairs: Sequence[tuple[list[int], list[int]]], *, seed: int) -> None:
        self._pairs = [(torch.tensor(rows), torch.tensor(learnt)) for rows, learnt in pairs if rows]
        self._generator = torch.Generator().manual_seed(seed)

    @torch.no_grad()
    def redraw(self, embedding: Tensor) -> None:
        """Draw the rows anew."""
        for rows, learnt in self._pairs:
            known = embedding[learnt]
            covariance = torch.cov(known.T) + 1e-5 * torch.eye(known.shape[1])
            noise = torch.randn(len(rows), known.shape[1], generator=self._generator)
            embedding[rows] = known.mean(0) + noise @ torch.linalg.cholesky(covariance).T

    def zero(self, gradient: Tensor) -> None:
        """Take the rows out of what a step learns."""
        for rows, _ in self._pairs:
            gradient[rows] = 0.0
