from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="RoutingReason")



@_attrs_define
class RoutingReason:
    """ Why a region was taken, or was not.

        Attributes:
            region (str):
            text (str):
            score (float | None): expected ms to the first word; less is better
            chosen (bool):
     """

    region: str
    text: str
    score: float | None
    chosen: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        region = self.region

        text = self.text

        score: float | None
        score = self.score

        chosen = self.chosen


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "region": region,
            "text": text,
            "score": score,
            "chosen": chosen,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        region = d.pop("region")

        text = d.pop("text")

        def _parse_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        score = _parse_score(d.pop("score"))


        chosen = d.pop("chosen")

        routing_reason = cls(
            region=region,
            text=text,
            score=score,
            chosen=chosen,
        )


        routing_reason.additional_properties = d
        return routing_reason

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
