from typing import Literal

CheckStepStateEnum = Literal['bad', 'good', 'skipped']

CHECK_STEP_STATE_ENUM_VALUES: set[CheckStepStateEnum] = { 'bad', 'good', 'skipped',  }

def check_check_step_state_enum(value: str) -> CheckStepStateEnum:
    if value in CHECK_STEP_STATE_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {CHECK_STEP_STATE_ENUM_VALUES!r}")
