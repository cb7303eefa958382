from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.diff_kind import check_diff_kind
from ..models.diff_kind import DiffKind
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="Piece")



@_attrs_define
class Piece:
    """ Words of a text or an item of a list, in both or in one alone.

    A fact's has its label; what is read out of calls has its name there, and its type at the end of
    its text: "the caller's name [text]".

        Attributes:
            kind (DiffKind):
            text (str):
            label (str | Unset):
     """

    kind: DiffKind
    text: str
    label: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        kind: str = self.kind

        text = self.text

        label = self.label


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "kind": kind,
            "text": text,
        })
        if label is not UNSET:
            field_dict["label"] = label

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = check_diff_kind(d.pop("kind"))




        text = d.pop("text")

        label = d.pop("label", UNSET)

        piece = cls(
            kind=kind,
            text=text,
            label=label,
        )


        piece.additional_properties = d
        return piece

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
