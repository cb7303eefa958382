from typing import Literal

CallAudience = Literal['caller', 'screen']

CALL_AUDIENCE_VALUES: set[CallAudience] = { 'caller', 'screen',  }

def check_call_audience(value: str) -> CallAudience:
    if value in CALL_AUDIENCE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {CALL_AUDIENCE_VALUES!r}")
