from typing import Literal

RegionEnum = Literal['au1', 'ie1', 'us1']

REGION_ENUM_VALUES: set[RegionEnum] = { 'au1', 'ie1', 'us1',  }

def check_region_enum(value: str) -> RegionEnum:
    if value in REGION_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {REGION_ENUM_VALUES!r}")
