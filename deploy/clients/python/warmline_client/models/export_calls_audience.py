from typing import Literal

ExportCallsAudience = Literal['caller', 'screen']

EXPORT_CALLS_AUDIENCE_VALUES: set[ExportCallsAudience] = { 'caller', 'screen',  }

def check_export_calls_audience(value: str) -> ExportCallsAudience:
    if value in EXPORT_CALLS_AUDIENCE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {EXPORT_CALLS_AUDIENCE_VALUES!r}")
