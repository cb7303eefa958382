from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.answer import Answer





T = TypeVar("T", bound="Answers")



@_attrs_define
class Answers:
    """ What the company's knowledge has on a question.

        Attributes:
            fits (bool): Whether any passage answers; if not, nothing fits
            passages (list[Answer]):
     """

    fits: bool
    passages: list[Answer]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.answer import Answer # noqa: PLC0415
        fits = self.fits

        passages = []
        for passages_item_data in self.passages:
            passages_item = passages_item_data.to_dict()
            passages.append(passages_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "fits": fits,
            "passages": passages,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.answer import Answer # noqa: PLC0415
        d = dict(src_dict)
        fits = d.pop("fits")

        passages = []
        _passages = d.pop("passages")
        for passages_item_data in (_passages):
            passages_item = Answer.from_dict(passages_item_data)



            passages.append(passages_item)


        answers = cls(
            fits=fits,
            passages=passages,
        )


        answers.additional_properties = d
        return answers

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
