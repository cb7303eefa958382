from typing import Literal

TestCallStateEnum = Literal['answered', 'failed', 'ringing']

TEST_CALL_STATE_ENUM_VALUES: set[TestCallStateEnum] = { 'answered', 'failed', 'ringing',  }

def check_test_call_state_enum(value: str) -> TestCallStateEnum:
    if value in TEST_CALL_STATE_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {TEST_CALL_STATE_ENUM_VALUES!r}")
