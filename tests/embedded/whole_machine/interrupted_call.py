"""One demo call in the middle of which a process dies:
`python -m tests.embedded.whole_machine.interrupted_call NAME WHEN`.

Runs beside a machine that is up, with that machine's environment. NAME is a process as the
supervisor calls it (its beginning is enough for a replica), WHEN the kind of event of the caller's
first turn at which it is killed. What came of it is told as one line of JSON.
"""

import asyncio
import faulthandler
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import cast

import django
import msgspec
import redis.asyncio

django.setup()

from asgiref.sync import sync_to_async
from django.conf import settings

from dashboard.demo import watching
from dashboard.demo.scenario import CALLS
from dashboard.demo.seeding import sign_ins
from programs.carrier_simulator.carrier import Carrier
from programs.carrier_simulator.results import CallResult
from telephony.calls import queries
from telephony.carriers.twilio.account import account
from telephony.media_link import EVENTS_STREAM, decode_stored_event
from tenants.context import as_tenant
from warmline.kernel import supervision
from warmline.kernel.call import AgentSentence, CallerTurn, CallEvent, SentenceHeard
from warmline.kernel.cancellation import not_cancelled
from warmline.kernel.regions import RegionCode, redis_urls

WARM_S, ON_THE_LINE_S, RECORDED_S, BACK_S = 300.0, 150.0, 30.0, 60.0
# The sum of them and a little: who still waits then says where.
AT_MOST_S = 570.0
CALL = CALLS[0]  # the plumber's customer, near us-east


# What XREAD answers: for each stream its entries, each a number and its fields.
Streams = list[tuple[bytes, list[tuple[bytes, dict[bytes, bytes]]]]]


class Came(msgspec.Struct):
    """What came of the call: on the line,
    in the region's stream while it ran, and in the database afterwards.
    """

    killed: bool
    back: bool
    failed: str
    unanswered: list[str]
    gave_up: list[str]
    refused: list[str]
    verbs: list[str]
    spoken_by_carrier: list[str]
    seen: list[str]
    heard: list[str]
    kept: list[str]
    kept_heard: list[str]
    state: str
    end_reason: str


class Watcher:
    """Collects the call's words as they leave the media plane,
    and kills a process at the given moment.
    """

    def __init__(self, name: str, when: str) -> None:
        self.name, self.when = name, when
        self.victim: int | None = None
        self.seen: list[str] = []
        self.heard: list[str] = []

    def show(self, event: CallEvent) -> None:
        """One event of any call; there is only this one."""
        match event.happening:
            case CallerTurn(text=text) | AgentSentence(text=text):
                self.seen.append(text)
            case SentenceHeard(heard=text):
                self.heard.append(text)
        happening = event.happening
        if (
            self.victim is None
            and happening.__struct_config__.tag == self.when
            and getattr(happening, "turn", 0) == 1
        ):
            self.victim = pid_of(self.name)
            assert self.victim is not None, f"no process {self.name} runs"
            os.killpg(os.getpgid(self.victim), signal.SIGKILL)


def pid_of(name: str) -> int | None:
    """The process of that name, or with that beginning, while it runs."""
    return next(
        (
            status.pid
            for status in supervision.processes()
            if status.name.startswith(name) and status.pid
        ),
        None,
    )


async def follow_stream(region: RegionCode, *, show: Callable[[CallEvent], None]) -> None:
    """Every event of the region from now on, as it leaves the media plane, until cancelled."""
    # An answer is due a second after the question: a Redis that has stopped answering must not keep
    # its follower.
    async with redis.asyncio.Redis.from_url(
        redis_urls()[region], socket_timeout=5, socket_connect_timeout=5
    ) as client:
        # Not "$": what is written between two questions would be lost.
        newest = cast("list[tuple[bytes, object]]", await client.xrevrange(EVENTS_STREAM, count=1))
        last: bytes | str = newest[0][0] if newest else "0-0"
        while not_cancelled():
            streams = cast(
                "Streams", await client.xread({EVENTS_STREAM: last}, count=100, block=1000)
            )
            for _, entries in streams:
                for number, fields in entries:
                    last = number
                    show(decode_stored_event(fields))


async def call(watcher: Watcher) -> CallResult:
    """The call with its watcher."""
    followers = [
        asyncio.create_task(follow_stream(region, show=watcher.show)) for region in redis_urls()
    ]
    async with Carrier(
        public_url=settings.PUBLIC_URL,
        account_sid=account().sid,
        auth_token=account().auth_tokens[0],
        people={},
        max_call_s=ON_THE_LINE_S,
    ) as carrier:
        result = await carrier.call(CALL.caller, CALL.dialled, script=CALL.script)
    await asyncio.sleep(1)  # the last events leave after the line is closed
    for follower in followers:
        follower.cancel()
    for how in await asyncio.gather(*followers, return_exceptions=True):
        if isinstance(how, Exception):
            raise how
    return result


def read_back(result: CallResult, watcher: Watcher) -> Came:
    """The call as the database has it once it is over there, or after half a minute as it is."""
    tenant = next(sign_in.tenant_id for sign_in in sign_ins() if sign_in.slug == CALL.tenant)
    deadline = time.monotonic() + RECORDED_S
    while True:
        with as_tenant(tenant):
            row = queries.call_by_carrier(result.call_sid, carrier="twilio")
            assert row is not None, "the call has no row"
            page = queries.call_page(row.pk)
        if (
            set(watcher.seen) <= {line.text for line in page.transcript}
            and row.ended_at is not None
        ):
            break
        if time.monotonic() > deadline:
            break
        time.sleep(0.5)
    return Came(
        killed=watcher.victim is not None,
        back=is_back(watcher),
        failed=result.failed,
        unanswered=result.unanswered,
        gave_up=result.gave_up,
        refused=result.refused,
        verbs=result.verbs,
        spoken_by_carrier=result.spoken_by_carrier,
        seen=watcher.seen,
        heard=watcher.heard,
        kept=[line.text for line in page.transcript],
        kept_heard=[line.heard for line in page.transcript],
        state=row.state,
        end_reason=row.end_reason,
    )


def is_back(watcher: Watcher) -> bool:
    """Whether another process stands in the killed one's place."""
    deadline = time.monotonic() + BACK_S
    while time.monotonic() < deadline:
        if pid_of(watcher.name) not in (None, watcher.victim):
            return True
        time.sleep(0.5)
    return False


async def main(name: str, when: str) -> None:
    """Wait for warmth, call, kill, read back."""
    faulthandler.dump_traceback_later(AT_MOST_S + 10, exit=True)
    async with asyncio.timeout(AT_MOST_S):
        came = await interrupted(name, when)
    sys.stdout.write(msgspec.json.encode(came).decode() + "\n")


async def interrupted(name: str, when: str) -> Came:
    """What came of the call."""
    warm = await watching.wait_until_warm(
        regions=tuple(redis_urls()), at_most_s=WARM_S, say=lambda _: None
    )
    assert len(warm.regions) == len(redis_urls()), f"only {warm.regions} became warm: {warm.faults}"
    watcher = Watcher(name, when)
    result = await call(watcher)
    return await sync_to_async(read_back)(result, watcher)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
