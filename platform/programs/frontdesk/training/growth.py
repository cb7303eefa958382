"""Growth: `python -m programs.frontdesk.training.growth --folder DIR` gives a trained checkpoint as
many layers as `Shape` has.

Each new layer is a copy of one that is there, put before it, and adds nothing to the stream until
it has learnt to: the grown network answers as before, and training goes on (Wu et al., "LLaMA Pro:
progressive LLaMA with block expansion", 2024). The optimisers' memory goes with the weights.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor

from programs.frontdesk.training.network import Network, Shape
from programs.frontdesk.training.optimise import optimisers

FIRST_COPIED: Final = 2  # the two layers before it hold the planted circuit of copying
ADDING: Final = ("o.weight", "down.weight")  # what adds to the stream, nought in a new layer


def sources(old: int, new: int) -> list[tuple[int, bool]]:
    """For each of `new` layers the one of `old` that it comes from, and whether it is a copy.

    ValueError unless each layer from the third on is copied at most once.
    """
    if not 0 <= new - old <= old - FIRST_COPIED:
        raise ValueError(
            f"expected {old} to {2 * old - FIRST_COPIED} layers to grow to from {old}, not {new}"
        )
    copied = range(FIRST_COPIED, FIRST_COPIED + new - old)
    return [
        (index, copy)
        for index in range(old)
        for copy in ((True, False) if index in copied else (False,))
    ]


def layers_of(saved: Mapping[str, Any]) -> int:
    """How many layers a checkpoint has."""
    return 1 + max(
        int(name.split(".")[1]) for name in saved["network"] if name.startswith("layers.")
    )


def grown(saved: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    """A checkpoint of `shape` that answers as the one saved."""
    layers = layers_of(saved)
    plan = sources(layers, shape.layers)
    old, new = Network(replace(shape, layers=layers)), Network(shape)

    def drawn_from(found: Mapping[str, Any], name: str) -> Any:
        """What a new parameter has from the old ones' tensors,
        or from their optimiser's memory of them.
        """
        if not name.startswith("layers."):
            return found.get(name)
        _, index, rest = name.split(".", 2)
        source, copy = plan[int(index)]
        value = found.get(f"layers.{source}.{rest}")
        return _emptied(value) if copy and rest in ADDING else value

    weights = {name: drawn_from(saved["network"], name) for name in new.state_dict()}
    steppers = []
    for before, after, state in zip(_steppers(old), _steppers(new), saved["steppers"], strict=True):
        memory = {name: state["state"].get(at) for at, name in enumerate(_names(old, before))}
        moved = enumerate(drawn_from(memory, name) for name in _names(new, after))
        steppers.append(
            {**after.state_dict(), "state": {at: value for at, value in moved if value is not None}}
        )
    return {**saved, "network": weights, "steppers": steppers}


def _emptied(value: Any) -> Any:
    """Nought in place of every tensor; the optimiser's count of steps, a scalar, stays."""
    if isinstance(value, dict):
        return {key: _emptied(part) for key, part in value.items()}
    return torch.zeros_like(value) if isinstance(value, Tensor) and value.ndim else value


def _steppers(network: Network) -> tuple[torch.optim.Optimizer, ...]:
    return optimisers(network, matrix_lr=0.0, other_lr=0.0)


def _names(network: Network, stepper: torch.optim.Optimizer) -> list[str]:
    """The names of an optimiser's parameters, in the order of its state."""
    names = {id(parameter): name for name, parameter in network.named_parameters()}
    return [names[id(parameter)] for group in stepper.param_groups for parameter in group["params"]]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    checkpoint = parser.parse_args().folder / "checkpoint.pt"
    fresh = checkpoint.with_suffix(".new")
    torch.save(grown(torch.load(checkpoint, weights_only=True), Shape()), fresh)
    fresh.replace(checkpoint)


if __name__ == "__main__":
    main()
