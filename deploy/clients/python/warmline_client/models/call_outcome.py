from typing import Literal

CallOutcome = Literal['answered', 'answered_by_person', 'booked', 'failed', 'handed_over', 'missed', 'refused', 'voicemail']

CALL_OUTCOME_VALUES: set[CallOutcome] = { 'answered', 'answered_by_person', 'booked', 'failed', 'handed_over', 'missed', 'refused', 'voicemail',  }

def check_call_outcome(value: str) -> CallOutcome:
    if value in CALL_OUTCOME_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {CALL_OUTCOME_VALUES!r}")
