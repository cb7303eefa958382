from typing import Literal

ResidencyEnum = Literal['anywhere', 'eu', 'us']

RESIDENCY_ENUM_VALUES: set[ResidencyEnum] = { 'anywhere', 'eu', 'us',  }

def check_residency_enum(value: str) -> ResidencyEnum:
    if value in RESIDENCY_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {RESIDENCY_ENUM_VALUES!r}")
