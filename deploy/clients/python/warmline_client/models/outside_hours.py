from typing import Literal

OutsideHours = Literal['agent', 'closed', 'message', 'person']

OUTSIDE_HOURS_VALUES: set[OutsideHours] = { 'agent', 'closed', 'message', 'person',  }

def check_outside_hours(value: str) -> OutsideHours:
    if value in OUTSIDE_HOURS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {OUTSIDE_HOURS_VALUES!r}")
