from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="Limits")



@_attrs_define
class Limits:
    """ Bounds of one call.

        Attributes:
            max_seconds (int):
            max_turns (int):
            silence_ms (int): The silence that ends a turn which might be over or not
            idle_seconds (int): Nobody speaks: the agent asks once, then ends the call
     """

    max_seconds: int
    max_turns: int
    silence_ms: int
    idle_seconds: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        max_seconds = self.max_seconds

        max_turns = self.max_turns

        silence_ms = self.silence_ms

        idle_seconds = self.idle_seconds


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "max_seconds": max_seconds,
            "max_turns": max_turns,
            "silence_ms": silence_ms,
            "idle_seconds": idle_seconds,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        max_seconds = d.pop("max_seconds")

        max_turns = d.pop("max_turns")

        silence_ms = d.pop("silence_ms")

        idle_seconds = d.pop("idle_seconds")

        limits = cls(
            max_seconds=max_seconds,
            max_turns=max_turns,
            silence_ms=silence_ms,
            idle_seconds=idle_seconds,
        )


        limits.additional_properties = d
        return limits

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
