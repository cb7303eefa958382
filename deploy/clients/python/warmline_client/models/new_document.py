from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from uuid import UUID






T = TypeVar("T", bound="NewDocument")



@_attrs_define
class NewDocument:
    """ A document to be added; without a title it takes its content's own.

        Attributes:
            text (str | Unset):
            url (str | Unset): A page on the public internet
            title (str | Unset):
            collection_id (UUID | Unset): Without one, the company's first collection
            site_map (bool | Unset): `url` is a site map: each of its pages is added Default: False.
     """

    text: str | Unset = UNSET
    url: str | Unset = UNSET
    title: str | Unset = UNSET
    collection_id: UUID | Unset = UNSET
    site_map: bool | Unset = False
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        text = self.text

        url = self.url

        title = self.title

        collection_id: str | Unset = UNSET
        if not isinstance(self.collection_id, Unset):
            collection_id = str(self.collection_id)

        site_map = self.site_map


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
        })
        if text is not UNSET:
            field_dict["text"] = text
        if url is not UNSET:
            field_dict["url"] = url
        if title is not UNSET:
            field_dict["title"] = title
        if collection_id is not UNSET:
            field_dict["collection_id"] = collection_id
        if site_map is not UNSET:
            field_dict["site_map"] = site_map

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        text = d.pop("text", UNSET)

        url = d.pop("url", UNSET)

        title = d.pop("title", UNSET)

        _collection_id = d.pop("collection_id", UNSET)
        collection_id: UUID | Unset
        if isinstance(_collection_id,  Unset):
            collection_id = UNSET
        else:
            collection_id = UUID(_collection_id)




        site_map = d.pop("site_map", UNSET)

        new_document = cls(
            text=text,
            url=url,
            title=title,
            collection_id=collection_id,
            site_map=site_map,
        )


        new_document.additional_properties = d
        return new_document

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
