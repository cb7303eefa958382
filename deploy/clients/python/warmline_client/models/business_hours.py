from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.exceptional import Exceptional
  from ..models.weekly import Weekly





T = TypeVar("T", bound="BusinessHours")



@_attrs_define
class BusinessHours:
    """ When the company is open; its agents book by it.

        Attributes:
            hours (list[Weekly]):
            holidays (list[str] | Unset): Dates that do not open
            exceptions (list[Exceptional] | Unset):
            slot_minutes (int | Unset):  Default: 60.
            step_minutes (int | Unset):  Default: 30.
            capacity (int | Unset): Visits at the same time Default: 1.
     """

    hours: list[Weekly]
    holidays: list[str] | Unset = UNSET
    exceptions: list[Exceptional] | Unset = UNSET
    slot_minutes: int | Unset = 60
    step_minutes: int | Unset = 30
    capacity: int | Unset = 1
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.exceptional import Exceptional # noqa: PLC0415
        from ..models.weekly import Weekly # noqa: PLC0415
        hours = []
        for hours_item_data in self.hours:
            hours_item = hours_item_data.to_dict()
            hours.append(hours_item)



        holidays: list[str] | Unset = UNSET
        if not isinstance(self.holidays, Unset):
            holidays = self.holidays



        exceptions: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.exceptions, Unset):
            exceptions = []
            for exceptions_item_data in self.exceptions:
                exceptions_item = exceptions_item_data.to_dict()
                exceptions.append(exceptions_item)



        slot_minutes = self.slot_minutes

        step_minutes = self.step_minutes

        capacity = self.capacity


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "hours": hours,
        })
        if holidays is not UNSET:
            field_dict["holidays"] = holidays
        if exceptions is not UNSET:
            field_dict["exceptions"] = exceptions
        if slot_minutes is not UNSET:
            field_dict["slot_minutes"] = slot_minutes
        if step_minutes is not UNSET:
            field_dict["step_minutes"] = step_minutes
        if capacity is not UNSET:
            field_dict["capacity"] = capacity

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.exceptional import Exceptional # noqa: PLC0415
        from ..models.weekly import Weekly # noqa: PLC0415
        d = dict(src_dict)
        hours = []
        _hours = d.pop("hours")
        for hours_item_data in (_hours):
            hours_item = Weekly.from_dict(hours_item_data)



            hours.append(hours_item)


        holidays = cast(list[str], d.pop("holidays", UNSET))


        _exceptions = d.pop("exceptions", UNSET)
        exceptions: list[Exceptional] | Unset = UNSET
        if _exceptions is not UNSET:
            exceptions = []
            for exceptions_item_data in _exceptions:
                exceptions_item = Exceptional.from_dict(exceptions_item_data)



                exceptions.append(exceptions_item)


        slot_minutes = d.pop("slot_minutes", UNSET)

        step_minutes = d.pop("step_minutes", UNSET)

        capacity = d.pop("capacity", UNSET)

        business_hours = cls(
            hours=hours,
            holidays=holidays,
            exceptions=exceptions,
            slot_minutes=slot_minutes,
            step_minutes=step_minutes,
            capacity=capacity,
        )


        business_hours.additional_properties = d
        return business_hours

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
