from typing import Literal

OutcomeEnum = Literal['answered', 'answered_by_person', 'booked', 'failed', 'handed_over', 'missed', 'refused', 'voicemail']

OUTCOME_ENUM_VALUES: set[OutcomeEnum] = { 'answered', 'answered_by_person', 'booked', 'failed', 'handed_over', 'missed', 'refused', 'voicemail',  }

def check_outcome_enum(value: str) -> OutcomeEnum:
    if value in OUTCOME_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {OUTCOME_ENUM_VALUES!r}")
