from typing import Literal

OnFailureEnum = Literal['goodbye', 'message', 'person']

ON_FAILURE_ENUM_VALUES: set[OnFailureEnum] = { 'goodbye', 'message', 'person',  }

def check_on_failure_enum(value: str) -> OnFailureEnum:
    if value in ON_FAILURE_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {ON_FAILURE_ENUM_VALUES!r}")
