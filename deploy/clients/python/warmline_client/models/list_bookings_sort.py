from typing import Literal

ListBookingsSort = Literal['-starts_at', 'starts_at']

LIST_BOOKINGS_SORT_VALUES: set[ListBookingsSort] = { '-starts_at', 'starts_at',  }

def check_list_bookings_sort(value: str) -> ListBookingsSort:
    if value in LIST_BOOKINGS_SORT_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_BOOKINGS_SORT_VALUES!r}")
