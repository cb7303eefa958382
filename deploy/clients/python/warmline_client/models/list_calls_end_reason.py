from typing import Literal

ListCallsEndReason = Literal['agent_said_goodbye', 'caller_hung_up', 'human_answered', 'media_failed', 'no_capacity', 'refused', 'stream_lost', 'too_long', 'transferred']

LIST_CALLS_END_REASON_VALUES: set[ListCallsEndReason] = { 'agent_said_goodbye', 'caller_hung_up', 'human_answered', 'media_failed', 'no_capacity', 'refused', 'stream_lost', 'too_long', 'transferred',  }

def check_list_calls_end_reason(value: str) -> ListCallsEndReason:
    if value in LIST_CALLS_END_REASON_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_CALLS_END_REASON_VALUES!r}")
