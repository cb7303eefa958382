"""A call on this process: opened with its token and claim,
kept alive, and closed so that nothing of it is left.
"""

import asyncio
import hmac
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

import msgspec
import redis.asyncio
import redis.exceptions
import structlog

from inference.fleet import leases
from telephony import media_link
from telephony.media.audio.carrier_stream import CarrierStream
from telephony.media.audio.wire import Media, Start
from telephony.media.metrics import CALLS_ENDED
from telephony.media.session.call_resources import CallResources, Shared
from telephony.media.session.caller_session import CallerSession
from telephony.media.session.context import Conversation, decode_conversation
from telephony.media.session.shadow_session import ShadowSession
from warmline.kernel.call import CallEnded, CallPlan, EndReason, Recorded
from warmline.kernel.errors import NotAllowed
from warmline.kernel.wanted import wanted

log = structlog.get_logger()

REDIS_S: Final = 2.0
RENEW_S: Final = 10.0
MIN_RECORDED_S: Final = 0.5

Refusal = Literal[
    "no_call", "unknown_call", "wrong_token", "held", "ended", "bad_plan", "bad_audio", "redis_away"
]


class Refused(NotAllowed):
    """This stream may not begin; `reason` is counted."""

    def __init__(self, reason: Refusal, expected: str) -> None:
        super().__init__(f"stream refused ({reason}): {expected}")
        self.reason = reason


class Session(Protocol):
    """A call as the socket sees it."""

    def media(self, message: Media) -> None:
        """Audio of one track."""

    def mark(self, name: str) -> None:
        """Playback reached a mark."""

    def dtmf(self, digit: str) -> None:
        """A key was pressed."""

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


async def open_call(client: redis.asyncio.Redis, start: Start, *, worker: str) -> GrantedStream:
    """Check the stream's token against the call's plan and claim the call;
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
            plan = await media_link.read_plan(client, call_id)
            if plan is None:
                raise Refused("unknown_call", "the id of a call that was answered expected")
            if not hmac.compare_digest(
                plan.token.encode(), start.parameters.get("token", "").encode()
            ):
                raise Refused("wrong_token", "the call's own token expected")
            holder = f"{worker} {start.stream_id}"
            claim = await media_link.claim_stream(client, plan.call_id, holder=holder)
            if not claim.granted:
                raise Refused(
                    "held" if claim.because == "held" else "ended",
                    "one stream for one call expected",
                )
            earlier = (
                await media_link.read_spoken(client, plan.call_id) if claim.epoch > 1 else None
            )
            return GrantedStream(
                plan, claim.epoch, holder, decode_conversation(earlier) if earlier else None
            )
    except (redis.exceptions.RedisError, TimeoutError, OSError) as away:
        raise Refused("redis_away", "the region's Redis to answer expected") from away
    except msgspec.MsgspecError as wrong:
        raise Refused("bad_plan", str(wrong)) from wrong


def session_of(
    opened: GrantedStream, line: CarrierStream, start: Start, shared: Shared
) -> tuple[Session, CallResources]:
    """The session that the plan's audience asks for."""
    parts = CallResources(opened.plan, shared, epoch=opened.epoch, earlier=opened.earlier)
    if opened.plan.audience == "screen":
        return ShadowSession(parts, stream_id=start.stream_id), parts
    return CallerSession(parts, line, stream_id=start.stream_id, tracks=start.tracks), parts


async def run_call(
    client: redis.asyncio.Redis,
    opened: GrantedStream,
    session: Session,
    parts: CallResources,
    line: CarrierStream,
) -> None:
    """Run the call to its end, whatever happens, and close it:
    reason, socket, recording, last event.
    """
    call_id = opened.plan.call_id
    renewing = asyncio.create_task(_renew(client, opened, session))
    reason: EndReason = "media_failed"
    try:
        reason = await session.run()
    except (
        Exception
    ):  # the process carries other calls: this one ends, its carrier's next verb takes over
        log.exception("call failed", call=call_id)
    finally:
        renewing.cancel()
        parts.ladder.close()
        CALLS_ENDED.labels(reason).inc()
        log.info("call ended", call=call_id, reason=reason, turns=parts.turn, epoch=opened.epoch)
    await _close(client, opened, parts, line, reason)


async def _close(
    client: redis.asyncio.Redis,
    opened: GrantedStream,
    parts: CallResources,
    line: CarrierStream,
    reason: EndReason,
) -> None:
    # The reason first: the carrier asks for it as soon as its socket closes.
    mine = await _within(
        media_link.release_stream(client, opened.plan.call_id, holder=opened.holder, reason=reason)
    )
    if mine is None and reason != "stream_lost":
        await parts.web.tell_end(reason)
    line.close()
    if parts.recording.seconds >= MIN_RECORDED_S:
        wav = await asyncio.to_thread(parts.recording.wav)
        if await parts.web.keep_recording(wav, epoch=opened.epoch):
            parts.journal.add(Recorded(round(parts.recording.seconds, 2)))
    if reason in media_link.RESUMABLE:
        return  # the carrier may bring the call back; if not, its last status report ends it
    if mine is False:
        return  # it goes on elsewhere: its slots and its end are that process's
    for pool in opened.plan.leases:
        await _within(leases.release_async(client, pool, opened.plan.call_id))
    parts.journal.add(CallEnded(reason, round(parts.clock_ms() / 1000, 2)))


async def _renew(client: redis.asyncio.Redis, opened: GrantedStream, session: Session) -> None:
    """Keep the claim and the leased slots;
    a call that another process has taken up is left to it.
    """
    while wanted():
        await asyncio.sleep(RENEW_S)
        still = await _within(
            media_link.renew_stream(client, opened.plan.call_id, holder=opened.holder)
        )
        if still is False:
            log.warning("call taken up elsewhere", call=opened.plan.call_id, epoch=opened.epoch)
            session.hang_up("stream_lost")
            return
        for pool in opened.plan.leases:
            await _within(leases.renew_async(client, pool, opened.plan.call_id))


async def _within(asked: Coroutine[Any, Any, bool]) -> bool | None:
    """Redis's answer; None while it is away, which no call waits for."""
    try:
        async with asyncio.timeout(REDIS_S):
            return await asked
    except (redis.exceptions.RedisError, TimeoutError, OSError) as away:
        log.warning("redis away", why=type(away).__name__)
        return None
