from typing import Literal

SummaryLineStateEnum = Literal['done', 'failed', 'waiting']

SUMMARY_LINE_STATE_ENUM_VALUES: set[SummaryLineStateEnum] = { 'done', 'failed', 'waiting',  }

def check_summary_line_state_enum(value: str) -> SummaryLineStateEnum:
    if value in SUMMARY_LINE_STATE_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {SUMMARY_LINE_STATE_ENUM_VALUES!r}")
