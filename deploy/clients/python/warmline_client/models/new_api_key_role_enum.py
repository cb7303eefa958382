from typing import Literal

NewApiKeyRoleEnum = Literal['admin', 'builder', 'reviewer', 'viewer']

NEW_API_KEY_ROLE_ENUM_VALUES: set[NewApiKeyRoleEnum] = { 'admin', 'builder', 'reviewer', 'viewer',  }

def check_new_api_key_role_enum(value: str) -> NewApiKeyRoleEnum:
    if value in NEW_API_KEY_ROLE_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {NEW_API_KEY_ROLE_ENUM_VALUES!r}")
