from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.voice_line import VoiceLine





T = TypeVar("T", bound="Voices")



@_attrs_define
class Voices:
    """ The voices that an agent may have.

        Attributes:
            voices (list[VoiceLine]):
     """

    voices: list[VoiceLine]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.voice_line import VoiceLine # noqa: PLC0415
        voices = []
        for voices_item_data in self.voices:
            voices_item = voices_item_data.to_dict()
            voices.append(voices_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "voices": voices,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.voice_line import VoiceLine # noqa: PLC0415
        d = dict(src_dict)
        voices = []
        _voices = d.pop("voices")
        for voices_item_data in (_voices):
            voices_item = VoiceLine.from_dict(voices_item_data)



            voices.append(voices_item)


        voices = cls(
            voices=voices,
        )


        voices.additional_properties = d
        return voices

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
