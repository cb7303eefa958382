from typing import Literal

DataResidency = Literal['anywhere', 'eu', 'us']

DATA_RESIDENCY_VALUES: set[DataResidency] = { 'anywhere', 'eu', 'us',  }

def check_data_residency(value: str) -> DataResidency:
    if value in DATA_RESIDENCY_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {DATA_RESIDENCY_VALUES!r}")
