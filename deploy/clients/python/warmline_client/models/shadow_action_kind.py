from typing import Literal

ShadowActionKind = Literal['book', 'look_up', 'transfer']

SHADOW_ACTION_KIND_VALUES: set[ShadowActionKind] = { 'book', 'look_up', 'transfer',  }

def check_shadow_action_kind(value: str) -> ShadowActionKind:
    if value in SHADOW_ACTION_KIND_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {SHADOW_ACTION_KIND_VALUES!r}")
