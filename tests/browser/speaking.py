"""What browser tests of calls need: a media process with stub replicas, and a Chromium whose
microphone plays a person's question.
"""

import audioop
import os
import sys
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from inference.fleet import snapshots
from inference.types import Pool, Replica, Snapshot, pool_name
from tests import services
from tests.telephony.conftest import REGIONS, ROLES, US
from tests.telephony.media.caller import voice
from warmline.embedded.ports import HOST, choose_port
from warmline.embedded.programs import Program, answers_http
from warmline.embedded.running import running
from warmline.kernel.ids import ReplicaId

SLOTS = 4
# The greeting is over by then: a caller who speaks into it is another story.
BEFORE_S, AFTER_S = 5, 20
RATE = 48_000


def microphone(path: Path) -> Path:
    """A file that Chromium's microphone plays: quiet, a question, quiet."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        question, _ = audioop.ratecv(audioop.ulaw2lin(voice("question"), 2), 2, 1, 8000, RATE, None)
        quiet = bytes(2 * RATE)
        file.writeframes(quiet * BEFORE_S + question + quiet * AFTER_S)
    return path


def speaking_flags(path: Path) -> tuple[str, ...]:
    """Chromium's flags for a microphone that is allowed and plays the file once."""
    return (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={path}%noloop",
    )


@contextmanager
def media_plane() -> Iterator[str]:
    """One media process in the US with stub replicas for all roles, known to the control plane."""
    port, stub_port = (choose_port("WARMLINE_TEST_MEDIA_PORT", taken=set[int]()) for _ in range(2))
    stub = (sys.executable, "-m", "tests.fakes.replicas", "--port", str(stub_port))
    stub_url = f"http://{HOST}:{stub_port}"
    media = (sys.executable, "-m", "telephony.media", "--region", US, "--port", str(port))
    with running(
        Program("stubs", stub, answers_http(f"{stub_url}/health"), env=dict(os.environ)),
        home=services.home,
    ):
        know(stub_url)
        probe = answers_http(f"http://{HOST}:{port}/health")
        with running(Program("media", media, probe, env=dict(os.environ)), home=services.home):
            yield f"ws://{HOST}:{port}"


def know(stub_url: str) -> None:
    """A snapshot in which the stub is the one warm replica of each role."""
    pools = tuple(Pool(US, role, f"{role}-model", SLOTS) for role in ROLES)
    replicas = tuple(
        Replica(
            id=ReplicaId(f"{pool.role}-1"),
            pool=pool_name(pool.region, pool.role, pool.model),
            region=pool.region,
            role=pool.role,
            model=pool.model,
            base_url=f"{stub_url}/v1",
            state="warm",
            slots=SLOTS,
            since=datetime.now(UTC),
        )
        for pool in pools
    )
    number = int(datetime.now(UTC).timestamp() * 1000)
    snapshots.put(
        Snapshot(number, datetime.now(UTC), regions=REGIONS, pools=pools, replicas=replicas)
    )
    snapshots.forget()
