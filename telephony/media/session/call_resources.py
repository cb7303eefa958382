"""What one call is made of, put together when its stream is claimed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import aiohttp

from inference.types import pool_name
from telephony.media.audio.recording import RecordingBuffer
from telephony.media.event_outbox import Journal, Outbox
from telephony.media.metrics import REPLICA_FAILURES
from telephony.media.replicas.endpoints import Endpoint
from telephony.media.replicas.failover_ladder import FailoverLadder
from telephony.media.replicas.llm import LlmClient
from telephony.media.replicas.replica_picker import ReplicaPicker
from telephony.media.replicas.tts import TtsCache, TtsClient
from telephony.media.session.context import Context
from telephony.media.speech.card_guard import CardGuard
from telephony.media.speech.tool_wishes import asked_for_person
from telephony.media.turn_end.smart_turn import SmartTurn
from telephony.media.web_plane import WebPlane
from warmline.kernel.call import CallPlan, ReplicaFailed
from warmline.kernel.circuit_breaker import CircuitBreaker
from warmline.kernel.clock import monotonic_ms, now
from warmline.kernel.conversation import Conversation
from warmline.kernel.roles import Role

RECORDING_SLACK_S: Final = 60
# Between two streams lie the carrier's question what comes next and at most two waits of 3 s.
MAX_AWAY_MS: Final = 60_000.0


@dataclass(frozen=True, slots=True)
class SharedResources:
    """What all calls of a process share."""

    http: aiohttp.ClientSession
    picker: ReplicaPicker
    outbox: Outbox
    cache: TtsCache
    knowledge: CircuitBreaker
    worker: str
    smart_turn: SmartTurn | None = None  # where its weights are


class CallClock:
    """Milliseconds since the call's audio started.

    After a take-over it goes on as if it had not been stopped, so that what was said and recorded
    has one timeline.
    """

    def __init__(
        self, *, from_ms: float = 0.0, monotonic: Callable[[], float] = monotonic_ms
    ) -> None:
        self._monotonic = monotonic
        self._zero_ms = monotonic() - from_ms

    def __call__(self) -> float:
        return self._monotonic() - self._zero_ms


class CallResources:
    """A call's plan and clock with its journal, ladder, clients and recording, until it ends."""

    def __init__(
        self,
        plan: CallPlan,
        shared: SharedResources,
        *,
        epoch: int,
        earlier: Conversation | None,
    ) -> None:
        self.plan = plan
        self.shared = shared
        self.epoch = epoch
        self.turn = earlier.turn if earlier else 0
        self.clock_ms = CallClock(from_ms=_goes_on_from(earlier) if earlier else 0.0)
        self.cards = CardGuard(plan.agent.language)
        self.context = Context(plan, earlier.messages if earlier else (), known=self.cards.known)
        # A person was asked for: what is said next is the last, and no interruption changes it.
        self.transferring = asked_for_person(self.context.messages)
        self.journal = Journal(plan, shared.outbox, epoch=epoch, clock_ms=self.clock_ms)
        self.ladder = FailoverLadder(plan, shared.picker, self._replica_failed)
        self.llm = LlmClient(shared.http, self.ladder, tools=plan.agent.tools)
        self.tts = TtsClient(shared.http, self.ladder, voice=plan.agent.voice, cache=shared.cache)
        self.web = WebPlane(shared.http, plan, shared.knowledge)
        self.recording = RecordingBuffer(
            max_seconds=plan.agent.limits.max_seconds + RECORDING_SLACK_S
        )

    def _replica_failed(self, role: Role, endpoint: Endpoint, why: str, after: str) -> None:
        REPLICA_FAILURES.labels(role).inc()
        rung = pool_name(endpoint.region, role, endpoint.model)
        self.journal.add(ReplicaFailed(self.turn, role, endpoint.replica, why, after, rung))


def _goes_on_from(earlier: Conversation) -> float:
    """The call's time now, by when its conversation was kept elsewhere."""
    if not earlier.kept_at:
        return earlier.at_ms
    away_ms = (now().timestamp() - earlier.kept_at) * 1000
    return earlier.at_ms + min(max(0.0, away_ms), MAX_AWAY_MS)
