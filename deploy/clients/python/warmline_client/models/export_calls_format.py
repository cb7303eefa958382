from typing import Literal

ExportCallsFormat = Literal['any', 'json']

EXPORT_CALLS_FORMAT_VALUES: set[ExportCallsFormat] = { 'any', 'json',  }

def check_export_calls_format(value: str) -> ExportCallsFormat:
    if value in EXPORT_CALLS_FORMAT_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {EXPORT_CALLS_FORMAT_VALUES!r}")
