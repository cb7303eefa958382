from typing import Literal

ExportCallsMode = Literal['live', 'shadow']

EXPORT_CALLS_MODE_VALUES: set[ExportCallsMode] = { 'live', 'shadow',  }

def check_export_calls_mode(value: str) -> ExportCallsMode:
    if value in EXPORT_CALLS_MODE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {EXPORT_CALLS_MODE_VALUES!r}")
