from typing import Literal

TypeEnum = Literal['text', 'yes_no']

TYPE_ENUM_VALUES: set[TypeEnum] = { 'text', 'yes_no',  }

def check_type_enum(value: str) -> TypeEnum:
    if value in TYPE_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {TYPE_ENUM_VALUES!r}")
