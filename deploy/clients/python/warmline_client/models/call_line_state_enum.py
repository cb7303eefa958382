from typing import Literal

CallLineStateEnum = Literal['ended', 'handed_over', 'live', 'ringing']

CALL_LINE_STATE_ENUM_VALUES: set[CallLineStateEnum] = { 'ended', 'handed_over', 'live', 'ringing',  }

def check_call_line_state_enum(value: str) -> CallLineStateEnum:
    if value in CALL_LINE_STATE_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {CALL_LINE_STATE_ENUM_VALUES!r}")
