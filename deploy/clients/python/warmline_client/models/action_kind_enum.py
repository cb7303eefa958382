from typing import Literal

ActionKindEnum = Literal['book', 'look_up', 'transfer']

ACTION_KIND_ENUM_VALUES: set[ActionKindEnum] = { 'book', 'look_up', 'transfer',  }

def check_action_kind_enum(value: str) -> ActionKindEnum:
    if value in ACTION_KIND_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {ACTION_KIND_ENUM_VALUES!r}")
