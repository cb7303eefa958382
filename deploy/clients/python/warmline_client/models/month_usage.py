from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="MonthUsage")



@_attrs_define
class MonthUsage:
    """ One month on the company's own clock; of the first and last only the days asked for.

        Attributes:
            month (str): such as 2026-11
            calls (int):
            answered (int):
            missed (int):
            minutes (float):
     """

    month: str
    calls: int
    answered: int
    missed: int
    minutes: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        month = self.month

        calls = self.calls

        answered = self.answered

        missed = self.missed

        minutes = self.minutes


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "month": month,
            "calls": calls,
            "answered": answered,
            "missed": missed,
            "minutes": minutes,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        month = d.pop("month")

        calls = d.pop("calls")

        answered = d.pop("answered")

        missed = d.pop("missed")

        minutes = d.pop("minutes")

        month_usage = cls(
            month=month,
            calls=calls,
            answered=answered,
            missed=missed,
            minutes=minutes,
        )


        month_usage.additional_properties = d
        return month_usage

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
