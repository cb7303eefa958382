from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="Quota")



@_attrs_define
class Quota:
    """ What a company may have here, and has.

        Attributes:
            documents (int):
            max_documents (int):
            passages (int):
            max_passages (int):
            max_document_bytes (int):
     """

    documents: int
    max_documents: int
    passages: int
    max_passages: int
    max_document_bytes: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        documents = self.documents

        max_documents = self.max_documents

        passages = self.passages

        max_passages = self.max_passages

        max_document_bytes = self.max_document_bytes


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "documents": documents,
            "max_documents": max_documents,
            "passages": passages,
            "max_passages": max_passages,
            "max_document_bytes": max_document_bytes,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        documents = d.pop("documents")

        max_documents = d.pop("max_documents")

        passages = d.pop("passages")

        max_passages = d.pop("max_passages")

        max_document_bytes = d.pop("max_document_bytes")

        quota = cls(
            documents=documents,
            max_documents=max_documents,
            passages=passages,
            max_passages=max_passages,
            max_document_bytes=max_document_bytes,
        )


        quota.additional_properties = d
        return quota

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
