"""On real parts: a process dies in the middle of a call,
and the caller and the transcript are none the worse.
"""

import subprocess
import sys

import msgspec
import pytest

from tests.embedded.whole_machine.conftest import WholeMachine
from warmline.embedded.home import Home
from warmline.embedded.installation import NothingRuns, running_installation
from warmline.embedded.machine import public_environment
from warmline.kernel import env

pytestmark = [pytest.mark.engine, pytest.mark.timeout(1500)]

CALL_S = 600


def interrupted_call(home: Home, name: str, when: str) -> dict[str, object]:
    """What came of a call during which a process died."""
    try:
        environ = {**public_environment(), **running_installation(home.root).environment}
    except NothingRuns as error:
        raise AssertionError(f"the machine is gone: {error}") from error
    done = subprocess.run(
        (sys.executable, "-m", "tests.embedded.whole_machine.interrupted_call", name, when),
        cwd=env.REPOSITORY,
        env=environ,
        capture_output=True,
        timeout=CALL_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-4000:]
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=dict[str, object])


def log_tail(home: Home, name: str) -> str:
    """The last words of the processes of that name."""
    return "\n".join(
        path.read_text(encoding="utf-8")[-4000:] for path in sorted(home.logs.glob(f"{name}*.log"))
    )


# The recorder deletes events once they are rows: on a busy machine sometimes before the one that
# the killer waits for was seen.
CALLS = 3


@pytest.mark.parametrize(
    ("name", "when"),
    [
        ("recorder", "caller_turn"),
        ("media-us-east", "agent_sentence"),
        ("think-us-east", "caller_turn"),
    ],
)
def test_a_call_survives_the_death_of(machine: WholeMachine, name: str, when: str) -> None:
    """Every turn is answered in words,
    every word that left the media plane is kept, and the process is back.
    """
    for _ in range(CALLS):
        came = interrupted_call(machine.home, name, when)
        if came["killed"]:
            break
    assert came["killed"], f"{came}"
    assert came["failed"] == "", f"{came}\n{log_tail(machine.home, name)}"
    assert came["unanswered"] == []
    assert isinstance(came["kept"], list)
    assert isinstance(came["seen"], list)
    assert len(came["seen"]) > 4, f"{came}"
    assert [text for text in came["seen"] if text not in came["kept"]] == []
    assert came["state"] == "ended"
    assert came["end_reason"] in {"agent_said_goodbye", "caller_hung_up"}
    assert came["back"]
