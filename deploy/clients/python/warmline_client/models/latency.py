from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.turn_latency import TurnLatency





T = TypeVar("T", bound="Latency")



@_attrs_define
class Latency:
    """ How the time of each of a call's turns was spent.

        Attributes:
            call_id (UUID):
            latency (list[TurnLatency]):
     """

    call_id: UUID
    latency: list[TurnLatency]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.turn_latency import TurnLatency # noqa: PLC0415
        call_id = str(self.call_id)

        latency = []
        for latency_item_data in self.latency:
            latency_item = latency_item_data.to_dict()
            latency.append(latency_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "call_id": call_id,
            "latency": latency,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.turn_latency import TurnLatency # noqa: PLC0415
        d = dict(src_dict)
        call_id = UUID(d.pop("call_id"))




        latency = []
        _latency = d.pop("latency")
        for latency_item_data in (_latency):
            latency_item = TurnLatency.from_dict(latency_item_data)



            latency.append(latency_item)


        latency = cls(
            call_id=call_id,
            latency=latency,
        )


        latency.additional_properties = d
        return latency

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
