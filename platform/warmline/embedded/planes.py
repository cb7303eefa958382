"""The planes' processes on one machine: what each runs, and what of the environment it is given."""

import sys
from collections.abc import Mapping
from pathlib import Path

from warmline.embedded.ports import HOST
from warmline.embedded.programs import Probe, Program, answers_http
from warmline.embedded.stores.redis_addresses import RedisAddresses
from warmline.kernel.supervision import ProcessState, SupervisorUnavailable, process
from warmline.redis_users import Plane

PYTHON = sys.executable
# What the media plane is given, beside its own settings: no database, no key that signs anything,
# no carrier's token. It asks the hosted endpoints itself, so their keys are among it.
MEDIA_ENVIRONMENT = frozenset(
    {
        "WARMLINE_HOME",
        "WARMLINE_INTERNAL_URL",
        "WARMLINE_THINK_URL",
        "WARMLINE_THINK_MODEL",
        "WARMLINE_THINK_KEY",
        "WARMLINE_POOL_KEYS",
        "WARMLINE_CARRIERS",
    }
)
MEDIA_SETTINGS = "WARMLINE_MEDIA_"


def django_programs(
    shared: Mapping[str, str], *, redis: RedisAddresses, web_port: int, internal_port: int
) -> tuple[Program, ...]:
    """The web plane, the recorder, the jobs and webhooks' sender, each with the shared environment
    and the Redis that is its own.
    """

    def given(plane: Plane) -> dict[str, str]:
        return {**shared, **redis.of(plane)}

    ready = answers_http(f"http://{HOST}:{internal_port}/healthz/ready")
    celery = (PYTHON, "-m", "celery", "-A", "warmline")
    two_processes = ("--concurrency", "2", "--prefetch-multiplier", "1", "--without-gossip")
    knowledge_queue = (
        *("--queues", "knowledge", "--hostname", "knowledge@%h"),
        *("--concurrency", "1", "--prefetch-multiplier", "1", "--without-gossip"),
    )
    schedule = Path(shared["WARMLINE_HOME"]) / "state" / "beat"
    return (
        Program("web", web_command(web_port, internal_port), ready, env=given("web")),
        Program(
            "recorder",
            (PYTHON, "manage.py", "record_calls"),
            stays_up("recorder"),
            env=given("recorder"),
        ),
        Program("jobs", (*celery, "worker", *two_processes), stays_up("jobs"), env=given("jobs")),
        Program(
            # Beside a call's voice it reads and embeds documents with what is left of the cores.
            "knowledge",
            ("nice", *celery, "worker", *knowledge_queue),
            stays_up("knowledge"),
            env=given("jobs"),
        ),
        Program(
            "webhooks",
            (PYTHON, "manage.py", "send_webhooks"),
            stays_up("webhooks"),
            env=given("jobs"),
        ),
        Program(
            "beat",
            (*celery, "beat", "--schedule", str(schedule)),
            stays_up("beat"),
            env=given("jobs"),
        ),
    )


def media_programs(
    shared: Mapping[str, str], *, redis: RedisAddresses, ports: Mapping[str, int]
) -> tuple[Program, ...]:
    """A media process for each region, which is given no other region's Redis."""
    environ = {
        key: value
        for key, value in shared.items()
        if key in MEDIA_ENVIRONMENT or key.startswith(MEDIA_SETTINGS)
    }
    return tuple(
        Program(
            f"media-{region}",
            (PYTHON, "-m", "telephony.media", "--region", region, "--port", str(port)),
            answers_http(f"http://{HOST}:{port}/health"),
            env={**environ, **redis.of_media(region)},
        )
        for region, port in ports.items()
    )


def carrier_program(shared: Mapping[str, str], *, port: int, state: Path) -> Program:
    """A carrier of this machine's own, which is given its account and nothing else."""
    names = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKENS")
    flags = ("--port", str(port), "--state", str(state))
    return Program(
        "carrier",
        (PYTHON, "-m", "programs.carrier_simulator", *flags),
        answers_http(f"http://{HOST}:{port}/health"),
        env={name: shared[name] for name in names},
    )


def web_command(port: int, internal_port: int) -> tuple[str, ...]:
    """The web plane with its two listeners on this machine."""
    public = ("--host", HOST, "--port", str(port))
    internal = ("--internal-host", HOST, "--internal-port", str(internal_port))
    return (PYTHON, "-m", "warmline.web", *public, *internal)


def stays_up(name: str) -> Probe:
    """Ready when the supervisor counts a process without an address as running."""

    def probe() -> str | None:
        try:
            status = process(name)
        except SupervisorUnavailable as error:
            return str(error)
        if status is None:
            return f"{name} is unknown"
        if status.state is not ProcessState.RUNNING:
            return f"{name} is {status.state.lower()}"
        return None

    return probe
