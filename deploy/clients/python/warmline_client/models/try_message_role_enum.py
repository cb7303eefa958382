from typing import Literal

TryMessageRoleEnum = Literal['assistant', 'user']

TRY_MESSAGE_ROLE_ENUM_VALUES: set[TryMessageRoleEnum] = { 'assistant', 'user',  }

def check_try_message_role_enum(value: str) -> TryMessageRoleEnum:
    if value in TRY_MESSAGE_ROLE_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {TRY_MESSAGE_ROLE_ENUM_VALUES!r}")
