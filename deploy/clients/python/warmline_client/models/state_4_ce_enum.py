from typing import Literal

State4CeEnum = Literal['delivered', 'failed', 'pending']

STATE_4_CE_ENUM_VALUES: set[State4CeEnum] = { 'delivered', 'failed', 'pending',  }

def check_state_4_ce_enum(value: str) -> State4CeEnum:
    if value in STATE_4_CE_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {STATE_4_CE_ENUM_VALUES!r}")
