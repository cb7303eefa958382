from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast






T = TypeVar("T", bound="Answer")



@_attrs_define
class Answer:
    """ A passage that was found for a question, and why it was.

    `meaning` is its cosine similarity, `words` its BM25 score by the question's words (0 when none
    is in it); `answers` says whether it passes the floor and would go before a model.

        Attributes:
            id (str):
            document_id (str):
            title (str):
            heading (str):
            page (int | None):
            text (str):
            score (float):
            meaning (float):
            words (float):
            answers (bool):
            because (str):
     """

    id: str
    document_id: str
    title: str
    heading: str
    page: int | None
    text: str
    score: float
    meaning: float
    words: float
    answers: bool
    because: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        id = self.id

        document_id = self.document_id

        title = self.title

        heading = self.heading

        page: int | None
        page = self.page

        text = self.text

        score = self.score

        meaning = self.meaning

        words = self.words

        answers = self.answers

        because = self.because


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "document_id": document_id,
            "title": title,
            "heading": heading,
            "page": page,
            "text": text,
            "score": score,
            "meaning": meaning,
            "words": words,
            "answers": answers,
            "because": because,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        document_id = d.pop("document_id")

        title = d.pop("title")

        heading = d.pop("heading")

        def _parse_page(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        page = _parse_page(d.pop("page"))


        text = d.pop("text")

        score = d.pop("score")

        meaning = d.pop("meaning")

        words = d.pop("words")

        answers = d.pop("answers")

        because = d.pop("because")

        answer = cls(
            id=id,
            document_id=document_id,
            title=title,
            heading=heading,
            page=page,
            text=text,
            score=score,
            meaning=meaning,
            words=words,
            answers=answers,
            because=because,
        )


        answer.additional_properties = d
        return answer

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
