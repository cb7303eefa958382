from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.key_detail import KeyDetail





T = TypeVar("T", bound="KeyWithSecret")



@_attrs_define
class KeyWithSecret:
    """ A key just made, and its secret.

        Attributes:
            key (KeyDetail): An API key, without its secret.
            secret (str): The whole credential, shown this once
     """

    key: KeyDetail
    secret: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.key_detail import KeyDetail # noqa: PLC0415
        key = self.key.to_dict()

        secret = self.secret


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "key": key,
            "secret": secret,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.key_detail import KeyDetail # noqa: PLC0415
        d = dict(src_dict)
        key = KeyDetail.from_dict(d.pop("key"))




        secret = d.pop("secret")

        key_with_secret = cls(
            key=key,
            secret=secret,
        )


        key_with_secret.additional_properties = d
        return key_with_secret

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
