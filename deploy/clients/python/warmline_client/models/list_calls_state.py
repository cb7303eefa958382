from typing import Literal

ListCallsState = Literal['ended', 'handed_over', 'live', 'ringing']

LIST_CALLS_STATE_VALUES: set[ListCallsState] = { 'ended', 'handed_over', 'live', 'ringing',  }

def check_list_calls_state(value: str) -> ListCallsState:
    if value in LIST_CALLS_STATE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_CALLS_STATE_VALUES!r}")
