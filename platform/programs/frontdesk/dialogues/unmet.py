"""Embedding rows that are drawn, not learnt:
what stands for a word that training never shows (`unseen`).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


class Unmet:
    """Rows of an embedding that are drawn like others which are learnt:
    `pairs` of the ones and the others.
    """

    def __init__(self, pairs: Sequence[tuple[list[int], list[int]]], *, seed: int) -> None:
        self._pairs = [
            (torch.tensor(unmet), torch.tensor(learnt)) for unmet, learnt in pairs if unmet
        ]
        self._generator = torch.Generator().manual_seed(seed)

    @torch.no_grad()
    def draw(self, embedding: Tensor) -> None:
        """New rows."""
        for unmet, learnt in self._pairs:
            known = embedding[learnt]
            spread = torch.cov(known.T) + 1e-5 * torch.eye(known.shape[1])
            noise = torch.randn(len(unmet), known.shape[1], generator=self._generator)
            embedding[unmet] = known.mean(0) + noise @ torch.linalg.cholesky(spread).T

    def forget(self, gradient: Tensor) -> None:
        """Take the rows out of what a step learns."""
        for unmet, _ in self._pairs:
            gradient[unmet] = 0.0
