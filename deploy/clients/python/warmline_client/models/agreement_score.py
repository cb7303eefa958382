from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="AgreementScore")



@_attrs_define
class AgreementScore:
    """ How far the agent agreed with the person, from 0 to 1; None with nothing to compare.

        Attributes:
            overall (float | None):
            meaning (float | None):
            facts (float | None):
            action (float | None):
            because (str):
            unjudged (str | Unset):
     """

    overall: float | None
    meaning: float | None
    facts: float | None
    action: float | None
    because: str
    unjudged: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        overall: float | None
        overall = self.overall

        meaning: float | None
        meaning = self.meaning

        facts: float | None
        facts = self.facts

        action: float | None
        action = self.action

        because = self.because

        unjudged = self.unjudged


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "overall": overall,
            "meaning": meaning,
            "facts": facts,
            "action": action,
            "because": because,
        })
        if unjudged is not UNSET:
            field_dict["unjudged"] = unjudged

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        def _parse_overall(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        overall = _parse_overall(d.pop("overall"))


        def _parse_meaning(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        meaning = _parse_meaning(d.pop("meaning"))


        def _parse_facts(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        facts = _parse_facts(d.pop("facts"))


        def _parse_action(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        action = _parse_action(d.pop("action"))


        because = d.pop("because")

        unjudged = d.pop("unjudged", UNSET)

        agreement_score = cls(
            overall=overall,
            meaning=meaning,
            facts=facts,
            action=action,
            because=because,
            unjudged=unjudged,
        )


        agreement_score.additional_properties = d
        return agreement_score

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
