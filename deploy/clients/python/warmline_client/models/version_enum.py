from typing import Literal

VersionEnum = Literal['draft', 'shadow']

VERSION_ENUM_VALUES: set[VersionEnum] = { 'draft', 'shadow',  }

def check_version_enum(value: str) -> VersionEnum:
    if value in VERSION_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {VERSION_ENUM_VALUES!r}")
