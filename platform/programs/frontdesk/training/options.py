"""What a training run is started with, and the learning rate's schedule."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """How long to train and how fast to learn."""

    folder: Path
    steps: int
    decay_steps: int
    drill_steps: int
    warmup_steps: int
    tokens_per_step: int
    workers: int
    matrix_lr: float
    other_lr: float
    seed: int

    def rate(self, step: int) -> float:
        """The share of the full learning rate at a step: up, flat, and down to nothing."""
        warmup = (step + 1) / self.warmup_steps
        decay = (self.steps - step) / self.decay_steps
        return max(0.0, min(1.0, warmup, decay))
