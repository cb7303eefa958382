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
from programs.frontdesk.training.optimise import optimisers

network = Network(Shape(layers=Shape().layers - 2))
steppers = optimisers(network, matrix_lr=0.01, other_lr=0.01)
for parameter in network.parameters():
    parameter.grad = torch.randn_like(parameter)
with ThreadPoolExecutor(1) as pool:
    steppers[0].update(pool)
steppers[1].step()
saved = {"network": network.state_dict(), "steppers": [each.state_dict() for each in steppers], "step": 1}
torch.save(saved, Path(sys.argv[1]) / "checkpoint.pt")
torch.save(saved, Path(sys.argv[1]) / "before.pt")
"""
AFTER = """
import sys, torch
from pathlib import Path
from programs.frontdesk.training.network import Network, Shape
from programs.frontdesk.training.optimise import optimisers

def answers(name, shape):
    network, saved = Network(shape), torch.load(Path(sys.argv[1]) / name, weights_only=True)
    network.load_state_dict(saved["network"])
    for stepper, state in zip(optimisers(network, matrix_lr=0.01, other_lr=0.01), saved["steppers"]):
        stepper.load_state_dict(state)
        assert all(len(stepper.state[p]) for group in stepper.param_groups for p in group["params"])
    tokens = torch.arange(200).reshape(2, 100) * 37 % shape.vocabulary
    with torch.no_grad():
        return network(tokens, torch.ones(2, 100, dtype=torch.bool))

before, after = answers("before.pt", Shape(layers=Shape().layers - 2)), answers("checkpoint.pt", Shape())
assert torch.equal(before, after), (before - after).abs().max()
"""

pytestmark = pytest.mark.engine


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The engine's Python in the project's root; it finds our packages as `make model` does."""
    return subprocess.run(
        [str(engine_python), *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "platform"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def test_a_grown_network_answers_as_before_and_keeps_what_its_optimisers_know(
    tmp_path: Path,
) -> None:
    """The new layers add nothing yet;
    a number of layers that it cannot have is refused with those that it can.
    """
    for arguments in (
        ("-c", BEFORE),
        ("-m", "programs.frontdesk.training.growth", "--folder"),
        ("-c", AFTER),
    ):
        done = run(*arguments, str(tmp_path))
        assert done.returncode == 0, done.stderr
    refused = run("-c", "from programs.frontdesk.training.growth import sources; sources(5, 9)")
    assert "expected 5 to 8 layers" in refused.stderr
