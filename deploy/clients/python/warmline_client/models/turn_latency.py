from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.stage import Stage





T = TypeVar("T", bound="TurnLatency")



@_attrs_define
class TurnLatency:
    """ How one turn's time was spent, from the caller's last word.

        Attributes:
            turn (int):
            replica (str):
            region (str):
            first_audio_ms (float | None):
            stages (list[Stage]):
            prompt_tokens (int | None):
            completion_tokens (int | None):
     """

    turn: int
    replica: str
    region: str
    first_audio_ms: float | None
    stages: list[Stage]
    prompt_tokens: int | None
    completion_tokens: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.stage import Stage # noqa: PLC0415
        turn = self.turn

        replica = self.replica

        region = self.region

        first_audio_ms: float | None
        first_audio_ms = self.first_audio_ms

        stages = []
        for stages_item_data in self.stages:
            stages_item = stages_item_data.to_dict()
            stages.append(stages_item)



        prompt_tokens: int | None
        prompt_tokens = self.prompt_tokens

        completion_tokens: int | None
        completion_tokens = self.completion_tokens


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "turn": turn,
            "replica": replica,
            "region": region,
            "first_audio_ms": first_audio_ms,
            "stages": stages,
            "prompt_tokens": prompt_tokens,
            "completion_tokens": completion_tokens,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.stage import Stage # noqa: PLC0415
        d = dict(src_dict)
        turn = d.pop("turn")

        replica = d.pop("replica")

        region = d.pop("region")

        def _parse_first_audio_ms(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        first_audio_ms = _parse_first_audio_ms(d.pop("first_audio_ms"))


        stages = []
        _stages = d.pop("stages")
        for stages_item_data in (_stages):
            stages_item = Stage.from_dict(stages_item_data)



            stages.append(stages_item)


        def _parse_prompt_tokens(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        prompt_tokens = _parse_prompt_tokens(d.pop("prompt_tokens"))


        def _parse_completion_tokens(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        completion_tokens = _parse_completion_tokens(d.pop("completion_tokens"))


        turn_latency = cls(
            turn=turn,
            replica=replica,
            region=region,
            first_audio_ms=first_audio_ms,
            stages=stages,
            prompt_tokens=prompt_tokens,
            completion_tokens=completion_tokens,
        )


        turn_latency.additional_properties = d
        return turn_latency

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
