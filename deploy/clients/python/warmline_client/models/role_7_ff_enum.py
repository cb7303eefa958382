from typing import Literal

Role7FfEnum = Literal['admin', 'builder', 'owner', 'reviewer', 'viewer']

ROLE_7_FF_ENUM_VALUES: set[Role7FfEnum] = { 'admin', 'builder', 'owner', 'reviewer', 'viewer',  }

def check_role_7_ff_enum(value: str) -> Role7FfEnum:
    if value in ROLE_7_FF_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {ROLE_7_FF_ENUM_VALUES!r}")
