"""A training run: the network, its optimisers, its checkpoint, and one step of learning."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import torch

from programs.frontdesk.training.batches import shard_recipe
from programs.frontdesk.training.gradients import BatchResult, gradients
from programs.frontdesk.training.growth import layers_of
from programs.frontdesk.training.initialisation import initialise
from programs.frontdesk.training.network import Network, Shape
from programs.frontdesk.training.optimisers import optimisers
from programs.frontdesk.training.options import TrainingOptions
from programs.frontdesk.training.redrawn_embeddings import RedrawnEmbeddings
from programs.frontdesk.training.substitution import Row

REDRAW_EVERY_STEPS = 5


class TrainingRun:
    """The state of a run, from nothing or from the last checkpoint in the options' folder.

    The options' learning rates hold either way.
    """

    def __init__(self, options: TrainingOptions) -> None:
        self.options, self.checkpoint = options, options.folder / "checkpoint.pt"
        self.network = Network(Shape())
        initialise(self.network, seed=options.seed)
        self.parameters = list(self.network.parameters())
        self.muon, self.adam = optimisers(
            self.network, matrix_lr=options.matrix_lr, other_lr=options.other_lr
        )
        self.step, self.next_shard, self.seen = 0, 0, 0
        if self.checkpoint.exists():
            self._resume()
        words = shard_recipe(options.folder).substitution
        pairs = ((words.rare_starts, words.common_names), (words.rare_parts, words.common_parts))
        self.rare_rows = RedrawnEmbeddings(pairs, seed=options.seed + self.step)
        groups = (*self.muon.param_groups, *self.adam.param_groups)
        self.full_rates = [(group, group["lr"]) for group in groups]

    def _resume(self) -> None:
        saved = torch.load(self.checkpoint, weights_only=True)
        if (layers := layers_of(saved)) != Shape().layers:
            grow = "`python -m programs.frontdesk.training.growth` gives it more"
            raise SystemExit(
                f"{self.checkpoint} has {layers} layers, expected {Shape().layers}: {grow}"
            )
        self.network.load_state_dict(saved["network"])
        for optimiser, state in zip((self.muon, self.adam), saved["steppers"], strict=True):
            groups = optimiser.state_dict()["param_groups"]
            optimiser.load_state_dict({**state, "param_groups": groups})
        self.step, self.next_shard, self.seen = saved["step"], saved["shard"] + 1, saved["seen"]

    def learn(self, batches: list[list[Row]], pool: ThreadPoolExecutor) -> BatchResult:
        """One step on some batches."""
        if self.step % REDRAW_EVERY_STEPS == 0:
            self.rare_rows.redraw(self.network.embedding.data)
        results = list(pool.map(partial(gradients, self.network), batches))
        total = BatchResult.total(results)
        for index, parameter in enumerate(self.parameters):
            summed = torch.stack([result.gradients[index] for result in results]).sum(0)
            parameter.grad = summed / total.learnt
        assert self.network.embedding.grad is not None
        self.rare_rows.zero(self.network.embedding.grad)
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        for group, rate in self.full_rates:
            group["lr"] = rate * self.options.rate(self.step)
        self.muon.update(pool)
        self.adam.step()
        self.step, self.seen = self.step + 1, self.seen + total.tokens
        return total

    def save(self, shard: int) -> None:
        """Write the checkpoint, whole or not at all; its keys are those of the runs under way."""
        fresh = self.checkpoint.with_suffix(".new")
        saved = {
            "network": self.network.state_dict(),
            "steppers": [self.muon.state_dict(), self.adam.state_dict()],
            "step": self.step,
            "shard": shard,
            "seen": self.seen,
        }
        torch.save(saved, fresh)
        fresh.replace(self.checkpoint)
