"""What the carrier said while Postgres was away, in a region's Redis for the recorder."""

from typing import Final

import msgspec
import redis
import structlog

from telephony.control import regional_redis
from telephony.control.answering import answer_memory
from telephony.types import AnsweredCall, CarrierReport
from warmline.kernel.errors import Unavailable

log = structlog.get_logger()

STREAM: Final = "webhooks"
FIELD: Final = "webhook"
MAXLEN: Final = 100_000


def put_call(call: AnsweredCall) -> None:
    """Have the recorder write the call's row.

    Without any Redis the call goes on unwritten, and the log says so.
    """
    try:
        _put(call, first=call.region)
    except Unavailable:
        log.error("call not kept", carrier_call=call.carrier_call_id)


def put_report(report: CarrierReport) -> None:
    """Have the recorder write what the carrier said of a call.

    `Unavailable` when no region's Redis answers.
    """
    call = answer_memory.recall_call(report.carrier_call_id, carrier=report.carrier)
    _put(report, first=call.region if call else "")


def _put(entry: AnsweredCall | CarrierReport, *, first: str) -> None:
    raw = msgspec.json.encode(entry)

    def add(client: "redis.Redis") -> object:
        return client.xadd(STREAM, {FIELD: raw}, maxlen=MAXLEN, approximate=True)

    regions = sorted(regional_redis.in_turn(), key=lambda region: region != first)
    if regional_redis.first_answer(add, regions=regions) is None:
        raise Unavailable("neither Postgres nor any region's Redis can keep this now")
