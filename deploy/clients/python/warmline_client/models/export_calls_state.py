from typing import Literal

ExportCallsState = Literal['ended', 'handed_over', 'live', 'ringing']

EXPORT_CALLS_STATE_VALUES: set[ExportCallsState] = { 'ended', 'handed_over', 'live', 'ringing',  }

def check_export_calls_state(value: str) -> ExportCallsState:
    if value in EXPORT_CALLS_STATE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {EXPORT_CALLS_STATE_VALUES!r}")
