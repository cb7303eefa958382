from typing import Literal

ErasureLineStateEnum = Literal['done', 'running']

ERASURE_LINE_STATE_ENUM_VALUES: set[ErasureLineStateEnum] = { 'done', 'running',  }

def check_erasure_line_state_enum(value: str) -> ErasureLineStateEnum:
    if value in ERASURE_LINE_STATE_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {ERASURE_LINE_STATE_ENUM_VALUES!r}")
