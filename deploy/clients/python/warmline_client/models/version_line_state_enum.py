from typing import Literal

VersionLineStateEnum = Literal['live', 'retired', 'shadow']

VERSION_LINE_STATE_ENUM_VALUES: set[VersionLineStateEnum] = { 'live', 'retired', 'shadow',  }

def check_version_line_state_enum(value: str) -> VersionLineStateEnum:
    if value in VERSION_LINE_STATE_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {VERSION_LINE_STATE_ENUM_VALUES!r}")
