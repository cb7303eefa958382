from typing import Literal

ExportCallsEndReason = Literal['agent_said_goodbye', 'caller_hung_up', 'human_answered', 'media_failed', 'no_capacity', 'refused', 'stream_lost', 'too_long', 'transferred']

EXPORT_CALLS_END_REASON_VALUES: set[ExportCallsEndReason] = { 'agent_said_goodbye', 'caller_hung_up', 'human_answered', 'media_failed', 'no_capacity', 'refused', 'stream_lost', 'too_long', 'transferred',  }

def check_export_calls_end_reason(value: str) -> ExportCallsEndReason:
    if value in EXPORT_CALLS_END_REASON_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {EXPORT_CALLS_END_REASON_VALUES!r}")
