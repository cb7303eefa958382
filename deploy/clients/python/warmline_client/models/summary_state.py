from typing import Literal

SummaryState = Literal['done', 'failed', 'waiting']

SUMMARY_STATE_VALUES: set[SummaryState] = { 'done', 'failed', 'waiting',  }

def check_summary_state(value: str) -> SummaryState:
    if value in SUMMARY_STATE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {SUMMARY_STATE_VALUES!r}")
