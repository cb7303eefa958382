from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.wording import Wording





T = TypeVar("T", bound="PatchedDraftChanges")



@_attrs_define
class PatchedDraftChanges:
    """ Changes of a draft: of the wording what is named, all else stays.

        Attributes:
            wording (Wording | Unset): Everything an agent is.
            revision (int | Unset): Refused with 412 when it is not this one any more
     """

    wording: Wording | Unset = UNSET
    revision: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.wording import Wording # noqa: PLC0415
        wording: dict[str, Any] | Unset = UNSET
        if not isinstance(self.wording, Unset):
            wording = self.wording.to_dict()

        revision = self.revision


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
        })
        if wording is not UNSET:
            field_dict["wording"] = wording
        if revision is not UNSET:
            field_dict["revision"] = revision

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.wording import Wording # noqa: PLC0415
        d = dict(src_dict)
        _wording = d.pop("wording", UNSET)
        wording: Wording | Unset
        if isinstance(_wording,  Unset):
            wording = UNSET
        else:
            wording = Wording.from_dict(_wording)




        revision = d.pop("revision", UNSET)

        patched_draft_changes = cls(
            wording=wording,
            revision=revision,
        )


        patched_draft_changes.additional_properties = d
        return patched_draft_changes

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
