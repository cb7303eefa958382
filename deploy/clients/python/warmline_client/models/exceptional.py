from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset






T = TypeVar("T", bound="Exceptional")



@_attrs_define
class Exceptional:
    """ Other hours on some dates; without them closed.

        Attributes:
            from_date (str): 2026-12-24
            until_date (str | Unset): Included Default: ''.
            begins (str | Unset):  Default: ''.
            ends (str | Unset):  Default: ''.
     """

    from_date: str
    until_date: str | Unset = ''
    begins: str | Unset = ''
    ends: str | Unset = ''
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from_date = self.from_date

        until_date = self.until_date

        begins = self.begins

        ends = self.ends


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "from_date": from_date,
        })
        if until_date is not UNSET:
            field_dict["until_date"] = until_date
        if begins is not UNSET:
            field_dict["begins"] = begins
        if ends is not UNSET:
            field_dict["ends"] = ends

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        from_date = d.pop("from_date")

        until_date = d.pop("until_date", UNSET)

        begins = d.pop("begins", UNSET)

        ends = d.pop("ends", UNSET)

        exceptional = cls(
            from_date=from_date,
            until_date=until_date,
            begins=begins,
            ends=ends,
        )


        exceptional.additional_properties = d
        return exceptional

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
