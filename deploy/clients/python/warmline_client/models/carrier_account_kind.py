from typing import Literal

CarrierAccountKind = Literal['own', 'subaccount']

CARRIER_ACCOUNT_KIND_VALUES: set[CarrierAccountKind] = { 'own', 'subaccount',  }

def check_carrier_account_kind(value: str) -> CarrierAccountKind:
    if value in CARRIER_ACCOUNT_KIND_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {CARRIER_ACCOUNT_KIND_VALUES!r}")
