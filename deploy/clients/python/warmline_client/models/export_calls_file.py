from typing import Literal

ExportCallsFile = Literal['csv', 'ndjson']

EXPORT_CALLS_FILE_VALUES: set[ExportCallsFile] = { 'csv', 'ndjson',  }

def check_export_calls_file(value: str) -> ExportCallsFile:
    if value in EXPORT_CALLS_FILE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {EXPORT_CALLS_FILE_VALUES!r}")
