from typing import Literal

CarrierRegion = Literal['au1', 'ie1', 'us1']

CARRIER_REGION_VALUES: set[CarrierRegion] = { 'au1', 'ie1', 'us1',  }

def check_carrier_region(value: str) -> CarrierRegion:
    if value in CARRIER_REGION_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {CARRIER_REGION_VALUES!r}")
