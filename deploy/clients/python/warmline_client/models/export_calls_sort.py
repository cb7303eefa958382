from typing import Literal

ExportCallsSort = Literal['-seconds', '-started_at', 'seconds', 'started_at']

EXPORT_CALLS_SORT_VALUES: set[ExportCallsSort] = { '-seconds', '-started_at', 'seconds', 'started_at',  }

def check_export_calls_sort(value: str) -> ExportCallsSort:
    if value in EXPORT_CALLS_SORT_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {EXPORT_CALLS_SORT_VALUES!r}")
