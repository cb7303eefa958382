"""On real parts: a region's media plane and Redis are killed in the middle of a call, and another
region goes on.

Two Valkeys, a media process for each, the web plane, the recorder, and the simulated carrier that
follows TwiML.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
import redis

from inference.fleet import snapshots
from inference.types import Pool, Replica, Snapshot
from programs.carrier_simulator.audio import voice
from programs.carrier_simulator.carrier import Carrier
from programs.carrier_simulator.results import CallResult
from programs.carrier_simulator.script import EndCall, Listen, Say
from telephony import media_link
from telephony.calls import queries
from telephony.calls.listing.pages import calls_page
from telephony.calls.types import CallPage
from telephony.carriers.twilio.account import account
from tenants.actions import create_tenant
from tenants.context import as_tenant, run_as_tenant
from tests import services
from tests.telephony.conftest import EU, NEW_YORKER, PLUMBER, REGIONS, ROLES, US, give_number
from tests.telephony.media.valkey import Valkey
from warmline.embedded.planes import web_command
from warmline.embedded.ports import HOST, choose_port, is_free
from warmline.embedded.programs import Program, answers_http
from warmline.embedded.running import running
from warmline.kernel.call import AgentSentence, CallEvent
from warmline.kernel.ids import ReplicaId, TenantId
from warmline.kernel.regions import RegionCode

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]

EVER = UUID(int=0)
GREETING = "Hello, this is Rivertown Plumbing."
ANSWER = (
    "This is the first sentence of an answer. And this is the second sentence of it, a longer one."
)
WRITTEN_S, ON_THE_LINE_S = 60.0, 90.0
CALL = (
    Listen(),
    Say(voice("plumbing_question")),
    Listen(at_most_s=40),
    Say(voice("yes_please")),
    Listen(),
    EndCall(),
)


@dataclass
class Machine:
    """What runs, and what may be killed of it."""

    url: str
    tenant_id: TenantId
    valkeys: dict[RegionCode, Valkey]
    media: dict[RegionCode, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def events(self, region: RegionCode) -> list[CallEvent]:
        """What left a region's media plane so far, whether it waits there or is a row."""
        stored = self.valkeys[region].client().xrange(media_link.EVENTS_STREAM)
        waiting = [
            media_link.decode_stored_event(fields)
            for _, fields in cast("list[tuple[bytes, dict[bytes, bytes]]]", stored)
        ]
        with as_tenant(self.tenant_id):
            written = [recorded.event for recorded in queries.events_since(EVER)]
        events = {(event.epoch, event.number): event for event in (*written, *waiting)}
        return [event for _, event in sorted(events.items()) if event.region == region]

    def kill_media(self, region: RegionCode) -> None:
        """At once, with all that it carries."""
        os.killpg(os.getpgid(self.media[region].pid), signal.SIGKILL)

    def page(self) -> CallPage:
        """The only call."""
        with as_tenant(self.tenant_id):
            [line] = calls_page().items
            return queries.call_page(line.id)


@pytest.fixture
def valkeys(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[RegionCode, Valkey]]:
    """One for each region, on its own."""
    with tempfile.TemporaryDirectory(prefix="wl-") as folder:
        valkeys = {region.code: Valkey(Path(folder) / region.code) for region in REGIONS}
        for valkey in valkeys.values():
            valkey.folder.mkdir()
            valkey.start()
        urls = {code: valkey.url for code, valkey in valkeys.items()}
        monkeypatch.setenv("WARMLINE_REGIONS_REDIS", json.dumps(urls))
        snapshots.forget()
        yield valkeys
        for valkey in valkeys.values():
            valkey.kill()
    snapshots.forget()


@pytest.fixture
def machine(db: None, valkeys: dict[RegionCode, Valkey]) -> Iterator[Machine]:
    """Everything is up, and Rivertown Plumbing has a number."""
    taken: set[int] = set()
    stub_port, web_port, internal_port = (
        choose_port(f"WARMLINE_TEST_{name}_PORT", taken=taken)
        for name in ("STUB", "WEB", "INTERNAL")
    )
    stub = (
        "-m",
        "tests.fakes.replicas",
        "--port",
        str(stub_port),
        "--first-token-s",
        "0.05",
        "--reply-s",
        "4",
    )
    url = f"http://{HOST}:{web_port}"
    environ = {
        **os.environ,
        "PYTHONPATH": "platform",
        "WARMLINE_PUBLIC_URL": url,
        "WARMLINE_INTERNAL_URL": f"http://{HOST}:{internal_port}",
        "DJANGO_SETTINGS_MODULE": "warmline.settings",
    }
    web = web_command(web_port, internal_port)[1:]
    tenant_id = create_tenant(
        "rivertown", name="Rivertown Plumbing", vertical="homeservices"
    ).tenant_id
    put_pools(f"http://{HOST}:{stub_port}")
    give_number(tenant_id, PLUMBER, greeting=GREETING)
    up = Machine(url, tenant_id, valkeys)
    with ExitStack() as stack:

        def start(
            name: str, argv: tuple[str, ...], ready: Callable[[], str | None]
        ) -> "subprocess.Popen[bytes]":
            program = Program(name, (sys.executable, *argv), ready, env=environ, ready_s=60)
            return stack.enter_context(running(program, home=services.home))

        start("stub", stub, lambda: "no listener yet" if is_free(stub_port) else None)
        start("web", web, answers_http(f"{url}/healthz/live"))
        start("recorder", ("manage.py", "record_calls"), lambda: None)
        for region, valkey in valkeys.items():
            argv = ("-m", "telephony.media", "--region", region, "--port", "0")
            up.media[region] = start(f"media-{region}", argv, beats(valkey.client()))
        yield up


def beats(client: "redis.Redis") -> Callable[[], str | None]:
    """A media process lives in the region."""
    return lambda: None if media_link.media_workers(client) else "no heartbeat yet"


def put_pools(stub_url: str) -> None:
    """A warm replica for each role in both regions: one stub stands for all of them."""
    now = datetime.now(UTC)
    pools = tuple(Pool(region.code, role, "stub", 8) for region in REGIONS for role in ROLES)
    replicas = tuple(
        Replica(
            ReplicaId(pool.name),
            pool.name,
            pool.region,
            pool.role,
            "stub",
            stub_url,
            "warm",
            8,
            now,
        )
        for pool in pools
    )
    snapshots.put(
        Snapshot(int(now.timestamp() * 1e6), now, regions=REGIONS, pools=pools, replicas=replicas)
    )


async def call(machine: Machine, lose: Callable[[], None]) -> CallResult:
    """The call; its region is lost while the agent answers the caller's first question."""
    carrier = Carrier(
        public_url=machine.url,
        account_sid=account().sid,
        auth_token=account().auth_tokens[0],
        max_call_s=ON_THE_LINE_S,
    )
    async with carrier:
        calling = asyncio.create_task(carrier.call(NEW_YORKER, PLUMBER, script=CALL))
        written = await run_as_tenant(machine.tenant_id, queries.events_since, EVER)
        while not calling.done() and not answering([recorded.event for recorded in written]):
            await asyncio.sleep(0.05)
            written = await run_as_tenant(machine.tenant_id, queries.events_since, EVER)
        await asyncio.to_thread(lose)
        return await calling


def answering(events: list[CallEvent]) -> bool:
    """The agent has begun to answer the first question."""
    return any(
        isinstance(event.happening, AgentSentence) and event.happening.turn == 1 for event in events
    )


def until(machine: Machine, holds: Callable[[CallPage], bool]) -> CallPage:
    """The call's page once it is so; past the deadline as it is."""
    deadline = time.monotonic() + WRITTEN_S
    while not holds(page := machine.page()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return page


def said(page: CallPage) -> list[tuple[str, str]]:
    """Who said what, in order."""
    return [(line.speaker, line.text) for line in page.transcript]


def of_kind(happened: list[CallEvent], kind: type) -> list[Any]:
    """The happenings of one kind."""
    return [event.happening for event in happened if isinstance(event.happening, kind)]


@pytest.mark.parametrize(
    ("goes", "comes_back"), [(Valkey.kill, Valkey.start), (Valkey.freeze, Valkey.thaw)]
)
def test_media_and_redis_of_a_region_die_in_a_call_and_the_next_region_answers(
    machine: Machine, goes: Callable[[Valkey], None], comes_back: Callable[[Valkey], None]
) -> None:
    """Nobody is dialled, nothing is said twice, and when the old Redis is back the transcript is
    whole.
    """

    def lose() -> None:
        goes(machine.valkeys[US])
        machine.kill_media(US)

    result = asyncio.run(call(machine, lose))
    assert (result.failed, result.unanswered, result.gave_up, result.dialled) == ("", [], [], [])
    assert result.verbs == ["Connect", "Redirect", "Connect"]
    assert result.spoken_by_carrier == []
    there = machine.events(EU)
    assert {(event.region, event.epoch) for event in there} == {(EU, 2)}
    assert GREETING not in [sentence.text for sentence in of_kind(there, AgentSentence)]
    comes_back(machine.valkeys[US])
    here = machine.events(US)
    page = until(machine, lambda page: len(page.transcript) >= len(texts(here)) + len(texts(there)))
    assert said(page) == [*texts(here), *texts(there)]
    assert said(page)[0] == ("agent", GREETING)
    assert said(page)[1][0] == "caller"
    assert "lost you" in texts(there)[0][1]
    assert [speaker for speaker, _ in texts(there)].count("caller") == 1
    assert (page.call.state, page.call.region, page.call.end_reason) == (
        "ended",
        EU,
        "caller_hung_up",
    )


def texts(events: list[CallEvent]) -> list[tuple[str, str]]:
    """What a transcript shows of these events."""
    kinds = {"caller_turn": "caller", "agent_sentence": "agent"}
    happenings = [event.happening for event in events]
    return [
        (kinds[tag], getattr(happening, "text", ""))
        for happening in happenings
        if (tag := str(happening.__struct_config__.tag)) in kinds
    ]


def test_media_of_a_region_die_in_a_call_and_do_not_come_back(machine: Machine) -> None:
    """Its Redis lives: the caller holds once, then the next region goes on, and what was said is
    known there.
    """
    result = asyncio.run(call(machine, lambda: machine.kill_media(US)))
    assert (result.failed, result.unanswered, result.gave_up, result.dialled) == ("", [], [], [])
    assert result.verbs == ["Connect", "Redirect", "Say", "Pause", "Redirect", "Connect"]
    assert result.spoken_by_carrier == ["One moment please."]
    here, there = machine.events(US), machine.events(EU)
    page = until(machine, lambda page: len(page.transcript) >= len(texts(here)) + len(texts(there)))
    assert said(page) == [*texts(here), *texts(there)]
    assert page.call.region == EU
    leases = {f"lease:{region}/think/stub" for region in (US, EU)}
    assert [valkey.client().exists(*leases) for valkey in machine.valkeys.values()] == [0, 0]
