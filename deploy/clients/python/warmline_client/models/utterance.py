from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.speaker import check_speaker
from ..models.speaker import Speaker
from typing import cast






T = TypeVar("T", bound="Utterance")



@_attrs_define
class Utterance:
    """ One line of the transcript.

        Attributes:
            turn (int):
            speaker (Speaker):
            text (str): as heard; keys that were pressed stand as digits
            heard (str): what of the text reached the caller's ear
            cut (bool): the caller spoke into it
            at_ms (float): since the call's audio started; the agent's words: since heard
            to_screen (bool):
            until_ms (float | None): null while it is not over, or unknown
     """

    turn: int
    speaker: Speaker
    text: str
    heard: str
    cut: bool
    at_ms: float
    to_screen: bool
    until_ms: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        turn = self.turn

        speaker: str = self.speaker

        text = self.text

        heard = self.heard

        cut = self.cut

        at_ms = self.at_ms

        to_screen = self.to_screen

        until_ms: float | None
        until_ms = self.until_ms


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "turn": turn,
            "speaker": speaker,
            "text": text,
            "heard": heard,
            "cut": cut,
            "at_ms": at_ms,
            "to_screen": to_screen,
            "until_ms": until_ms,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        turn = d.pop("turn")

        speaker = check_speaker(d.pop("speaker"))




        text = d.pop("text")

        heard = d.pop("heard")

        cut = d.pop("cut")

        at_ms = d.pop("at_ms")

        to_screen = d.pop("to_screen")

        def _parse_until_ms(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        until_ms = _parse_until_ms(d.pop("until_ms"))


        utterance = cls(
            turn=turn,
            speaker=speaker,
            text=text,
            heard=heard,
            cut=cut,
            at_ms=at_ms,
            to_screen=to_screen,
            until_ms=until_ms,
        )


        utterance.additional_properties = d
        return utterance

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
