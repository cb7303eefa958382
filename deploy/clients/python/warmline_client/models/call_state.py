from typing import Literal

CallState = Literal['ended', 'handed_over', 'live', 'ringing']

CALL_STATE_VALUES: set[CallState] = { 'ended', 'handed_over', 'live', 'ringing',  }

def check_call_state(value: str) -> CallState:
    if value in CALL_STATE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {CALL_STATE_VALUES!r}")
