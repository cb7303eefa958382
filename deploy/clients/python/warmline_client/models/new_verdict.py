from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.shadow_verdict import check_shadow_verdict
from ..models.shadow_verdict import ShadowVerdict
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID






T = TypeVar("T", bound="NewVerdict")



@_attrs_define
class NewVerdict:
    """ What a reviewer thinks of a run.

        Attributes:
            reviewer (UUID): the member who judged, by the user's id
            choice (ShadowVerdict):
            note (str | Unset):  Default: ''.
     """

    reviewer: UUID
    choice: ShadowVerdict
    note: str | Unset = ''
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        reviewer = str(self.reviewer)

        choice: str = self.choice

        note = self.note


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "reviewer": reviewer,
            "choice": choice,
        })
        if note is not UNSET:
            field_dict["note"] = note

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reviewer = UUID(d.pop("reviewer"))




        choice = check_shadow_verdict(d.pop("choice"))




        note = d.pop("note", UNSET)

        new_verdict = cls(
            reviewer=reviewer,
            choice=choice,
            note=note,
        )


        new_verdict.additional_properties = d
        return new_verdict

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
