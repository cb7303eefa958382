from typing import Literal

CheckState = Literal['bad', 'good', 'skipped']

CHECK_STATE_VALUES: set[CheckState] = { 'bad', 'good', 'skipped',  }

def check_check_state(value: str) -> CheckState:
    if value in CHECK_STATE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {CHECK_STATE_VALUES!r}")
