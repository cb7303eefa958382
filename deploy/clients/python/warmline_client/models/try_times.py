from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="TryTimes")



@_attrs_define
class TryTimes:
    """ How long it took, in milliseconds after the words were there; None: it did not happen.

        Attributes:
            knowledge_ms (float | None):
            first_token_ms (float | None):
            first_sentence_ms (float | None):
            total_ms (float):
     """

    knowledge_ms: float | None
    first_token_ms: float | None
    first_sentence_ms: float | None
    total_ms: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        knowledge_ms: float | None
        knowledge_ms = self.knowledge_ms

        first_token_ms: float | None
        first_token_ms = self.first_token_ms

        first_sentence_ms: float | None
        first_sentence_ms = self.first_sentence_ms

        total_ms = self.total_ms


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "knowledge_ms": knowledge_ms,
            "first_token_ms": first_token_ms,
            "first_sentence_ms": first_sentence_ms,
            "total_ms": total_ms,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        def _parse_knowledge_ms(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        knowledge_ms = _parse_knowledge_ms(d.pop("knowledge_ms"))


        def _parse_first_token_ms(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        first_token_ms = _parse_first_token_ms(d.pop("first_token_ms"))


        def _parse_first_sentence_ms(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        first_sentence_ms = _parse_first_sentence_ms(d.pop("first_sentence_ms"))


        total_ms = d.pop("total_ms")

        try_times = cls(
            knowledge_ms=knowledge_ms,
            first_token_ms=first_token_ms,
            first_sentence_ms=first_sentence_ms,
            total_ms=total_ms,
        )


        try_times.additional_properties = d
        return try_times

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
