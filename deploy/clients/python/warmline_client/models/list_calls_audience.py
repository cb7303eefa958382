from typing import Literal

ListCallsAudience = Literal['caller', 'screen']

LIST_CALLS_AUDIENCE_VALUES: set[ListCallsAudience] = { 'caller', 'screen',  }

def check_list_calls_audience(value: str) -> ListCallsAudience:
    if value in LIST_CALLS_AUDIENCE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_CALLS_AUDIENCE_VALUES!r}")
