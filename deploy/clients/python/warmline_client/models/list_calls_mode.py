from typing import Literal

ListCallsMode = Literal['live', 'shadow']

LIST_CALLS_MODE_VALUES: set[ListCallsMode] = { 'live', 'shadow',  }

def check_list_calls_mode(value: str) -> ListCallsMode:
    if value in LIST_CALLS_MODE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_CALLS_MODE_VALUES!r}")
