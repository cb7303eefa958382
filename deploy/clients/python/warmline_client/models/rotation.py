from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="Rotation")



@_attrs_define
class Rotation:
    """ An account's new credentials.

        Attributes:
            auth_token (str):
            key_id (str | Unset):  Default: ''.
            key_secret (str | Unset):  Default: ''.
     """

    auth_token: str
    key_id: str | Unset = ''
    key_secret: str | Unset = ''
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        auth_token = self.auth_token

        key_id = self.key_id

        key_secret = self.key_secret


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "auth_token": auth_token,
        })
        if key_id is not UNSET:
            field_dict["key_id"] = key_id
        if key_secret is not UNSET:
            field_dict["key_secret"] = key_secret

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        auth_token = d.pop("auth_token")

        key_id = d.pop("key_id", UNSET)

        key_secret = d.pop("key_secret", UNSET)

        rotation = cls(
            auth_token=auth_token,
            key_id=key_id,
            key_secret=key_secret,
        )


        rotation.additional_properties = d
        return rotation

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
