from typing import Literal

ListCallsSort = Literal['-seconds', '-started_at', 'seconds', 'started_at']

LIST_CALLS_SORT_VALUES: set[ListCallsSort] = { '-seconds', '-started_at', 'seconds', 'started_at',  }

def check_list_calls_sort(value: str) -> ListCallsSort:
    if value in LIST_CALLS_SORT_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_CALLS_SORT_VALUES!r}")
