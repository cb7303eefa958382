from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="RegionLine")



@_attrs_define
class RegionLine:
    """ A region of the platform.

        Attributes:
            code (str):
            place (str):
            residency (str): the zone whose data may be kept there
            is_allowed (bool): whether the company's residency allows it
     """

    code: str
    place: str
    residency: str
    is_allowed: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        code = self.code

        place = self.place

        residency = self.residency

        is_allowed = self.is_allowed


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "code": code,
            "place": place,
            "residency": residency,
            "is_allowed": is_allowed,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = d.pop("code")

        place = d.pop("place")

        residency = d.pop("residency")

        is_allowed = d.pop("is_allowed")

        region_line = cls(
            code=code,
            place=place,
            residency=residency,
            is_allowed=is_allowed,
        )


        region_line.additional_properties = d
        return region_line

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
