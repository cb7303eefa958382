from typing import Literal

ExportCallsOutcome = Literal['answered', 'answered_by_person', 'booked', 'failed', 'handed_over', 'missed', 'refused', 'voicemail']

EXPORT_CALLS_OUTCOME_VALUES: set[ExportCallsOutcome] = { 'answered', 'answered_by_person', 'booked', 'failed', 'handed_over', 'missed', 'refused', 'voicemail',  }

def check_export_calls_outcome(value: str) -> ExportCallsOutcome:
    if value in EXPORT_CALLS_OUTCOME_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {EXPORT_CALLS_OUTCOME_VALUES!r}")
