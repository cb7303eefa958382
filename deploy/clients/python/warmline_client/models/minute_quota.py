from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="MinuteQuota")



@_attrs_define
class MinuteQuota:
    """ How much of this month's minutes is used.

        Attributes:
            month (str):
            plan (str):
            minutes (int): what the plan holds
            used (float):
            percent (int):
     """

    month: str
    plan: str
    minutes: int
    used: float
    percent: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        month = self.month

        plan = self.plan

        minutes = self.minutes

        used = self.used

        percent = self.percent


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "month": month,
            "plan": plan,
            "minutes": minutes,
            "used": used,
            "percent": percent,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        month = d.pop("month")

        plan = d.pop("plan")

        minutes = d.pop("minutes")

        used = d.pop("used")

        percent = d.pop("percent")

        minute_quota = cls(
            month=month,
            plan=plan,
            minutes=minutes,
            used=used,
            percent=percent,
        )


        minute_quota.additional_properties = d
        return minute_quota

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
