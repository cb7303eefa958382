from typing import Literal

NumberKind = Literal['local', 'mobile', 'toll_free']

NUMBER_KIND_VALUES: set[NumberKind] = { 'local', 'mobile', 'toll_free',  }

def check_number_kind(value: str) -> NumberKind:
    if value in NUMBER_KIND_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {NUMBER_KIND_VALUES!r}")
