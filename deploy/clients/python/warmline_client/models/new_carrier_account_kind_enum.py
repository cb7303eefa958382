from typing import Literal

NewCarrierAccountKindEnum = Literal['own', 'subaccount']

NEW_CARRIER_ACCOUNT_KIND_ENUM_VALUES: set[NewCarrierAccountKindEnum] = { 'own', 'subaccount',  }

def check_new_carrier_account_kind_enum(value: str) -> NewCarrierAccountKindEnum:
    if value in NEW_CARRIER_ACCOUNT_KIND_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {NEW_CARRIER_ACCOUNT_KIND_ENUM_VALUES!r}")
