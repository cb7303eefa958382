from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="Weekly")



@_attrs_define
class Weekly:
    """ Hours on some weekdays; over midnight when they end earlier.

        Attributes:
            days (list[int]): 0 is Monday
            begins (str): A local time: 08:30
            ends (str): 24:00 is midnight
     """

    days: list[int]
    begins: str
    ends: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        days = self.days



        begins = self.begins

        ends = self.ends


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "days": days,
            "begins": begins,
            "ends": ends,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        days = cast(list[int], d.pop("days"))


        begins = d.pop("begins")

        ends = d.pop("ends")

        weekly = cls(
            days=days,
            begins=begins,
            ends=ends,
        )


        weekly.additional_properties = d
        return weekly

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
