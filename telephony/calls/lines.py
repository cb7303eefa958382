"""A call's row as it stands in a list."""

from telephony.calls.types import CallLine
from telephony.models import Call
from warmline.kernel import clock


def line_of(call: Call) -> CallLine:
    """What a list shows of a call; of one that goes on, as of now."""
    until = call.ended_at or (clock.now() if call.answered_at else None)
    seconds = (until - call.answered_at).total_seconds() if until and call.answered_at else None
    return CallLine(
        id=call.pk,
        state=call.state,  # type: ignore[arg-type]  # the column's choices are the states
        outcome=call.outcome,  # type: ignore[arg-type]  # follows from facts alone
        from_number=call.from_number,
        to_number=call.to_number,
        region=call.region,
        vertical=call.vertical,
        agent_id=call.agent_id,
        agent_version_id=call.agent_version_id,
        mode="shadow" if call.audience == "screen" else "live",
        audience="screen" if call.audience == "screen" else "caller",
        started_at=call.started_at,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        end_reason=call.end_reason,
        seconds=max(0.0, seconds) if seconds is not None else None,
        turns=call.turns,
        first_audio_p50_ms=call.first_audio_p50_ms,
        first_audio_p95_ms=call.first_audio_p95_ms,
    )
