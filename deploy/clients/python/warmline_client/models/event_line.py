from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
import datetime

if TYPE_CHECKING:
  from ..models.event_line_data import EventLineData





T = TypeVar("T", bound="EventLine")



@_attrs_define
class EventLine:
    """ A numbered event of a call, as it was recorded.

        Attributes:
            epoch (int): counts the media processes that had the call
            number (int): counts within its epoch
            kind (str):
            region (str):
            at (datetime.datetime):
            at_ms (float): since the audio of its epoch started
            data (EventLineData):
     """

    epoch: int
    number: int
    kind: str
    region: str
    at: datetime.datetime
    at_ms: float
    data: EventLineData
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.event_line_data import EventLineData # noqa: PLC0415
        epoch = self.epoch

        number = self.number

        kind = self.kind

        region = self.region

        at = self.at.isoformat()

        at_ms = self.at_ms

        data = self.data.to_dict()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "epoch": epoch,
            "number": number,
            "kind": kind,
            "region": region,
            "at": at,
            "at_ms": at_ms,
            "data": data,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event_line_data import EventLineData # noqa: PLC0415
        d = dict(src_dict)
        epoch = d.pop("epoch")

        number = d.pop("number")

        kind = d.pop("kind")

        region = d.pop("region")

        at = datetime.datetime.fromisoformat(d.pop("at"))




        at_ms = d.pop("at_ms")

        data = EventLineData.from_dict(d.pop("data"))




        event_line = cls(
            epoch=epoch,
            number=number,
            kind=kind,
            region=region,
            at=at,
            at_ms=at_ms,
            data=data,
        )


        event_line.additional_properties = d
        return event_line

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
