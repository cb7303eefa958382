from typing import Literal

TestCallState = Literal['answered', 'failed', 'ringing']

TEST_CALL_STATE_VALUES: set[TestCallState] = { 'answered', 'failed', 'ringing',  }

def check_test_call_state(value: str) -> TestCallState:
    if value in TEST_CALL_STATE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {TEST_CALL_STATE_VALUES!r}")
