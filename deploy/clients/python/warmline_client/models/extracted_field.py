from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.extracted_field_type import check_extracted_field_type
from ..models.extracted_field_type import ExtractedFieldType
from ..models.speaker import check_speaker
from ..models.speaker import Speaker
from typing import cast






T = TypeVar("T", bound="ExtractedField")



@_attrs_define
class ExtractedField:
    """ Something that was read out of a call, with the words that it was taken from.

        Attributes:
            name (str):
            type_ (ExtractedFieldType):
            value (None | str): in the words that were said; null where none were
            quote (str): the words, as they stand in the transcript
            speaker (None | Speaker):
            at_ms (float | None):
            why (str): why there is no value; empty where there is one
     """

    name: str
    type_: ExtractedFieldType
    value: None | str
    quote: str
    speaker: None | Speaker
    at_ms: float | None
    why: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        name = self.name

        type_: str = self.type_

        value: None | str
        value = self.value

        quote = self.quote

        speaker: None | str
        if isinstance(self.speaker, str):
            speaker = self.speaker
        else:
            speaker = self.speaker

        at_ms: float | None
        at_ms = self.at_ms

        why = self.why


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "name": name,
            "type": type_,
            "value": value,
            "quote": quote,
            "speaker": speaker,
            "at_ms": at_ms,
            "why": why,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        type_ = check_extracted_field_type(d.pop("type"))




        def _parse_value(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        value = _parse_value(d.pop("value"))


        quote = d.pop("quote")

        def _parse_speaker(data: object) -> None | Speaker:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                speaker_type_0 = check_speaker(data)



                return speaker_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Speaker, data)

        speaker = _parse_speaker(d.pop("speaker"))


        def _parse_at_ms(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        at_ms = _parse_at_ms(d.pop("at_ms"))


        why = d.pop("why")

        extracted_field = cls(
            name=name,
            type_=type_,
            value=value,
            quote=quote,
            speaker=speaker,
            at_ms=at_ms,
            why=why,
        )


        extracted_field.additional_properties = d
        return extracted_field

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
