from typing import Literal

SearchNumbersKind = Literal['local', 'mobile', 'toll_free']

SEARCH_NUMBERS_KIND_VALUES: set[SearchNumbersKind] = { 'local', 'mobile', 'toll_free',  }

def check_search_numbers_kind(value: str) -> SearchNumbersKind:
    if value in SEARCH_NUMBERS_KIND_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {SEARCH_NUMBERS_KIND_VALUES!r}")
