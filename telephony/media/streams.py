"""A call on this process: opened by its token and claim, kept alive, and closed."""

import asyncio
import hmac
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

import msgspec
import redis.asyncio
import redis.exceptions
import structlog

from inference.fleet import leases
from telephony import media_link
from telephony.carriers.wire import Media, Start
from telephony.media.audio.carrier_stream import CarrierStream
from telephony.media.metrics import CALLS_ENDED
from telephony.media.session.call_resources import CallResources, SharedResources
from telephony.media.session.caller_session import CallerSession
from telephony.media.session.shadow_session import ShadowSession
from warmline.kernel.call import CallEnded, CallPlan, EndReason, Recorded
from warmline.kernel.cancellation import not_cancelled
from warmline.kernel.conversation import Conversation, decode_conversation
from warmline.kernel.errors import NotAllowed

log = structlog.get_logger()

REDIS_S: Final = 2.0
RENEW_S: Final = 10.0
MIN_RECORDED_S: Final = 0.5

Refusal = Literal[
    "no_call",
    "unknown_call",
    "wrong_token",
    "expired",
    "held",
    "ended",
    "bad_plan",
    "bad_audio",
    "redis_away",
]


class Refused(NotAllowed):
    """This stream may not begin; `reason` is counted."""

    def __init__(self, reason: Refusal, expected: str) -> None:
        super().__init__(f"stream refused ({reason}): {expected}")
        self.reason = reason


class CallSession(Protocol):
    """A call as the socket sees it."""

    def media(self, message: Media) -> None:
        """Audio of one track."""

    def mark(self, name: str) -> None:
        """Playback reached a mark."""

    def dtmf(self, digit: str) -> None:
        """A key was pressed."""

    def written(self, text: str) -> None:
        """Words came that the caller wrote."""

    def hang_up(self, reason: EndReason) -> None:
        """The call is over."""

    async def run(self) -> EndReason:
        """From the first frame to the end; why it ended."""


@dataclass(frozen=True, slots=True)
class GrantedStream:
    """A stream that was granted its call."""

    plan: CallPlan
    epoch: int
    holder: str
    earlier: Conversation | None


@dataclass(frozen=True, slots=True)
class RunningCall:
    """A granted stream with all that its call needs here."""

    granted: GrantedStream
    resources: CallResources
    carrier_stream: CarrierStream
    session: CallSession


async def open_call(client: redis.asyncio.Redis, start: Start, *, worker: str) -> GrantedStream:
    """Check the stream's token against the call's plan and claim the call.

    `Refused` says why not.
    """
    if start.encoding != "audio/x-mulaw" or start.sample_rate_hz != 8000:
        raise Refused(
            "bad_audio",
            f"µ-law at 8000 Hz expected, got {start.encoding} at {start.sample_rate_hz}"[:200],
        )
    call_id = start.parameters.get("call", "")
    if not 0 < len(call_id) <= 64:
        raise Refused("no_call", "a parameter `call` with the call's id expected")
    try:
        async with asyncio.timeout(REDIS_S):
            stored = await media_link.read_plan(client, call_id)
            plan = _granted_plan(stored, start.parameters.get("token", ""))
            return await _claim(client, plan, holder=f"{worker} {start.stream_id}")
    except (redis.exceptions.RedisError, TimeoutError, OSError) as error:
        raise Refused("redis_away", "the region's Redis to answer expected") from error
    except msgspec.MsgspecError as error:
        raise Refused("bad_plan", str(error)) from error


def _granted_plan(plan: CallPlan | None, token: str) -> CallPlan:
    if plan is None:
        raise Refused("unknown_call", "the id of a call that was answered expected")
    if not hmac.compare_digest((plan.ticket or plan.token).encode(), token.encode()):
        raise Refused("wrong_token", "the call's own token expected")
    until = plan.ticket_until if plan.ticket else plan.until
    if until and until < time.time():
        raise Refused("expired", "a token that has not expired expected")
    return plan


async def _claim(client: redis.asyncio.Redis, plan: CallPlan, *, holder: str) -> GrantedStream:
    claim = await media_link.claim_stream(client, plan.call_id, holder=holder)
    if not claim.granted:
        reason: Refusal = "held" if claim.because == "held" else "ended"
        raise Refused(reason, "one stream for one call expected")
    if plan.ticket and claim.epoch > 1:
        await media_link.release_stream(
            client, plan.call_id, holder=holder, reason="caller_hung_up"
        )
        raise Refused("ended", "a ticket that was not used before expected")
    if claim.epoch == 1:
        return GrantedStream(plan, claim.epoch, holder, earlier=None)
    stored = await media_link.read_conversation(client, plan.call_id)
    earlier = decode_conversation(stored) if stored else None
    return GrantedStream(plan, claim.epoch, holder, earlier)


def set_up(
    granted: GrantedStream, carrier_stream: CarrierStream, start: Start, shared: SharedResources
) -> RunningCall:
    """The call with the session that its plan's audience asks for."""
    plan = granted.plan
    resources = CallResources(plan, shared, epoch=granted.epoch, earlier=granted.earlier)
    session: CallSession
    if plan.audience == "screen":
        session = ShadowSession(resources, stream_id=start.stream_id)
    else:
        session = CallerSession(
            resources, carrier_stream, stream_id=start.stream_id, tracks=start.tracks
        )
    return RunningCall(granted, resources, carrier_stream, session)


async def run_call(client: redis.asyncio.Redis, call: RunningCall) -> None:
    """Run the call to its end, whatever happens; then tell why, close, record, and report it."""
    granted, resources = call.granted, call.resources
    call_id = granted.plan.call_id
    renewing = asyncio.create_task(_renew(client, granted, call.session))
    reason: EndReason = "media_failed"
    try:
        reason = await call.session.run()
    except Exception:
        # The process carries other calls: the carrier's next verb takes this one over.
        log.exception("call failed", call=call_id)
    finally:
        renewing.cancel()
        resources.ladder.close()
        CALLS_ENDED.labels(reason).inc()
        turns, epoch = resources.turn, granted.epoch
        log.info("call ended", call=call_id, reason=reason, turns=turns, epoch=epoch)
    await _close(client, call, reason)


async def _close(client: redis.asyncio.Redis, call: RunningCall, reason: EndReason) -> None:
    granted, resources = call.granted, call.resources
    call_id = granted.plan.call_id
    resources.journal.release()
    # The reason first: the carrier asks for it as soon as its socket closes.
    released = await _within(
        media_link.release_stream(client, call_id, holder=granted.holder, reason=reason)
    )
    if released is None and reason != "stream_lost":
        await resources.web.tell_end(reason)
    call.carrier_stream.close()
    await _keep_recording(resources, epoch=granted.epoch)
    if reason in media_link.RESUMABLE:
        return  # the carrier may bring the call back; if not, its last status report ends it
    if released is False:
        return  # another process has taken it up: its slots and its end are that process's
    for pool in granted.plan.leases:
        await _within(leases.release_async(client, pool, call_id))
    resources.journal.add(CallEnded(reason, round(resources.clock_ms() / 1000, 2)))


async def _keep_recording(resources: CallResources, *, epoch: int) -> None:
    recording = await asyncio.to_thread(resources.recording.finished)
    if recording.seconds < MIN_RECORDED_S:
        return
    if await resources.web.keep_recording(
        recording.wav, epoch=epoch, starts_ms=recording.starts_ms
    ):
        resources.journal.add(Recorded(round(recording.seconds, 2)))


async def _renew(client: redis.asyncio.Redis, granted: GrantedStream, session: CallSession) -> None:
    """Keep the claim and the leased slots.

    A call that another process has taken up is left to it.
    """
    while not_cancelled():
        await asyncio.sleep(RENEW_S)
        still = await _within(
            media_link.renew_stream(client, granted.plan.call_id, holder=granted.holder)
        )
        if still is False:
            log.warning("call taken up elsewhere", call=granted.plan.call_id, epoch=granted.epoch)
            session.hang_up("stream_lost")
            return
        for pool in granted.plan.leases:
            await _within(leases.renew_async(client, pool, granted.plan.call_id))


async def _within(asked: Coroutine[Any, Any, bool]) -> bool | None:
    """Redis's answer; None while it is away, which no call waits for."""
    try:
        async with asyncio.timeout(REDIS_S):
            return await asked
    except (redis.exceptions.RedisError, TimeoutError, OSError) as error:
        log.warning("redis away", why=type(error).__name__)
        return None
