from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.carrier_account_kind import CarrierAccountKind
from ..models.carrier_account_kind import check_carrier_account_kind
from ..models.carrier_region import CarrierRegion
from ..models.carrier_region import check_carrier_region
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="NewCarrierAccount")



@_attrs_define
class NewCarrierAccount:
    """ One's own carrier account, or a sub-account below the platform's.

        Attributes:
            kind (CarrierAccountKind | Unset):  Default: 'own'.
            account_id (str | Unset): such as AC… Default: ''.
            auth_token (str | Unset): kept sealed and never shown again Default: ''.
            key_id (str | Unset): an API key's SID Default: ''.
            key_secret (str | Unset):  Default: ''.
            region (CarrierRegion | Unset):  Default: 'us1'.
     """

    kind: CarrierAccountKind | Unset = 'own'
    account_id: str | Unset = ''
    auth_token: str | Unset = ''
    key_id: str | Unset = ''
    key_secret: str | Unset = ''
    region: CarrierRegion | Unset = 'us1'
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        kind: str | Unset = UNSET
        if not isinstance(self.kind, Unset):
            kind = self.kind


        account_id = self.account_id

        auth_token = self.auth_token

        key_id = self.key_id

        key_secret = self.key_secret

        region: str | Unset = UNSET
        if not isinstance(self.region, Unset):
            region = self.region



        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
        })
        if kind is not UNSET:
            field_dict["kind"] = kind
        if account_id is not UNSET:
            field_dict["account_id"] = account_id
        if auth_token is not UNSET:
            field_dict["auth_token"] = auth_token
        if key_id is not UNSET:
            field_dict["key_id"] = key_id
        if key_secret is not UNSET:
            field_dict["key_secret"] = key_secret
        if region is not UNSET:
            field_dict["region"] = region

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        _kind = d.pop("kind", UNSET)
        kind: CarrierAccountKind | Unset
        if isinstance(_kind,  Unset):
            kind = UNSET
        else:
            kind = check_carrier_account_kind(_kind)




        account_id = d.pop("account_id", UNSET)

        auth_token = d.pop("auth_token", UNSET)

        key_id = d.pop("key_id", UNSET)

        key_secret = d.pop("key_secret", UNSET)

        _region = d.pop("region", UNSET)
        region: CarrierRegion | Unset
        if isinstance(_region,  Unset):
            region = UNSET
        else:
            region = check_carrier_region(_region)




        new_carrier_account = cls(
            kind=kind,
            account_id=account_id,
            auth_token=auth_token,
            key_id=key_id,
            key_secret=key_secret,
            region=region,
        )


        new_carrier_account.additional_properties = d
        return new_carrier_account

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
