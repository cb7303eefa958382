from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset







T = TypeVar("T", bound="CitedPassage")



@_attrs_define
class CitedPassage:
    """ A piece of knowledge that was put before the model.

        Attributes:
            turn (int):
            query (str):
            id (str):
            title (str):
            text (str):
            score (float):
     """

    turn: int
    query: str
    id: str
    title: str
    text: str
    score: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        turn = self.turn

        query = self.query

        id = self.id

        title = self.title

        text = self.text

        score = self.score


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "turn": turn,
            "query": query,
            "id": id,
            "title": title,
            "text": text,
            "score": score,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        turn = d.pop("turn")

        query = d.pop("query")

        id = d.pop("id")

        title = d.pop("title")

        text = d.pop("text")

        score = d.pop("score")

        cited_passage = cls(
            turn=turn,
            query=query,
            id=id,
            title=title,
            text=text,
            score=score,
        )


        cited_passage.additional_properties = d
        return cited_passage

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
