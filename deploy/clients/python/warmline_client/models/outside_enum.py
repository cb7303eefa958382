from typing import Literal

OutsideEnum = Literal['agent', 'closed', 'message', 'person']

OUTSIDE_ENUM_VALUES: set[OutsideEnum] = { 'agent', 'closed', 'message', 'person',  }

def check_outside_enum(value: str) -> OutsideEnum:
    if value in OUTSIDE_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {OUTSIDE_ENUM_VALUES!r}")
