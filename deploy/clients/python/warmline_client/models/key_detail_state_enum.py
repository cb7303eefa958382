from typing import Literal

KeyDetailStateEnum = Literal['expired', 'live', 'revoked', 'stopped']

KEY_DETAIL_STATE_ENUM_VALUES: set[KeyDetailStateEnum] = { 'expired', 'live', 'revoked', 'stopped',  }

def check_key_detail_state_enum(value: str) -> KeyDetailStateEnum:
    if value in KEY_DETAIL_STATE_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {KEY_DETAIL_STATE_ENUM_VALUES!r}")
