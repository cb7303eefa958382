from typing import Literal

AvailableNumberKindEnum = Literal['local', 'mobile', 'toll_free']

AVAILABLE_NUMBER_KIND_ENUM_VALUES: set[AvailableNumberKindEnum] = { 'local', 'mobile', 'toll_free',  }

def check_available_number_kind_enum(value: str) -> AvailableNumberKindEnum:
    if value in AVAILABLE_NUMBER_KIND_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {AVAILABLE_NUMBER_KIND_ENUM_VALUES!r}")
