from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.shadow_verdict import check_shadow_verdict
from ..models.shadow_verdict import ShadowVerdict
from typing import cast
import datetime






T = TypeVar("T", bound="VerdictLine")



@_attrs_define
class VerdictLine:
    """ What a reviewer thought.

        Attributes:
            reviewer (str):
            choice (ShadowVerdict):
            note (str):
            at (datetime.datetime):
     """

    reviewer: str
    choice: ShadowVerdict
    note: str
    at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        reviewer = self.reviewer

        choice: str = self.choice

        note = self.note

        at = self.at.isoformat()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "reviewer": reviewer,
            "choice": choice,
            "note": note,
            "at": at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reviewer = d.pop("reviewer")

        choice = check_shadow_verdict(d.pop("choice"))




        note = d.pop("note")

        at = datetime.datetime.fromisoformat(d.pop("at"))




        verdict_line = cls(
            reviewer=reviewer,
            choice=choice,
            note=note,
            at=at,
        )


        verdict_line.additional_properties = d
        return verdict_line

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
