"""A trained network with more layers answers as before.
PyTorch is the engine's alone, so its Python runs this.
"""

import os
import subprocess
from pathlib import Path

import pytest

from tests.services import engine_python

ROOT = Path(__file__).parents[3]
BEFORE = """
import sys, torch
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from programs.frontdesk.training.network import Network, Shape
from programs.frontdesk.training.optimisers import optimisers

network = Network(Shape(layers=Shape().layers - 2))
both = optimisers(network, matrix_lr=0.01, other_lr=0.01)
for parameter in network.parameters():
    parameter.grad = torch.randn_like(parameter)
with ThreadPoolExecutor(1) as pool:
    both[0].update(pool)
both[1].step()
states = [optimiser.state_dict() for optimiser in both]
saved = {"network": network.state_dict(), "steppers": states, "step": 1}
torch.save(saved, Path(sys.argv[1]) / "checkpoint.pt")
torch.save(saved, Path(sys.argv[1]) / "before.pt")
"""
AFTER = """
import sys, torch
from pathlib import Path
from programs.frontdesk.training.network import Network, Shape
from programs.frontdesk.training.optimisers import optimisers

def answers(name, shape):
    network, saved = Network(shape), torch.load(Path(sys.argv[1]) / name, weights_only=True)
    network.load_state_dict(saved["network"])
    both = optimisers(network, matrix_lr=0.01, other_lr=0.01)
    for optimiser, state in zip(both, saved["steppers"]):
        optimiser.load_state_dict(state)
        assert all(len(optimiser.state[p]) for g in optimiser.param_groups for p in g["params"])
    tokens = torch.arange(200).reshape(2, 100) * 37 % shape.vocabulary
    with torch.no_grad():
        return network(tokens, torch.ones(2, 100, dtype=torch.bool))

before = answers("before.pt", Shape(layers=Shape().layers - 2))
after = answers("checkpoint.pt", Shape())
assert torch.equal(before, after), (before - after).abs().max()
"""

pytestmark = pytest.mark.engine


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The engine's Python, which finds the programs as `model.mk` has it find them."""
    return subprocess.run(
        [str(engine_python), *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT / "platform")},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def test_a_grown_network_answers_as_before_and_keeps_what_its_optimisers_know(
    tmp_path: Path,
) -> None:
    """The new layers add nothing yet; an impossible number of layers is refused."""
    for arguments in (
        ("-c", BEFORE),
        ("-m", "programs.frontdesk.training.growth", "--folder"),
        ("-c", AFTER),
    ):
        done = run(*arguments, str(tmp_path))
        assert done.returncode == 0, done.stderr
    refused = run("-c", "from programs.frontdesk.training.growth import sources; sources(5, 9)")
    assert "expected 5 to 8 layers" in refused.stderr
