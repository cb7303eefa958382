from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
import datetime

if TYPE_CHECKING:
  from ..models.day_usage import DayUsage
  from ..models.figures import Figures
  from ..models.minute_quota import MinuteQuota
  from ..models.month_usage import MonthUsage





T = TypeVar("T", bound="Usage")



@_attrs_define
class Usage:
    """ A company's usage by day and month. `as_of` is when the figures were last added up.

        Attributes:
            since (datetime.date):
            until (datetime.date):
            time_zone (str):
            as_of (datetime.datetime | None):
            total (Figures): Calls and minutes of a while.
            quota (MinuteQuota): How much of this month's minutes is used.
            days (list[DayUsage]):
            months (list[MonthUsage]):
     """

    since: datetime.date
    until: datetime.date
    time_zone: str
    as_of: datetime.datetime | None
    total: Figures
    quota: MinuteQuota
    days: list[DayUsage]
    months: list[MonthUsage]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.day_usage import DayUsage # noqa: PLC0415
        from ..models.figures import Figures # noqa: PLC0415
        from ..models.minute_quota import MinuteQuota # noqa: PLC0415
        from ..models.month_usage import MonthUsage # noqa: PLC0415
        since = self.since.isoformat()

        until = self.until.isoformat()

        time_zone = self.time_zone

        as_of: None | str
        if isinstance(self.as_of, datetime.datetime):
            as_of = self.as_of.isoformat()
        else:
            as_of = self.as_of

        total = self.total.to_dict()

        quota = self.quota.to_dict()

        days = []
        for days_item_data in self.days:
            days_item = days_item_data.to_dict()
            days.append(days_item)



        months = []
        for months_item_data in self.months:
            months_item = months_item_data.to_dict()
            months.append(months_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "since": since,
            "until": until,
            "time_zone": time_zone,
            "as_of": as_of,
            "total": total,
            "quota": quota,
            "days": days,
            "months": months,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.day_usage import DayUsage # noqa: PLC0415
        from ..models.figures import Figures # noqa: PLC0415
        from ..models.minute_quota import MinuteQuota # noqa: PLC0415
        from ..models.month_usage import MonthUsage # noqa: PLC0415
        d = dict(src_dict)
        since = datetime.date.fromisoformat(d.pop("since"))




        until = datetime.date.fromisoformat(d.pop("until"))




        time_zone = d.pop("time_zone")

        def _parse_as_of(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                as_of_type_0 = datetime.datetime.fromisoformat(data)



                return as_of_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        as_of = _parse_as_of(d.pop("as_of"))


        total = Figures.from_dict(d.pop("total"))




        quota = MinuteQuota.from_dict(d.pop("quota"))




        days = []
        _days = d.pop("days")
        for days_item_data in (_days):
            days_item = DayUsage.from_dict(days_item_data)



            days.append(days_item)


        months = []
        _months = d.pop("months")
        for months_item_data in (_months):
            months_item = MonthUsage.from_dict(months_item_data)



            months.append(months_item)


        usage = cls(
            since=since,
            until=until,
            time_zone=time_zone,
            as_of=as_of,
            total=total,
            quota=quota,
            days=days,
            months=months,
        )


        usage.additional_properties = d
        return usage

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
