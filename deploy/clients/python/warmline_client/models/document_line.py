from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="DocumentLine")



@_attrs_define
class DocumentLine:
    """ A document in a list.

    `state` and what follows is of what was given last; `answers` says whether an earlier or this
    content answers meanwhile, with so many `passages`.

        Attributes:
            id (UUID):
            title (str):
            collection_id (UUID):
            collection (str):
            source (str):
            file_name (str):
            url (str):
            media_type (str):
            size_bytes (int):
            state (str):
            problem (str):
            advice (str):
            pages (int):
            embedded (int):
            to_embed (int):
            answers (bool):
            passages (int):
            created_at (datetime.datetime):
            updated_at (datetime.datetime):
     """

    id: UUID
    title: str
    collection_id: UUID
    collection: str
    source: str
    file_name: str
    url: str
    media_type: str
    size_bytes: int
    state: str
    problem: str
    advice: str
    pages: int
    embedded: int
    to_embed: int
    answers: bool
    passages: int
    created_at: datetime.datetime
    updated_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        title = self.title

        collection_id = str(self.collection_id)

        collection = self.collection

        source = self.source

        file_name = self.file_name

        url = self.url

        media_type = self.media_type

        size_bytes = self.size_bytes

        state = self.state

        problem = self.problem

        advice = self.advice

        pages = self.pages

        embedded = self.embedded

        to_embed = self.to_embed

        answers = self.answers

        passages = self.passages

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "title": title,
            "collection_id": collection_id,
            "collection": collection,
            "source": source,
            "file_name": file_name,
            "url": url,
            "media_type": media_type,
            "size_bytes": size_bytes,
            "state": state,
            "problem": problem,
            "advice": advice,
            "pages": pages,
            "embedded": embedded,
            "to_embed": to_embed,
            "answers": answers,
            "passages": passages,
            "created_at": created_at,
            "updated_at": updated_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        title = d.pop("title")

        collection_id = UUID(d.pop("collection_id"))




        collection = d.pop("collection")

        source = d.pop("source")

        file_name = d.pop("file_name")

        url = d.pop("url")

        media_type = d.pop("media_type")

        size_bytes = d.pop("size_bytes")

        state = d.pop("state")

        problem = d.pop("problem")

        advice = d.pop("advice")

        pages = d.pop("pages")

        embedded = d.pop("embedded")

        to_embed = d.pop("to_embed")

        answers = d.pop("answers")

        passages = d.pop("passages")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))




        document_line = cls(
            id=id,
            title=title,
            collection_id=collection_id,
            collection=collection,
            source=source,
            file_name=file_name,
            url=url,
            media_type=media_type,
            size_bytes=size_bytes,
            state=state,
            problem=problem,
            advice=advice,
            pages=pages,
            embedded=embedded,
            to_embed=to_embed,
            answers=answers,
            passages=passages,
            created_at=created_at,
            updated_at=updated_at,
        )


        document_line.additional_properties = d
        return document_line

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
