from typing import Literal

ListCallsOutcome = Literal['answered', 'answered_by_person', 'booked', 'failed', 'handed_over', 'missed', 'refused', 'voicemail']

LIST_CALLS_OUTCOME_VALUES: set[ListCallsOutcome] = { 'answered', 'answered_by_person', 'booked', 'failed', 'handed_over', 'missed', 'refused', 'voicemail',  }

def check_list_calls_outcome(value: str) -> ListCallsOutcome:
    if value in LIST_CALLS_OUTCOME_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_CALLS_OUTCOME_VALUES!r}")
