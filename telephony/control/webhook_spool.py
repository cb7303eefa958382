"""What the carrier said while Postgres could not hear it: kept in a region's Redis until the
recorder writes it.

`carrier:{carrier call id}` remembers how a call was answered, so that its copies get the same
answer and a commit whose outcome was lost is not done twice. The stream `webhooks` holds what is
still to be written.
"""

from collections.abc import Sequence
from typing import Final, cast
from zlib import crc32

import msgspec
import redis
import structlog

from telephony.control import regional_redis
from telephony.types import AnsweredCall, CarrierReport
from warmline.kernel.call import EndReason
from warmline.kernel.errors import Unavailable
from warmline.kernel.regions import RegionCode

log = structlog.get_logger()

STREAM: Final = "webhooks"
FIELD: Final = "webhook"
MAXLEN: Final = 100_000
_REMEMBER_S: Final = 4 * 3600

_decode_opened = msgspec.json.Decoder(AnsweredCall).decode


def carrier_key(carrier_call_id: str) -> str:
    """Where the answer to a carrier's call is remembered."""
    return f"carrier:{carrier_call_id}"


def remember(opened: AnsweredCall) -> AnsweredCall:
    """Remember how the call was answered; if a copy was quicker, what that one was answered.

    The call's id decides which region remembers it, and the next one does when that is away.
    Without any Redis the call is answered all the same.
    """
    for region, client in _by_call(opened.carrier_call_id):
        try:
            key = carrier_key(opened.carrier_call_id)
            raw = client.set(key, msgspec.json.encode(opened), nx=True, get=True, ex=_REMEMBER_S)
        except redis.RedisError as away:
            log.warning("inbox away", region=region, why=type(away).__name__)
            continue
        return _decode_opened(raw) if isinstance(raw, bytes) else opened
    return opened


def recall(carrier_call_id: str) -> AnsweredCall | None:
    """How the carrier's call was answered, from whichever region remembers it."""
    return _recall(_by_call(carrier_call_id), carrier_call_id)


def _recall(
    regions: Sequence[tuple[RegionCode, "redis.Redis"]], carrier_call_id: str
) -> AnsweredCall | None:
    for region, client in regions:
        try:
            raw = client.get(carrier_key(carrier_call_id))
        except redis.RedisError as away:
            log.warning("inbox away", region=region, why=type(away).__name__)
            continue
        if isinstance(raw, bytes):
            return _decode_opened(raw)
    return None


class Elsewhere(msgspec.Struct, frozen=True):
    """What the carrier was told when its call went to another region."""

    region: RegionCode
    answer: str


_decode_elsewhere = msgspec.json.Decoder(Elsewhere).decode


def moved_before(question: str) -> Elsewhere | None:
    """What this very question was answered with before,
    from whichever region remembers it and does not rest.
    """
    for region, client in _awake(question):
        try:
            raw = client.get(_moved_key(question))
        except redis.RedisError as away:
            log.warning("inbox away", region=region, why=type(away).__name__)
            continue
        if isinstance(raw, bytes):
            return _decode_elsewhere(raw)
    return None


def remember_moved(question: str, answer: Elsewhere) -> Elsewhere:
    """Remember the answer to a question;
    if a copy of it was quicker, what that one was answered.
    """
    for region, client in _by_call(question):
        try:
            raw = client.set(
                _moved_key(question), msgspec.json.encode(answer), nx=True, get=True, ex=_REMEMBER_S
            )
        except redis.RedisError as away:
            log.warning("inbox away", region=region, why=type(away).__name__)
            continue
        return _decode_elsewhere(raw) if isinstance(raw, bytes) else answer
    return answer


def note_end(call_id: str, *, region: str, reason: EndReason) -> None:
    """Remember why a call ended in a region whose own Redis could not be told;
    `Unavailable` when none can be.
    """
    for away, client in _by_call(call_id):
        try:
            client.set(_end_key(call_id, region), reason, ex=_REMEMBER_S)
        except redis.RedisError as wrong:
            log.warning("inbox away", region=away, why=type(wrong).__name__)
            continue
        return
    raise Unavailable("no region's Redis can keep this now")


def known_end(call_id: str, *, region: str) -> EndReason | None:
    """Why a call ended in a region whose own Redis is away; None when nobody told."""
    for away, client in _awake(call_id):
        try:
            raw = client.get(_end_key(call_id, region))
        except redis.RedisError as wrong:
            log.warning("inbox away", region=away, why=type(wrong).__name__)
            continue
        if isinstance(raw, bytes):
            return cast("EndReason", raw.decode())
    return None


def note_region(carrier_call_id: str, *, region: RegionCode, leases: tuple[str, ...]) -> None:
    """The call is in another region now:
    what was remembered of it says so, wherever that can be written.
    """
    opened = _recall(_awake(carrier_call_id), carrier_call_id)
    if opened is None:
        return
    raw = msgspec.json.encode(msgspec.structs.replace(opened, region=region, leases=leases))
    written = False
    for _, client in _awake(carrier_call_id):
        try:
            client.set(carrier_key(carrier_call_id), raw, xx=written, ex=_REMEMBER_S)
        except redis.RedisError:
            continue  # it was said above
        written = True


def put_opened(opened: AnsweredCall) -> None:
    """Have the recorder write the call's row.
    Without any Redis the call goes on unwritten, and the log says so.
    """
    try:
        _put(opened, first=opened.region)
    except Unavailable:
        log.error("call not kept", carrier_call=opened.carrier_call_id)


def put_report(report: CarrierReport) -> None:
    """Have the recorder write what the carrier said of a call;
    `Unavailable` when no region's Redis answers.
    """
    opened = recall(report.carrier_call_id)
    _put(report, first=opened.region if opened else "")


def _put(entry: AnsweredCall | CarrierReport, *, first: str) -> None:
    for region, client in _from(first):
        try:
            client.xadd(
                STREAM, {FIELD: msgspec.json.encode(entry)}, maxlen=MAXLEN, approximate=True
            )
        except redis.RedisError as away:
            log.warning("inbox away", region=region, why=type(away).__name__)
            continue
        return
    raise Unavailable("neither Postgres nor any region's Redis can keep this now")


def _moved_key(question: str) -> str:
    return f"moved:{question}"


def _end_key(call_id: str, region: str) -> str:
    return f"ended:{call_id}:{region}"


def _by_call(carrier_call_id: str) -> list[tuple[RegionCode, "redis.Redis"]]:
    """The regions in an order of this call's own (rendezvous hashing), the same for every process
    that sees them well.

    One that did not answer a moment ago comes last.
    """

    def place(each: tuple[RegionCode, "redis.Redis"]) -> tuple[bool, int]:
        return regional_redis.rests(each[0]), crc32(f"{carrier_call_id} {each[0]}".encode())

    return sorted(regional_redis.clients(), key=place)


def _awake(carrier_call_id: str) -> list[tuple[RegionCode, "redis.Redis"]]:
    """As `_by_call` without those that rest:
    where mostly nothing is found, nobody is waited for.
    """
    return [each for each in _by_call(carrier_call_id) if not regional_redis.rests(each[0])]


def _from(first: str) -> list[tuple[RegionCode, "redis.Redis"]]:
    return sorted(regional_redis.clients(), key=lambda each: each[0] != first)
