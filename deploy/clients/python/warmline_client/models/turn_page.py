from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.agreement_score import AgreementScore
  from ..models.side import Side





T = TypeVar("T", bound="TurnPage")



@_attrs_define
class TurnPage:
    """ One turn side by side.

        Attributes:
            number (int):
            caller (str):
            agent (Side): What one of the two said and did after a caller's turn.
            human (Side): What one of the two said and did after a caller's turn.
            score (AgreementScore): How far the agent agreed with the person, from 0 to 1; None with nothing to compare.
     """

    number: int
    caller: str
    agent: Side
    human: Side
    score: AgreementScore
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.agreement_score import AgreementScore # noqa: PLC0415
        from ..models.side import Side # noqa: PLC0415
        number = self.number

        caller = self.caller

        agent = self.agent.to_dict()

        human = self.human.to_dict()

        score = self.score.to_dict()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "number": number,
            "caller": caller,
            "agent": agent,
            "human": human,
            "score": score,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.agreement_score import AgreementScore # noqa: PLC0415
        from ..models.side import Side # noqa: PLC0415
        d = dict(src_dict)
        number = d.pop("number")

        caller = d.pop("caller")

        agent = Side.from_dict(d.pop("agent"))




        human = Side.from_dict(d.pop("human"))




        score = AgreementScore.from_dict(d.pop("score"))




        turn_page = cls(
            number=number,
            caller=caller,
            agent=agent,
            human=human,
            score=score,
        )


        turn_page.additional_properties = d
        return turn_page

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
