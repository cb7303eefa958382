from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.published_version import check_published_version
from ..models.published_version import PublishedVersion
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="Publish")



@_attrs_define
class Publish:
    """ What goes live, and why.

        Attributes:
            note (str | Unset):  Default: ''.
            version (PublishedVersion | Unset):  Default: 'draft'.
            revision (int | Unset): Refused with 412 when the draft is another
     """

    note: str | Unset = ''
    version: PublishedVersion | Unset = 'draft'
    revision: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        note = self.note

        version: str | Unset = UNSET
        if not isinstance(self.version, Unset):
            version = self.version


        revision = self.revision


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
        })
        if note is not UNSET:
            field_dict["note"] = note
        if version is not UNSET:
            field_dict["version"] = version
        if revision is not UNSET:
            field_dict["revision"] = revision

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        note = d.pop("note", UNSET)

        _version = d.pop("version", UNSET)
        version: PublishedVersion | Unset
        if isinstance(_version,  Unset):
            version = UNSET
        else:
            version = check_published_version(_version)




        revision = d.pop("revision", UNSET)

        publish = cls(
            note=note,
            version=version,
            revision=revision,
        )


        publish.additional_properties = d
        return publish

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
