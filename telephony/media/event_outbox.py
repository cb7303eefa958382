"""Events numbered by the call, sent in batches off the audio path, kept while Redis is away."""

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Final

import msgspec
import redis.asyncio
import redis.exceptions
import structlog

from telephony import media_link
from telephony.media.metrics import EVENTS_DROPPED, EVENTS_WAITING
from warmline.kernel.call import (
    BargeIn,
    CallEvent,
    CallPlan,
    CarrierRoundTrip,
    DtmfReceived,
    Happening,
    ReplicaFailed,
    Retrieved,
    SaidMeanwhile,
    TurnTimed,
)
from warmline.kernel.cancellation import not_cancelled
from warmline.kernel.clock import now
from warmline.kernel.ids import CallId

log = structlog.get_logger()

MAX_WAITING: Final = 100_000
BATCH: Final = 256
RETRY_S: Final = 0.5
# A process that dies meanwhile takes so much of a call's events with it.
HELD_S: Final = 20.0
_SEND_S: Final = 2.0
# These tell how a call went; the others are the call. Only these are dropped when too many wait.
_MEASUREMENTS: Final = (
    TurnTimed,
    SaidMeanwhile,
    Retrieved,
    BargeIn,
    DtmfReceived,
    ReplicaFailed,
    CarrierRoundTrip,
)


class Outbox:
    """One for the process. `put` never waits; `run` sends."""

    def __init__(self, client: redis.asyncio.Redis, *, max_waiting: int = MAX_WAITING) -> None:
        self._redis = client
        self._max_waiting = max_waiting
        self._events: deque[CallEvent] = deque()
        self._conversations: dict[CallId, bytes] = {}
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    def put(self, event: CallEvent) -> None:
        """Take an event.

        Past the bound measurements are dropped and counted, committed words never.
        """
        if len(self._events) >= self._max_waiting and isinstance(event.happening, _MEASUREMENTS):
            EVENTS_DROPPED.inc()
            return
        self._events.append(event)
        self._note_waiting()

    def keep(self, call_id: CallId, conversation: bytes) -> None:
        """Take a conversation to be stored; only the newest of a call counts."""
        self._conversations[call_id] = conversation
        self._note_waiting()

    @property
    def waiting(self) -> tuple[CallEvent, ...]:
        """Events that are not in Redis yet, oldest first."""
        return tuple(self._events)

    async def empty(self) -> None:
        """Wait until everything is in Redis."""
        await self._idle.wait()

    async def run(self) -> None:
        """Send for ever; while Redis is away, try again twice a second."""
        while not_cancelled():
            await self._wake.wait()
            self._wake.clear()
            while (self._events or self._conversations) and not_cancelled():
                try:
                    async with asyncio.timeout(_SEND_S):
                        await self._send()
                except (redis.exceptions.RedisError, TimeoutError, OSError) as error:
                    log.warning("events wait", waiting=len(self._events), why=type(error).__name__)
                    await asyncio.sleep(RETRY_S)
            EVENTS_WAITING.set(len(self._events))
            if not self._events:
                self._idle.set()

    async def _send(self) -> None:
        batch = [self._events[n] for n in range(min(BATCH, len(self._events)))]
        EVENTS_WAITING.set(len(self._events))
        if batch:
            # An answer that was lost makes a batch go twice: the recorder knows an event by call,
            # epoch and number.
            await media_link.publish_events(self._redis, batch)
            for _ in batch:
                self._events.popleft()
        for call_id, conversation in list(self._conversations.items()):
            await media_link.keep_conversation(self._redis, call_id, conversation)
            if self._conversations.get(call_id) is conversation:
                del self._conversations[call_id]

    def _note_waiting(self) -> None:
        self._idle.clear()
        self._wake.set()


class Journal:
    """One call's events, numbered from 1 in its epoch."""

    def __init__(
        self,
        plan: CallPlan,
        outbox: Outbox,
        *,
        epoch: int,
        clock_ms: Callable[[], float],
        today: Callable[[], datetime] = now,
    ) -> None:
        self._plan = plan
        self._outbox = outbox
        self._epoch = epoch
        self._clock_ms = clock_ms
        self._today = today
        self._number = 0
        self._held: list[CallEvent] = []  # not to be stored as they are, perhaps
        self._edit: Callable[[Happening], Happening] | None = None
        self._release: asyncio.TimerHandle | None = None
        self._followers: list[Callable[[Happening], None]] = []

    def follow(self, follower: Callable[[Happening], None]) -> None:
        """Have it told of everything that happens from now on, as it happens."""
        self._followers.append(follower)

    def add(self, happening: Happening) -> None:
        """Number what happened, with the time now, and put it into the outbox."""
        self._number += 1
        plan = self._plan
        event = CallEvent(
            plan.call_id,
            plan.tenant_id,
            plan.region,
            self._epoch,
            self._number,
            self._today(),
            self._clock_ms(),
            happening,
        )
        if self._edit is None:
            self._outbox.put(event)
        else:
            self._held.append(event)
        for follower in self._followers:
            follower(happening)

    def hold(self, edit: Callable[[Happening], Happening]) -> None:
        """Keep what happens from now on, 20 s at most: `edit` says how it may be stored then."""
        self._edit = edit
        if self._release is None:
            self._release = asyncio.get_running_loop().call_later(HELD_S, self.release)

    def release(self) -> None:
        """Put what was held into the outbox, edited, in its order."""
        if self._release is not None:
            self._release.cancel()
            self._release = None
        edit, self._edit = self._edit, None
        held, self._held = self._held, []
        for event in held:
            happening = event.happening if edit is None else edit(event.happening)
            self._outbox.put(msgspec.structs.replace(event, happening=happening))

    def keep(self, conversation: bytes) -> None:
        """Store the conversation so far."""
        self._outbox.keep(self._plan.call_id, conversation)
