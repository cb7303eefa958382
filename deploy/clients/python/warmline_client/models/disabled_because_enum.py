from typing import Literal

DisabledBecauseEnum = Literal['by_hand', 'failing', 'gone']

DISABLED_BECAUSE_ENUM_VALUES: set[DisabledBecauseEnum] = { 'by_hand', 'failing', 'gone',  }

def check_disabled_because_enum(value: str) -> DisabledBecauseEnum:
    if value in DISABLED_BECAUSE_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {DISABLED_BECAUSE_ENUM_VALUES!r}")
