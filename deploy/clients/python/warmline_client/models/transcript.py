from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.utterance import Utterance





T = TypeVar("T", bound="Transcript")



@_attrs_define
class Transcript:
    """ What was said in a call, in the order in which it was heard.

        Attributes:
            call_id (UUID):
            transcript (list[Utterance]):
     """

    call_id: UUID
    transcript: list[Utterance]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.utterance import Utterance # noqa: PLC0415
        call_id = str(self.call_id)

        transcript = []
        for transcript_item_data in self.transcript:
            transcript_item = transcript_item_data.to_dict()
            transcript.append(transcript_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "call_id": call_id,
            "transcript": transcript,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.utterance import Utterance # noqa: PLC0415
        d = dict(src_dict)
        call_id = UUID(d.pop("call_id"))




        transcript = []
        _transcript = d.pop("transcript")
        for transcript_item_data in (_transcript):
            transcript_item = Utterance.from_dict(transcript_item_data)



            transcript.append(transcript_item)


        transcript = cls(
            call_id=call_id,
            transcript=transcript,
        )


        transcript.additional_properties = d
        return transcript

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
