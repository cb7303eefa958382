from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.shadow_verdict import check_shadow_verdict
from ..models.shadow_verdict import ShadowVerdict
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="RunLine")



@_attrs_define
class RunLine:
    """ A scored call in a list.

        Attributes:
            id (UUID):
            call_id (UUID):
            from_number (str):
            to_number (str):
            called_at (datetime.datetime):
            turns (int):
            unjudged (int):
            score (float | None):
            verdicts (list[ShadowVerdict] | Unset):
     """

    id: UUID
    call_id: UUID
    from_number: str
    to_number: str
    called_at: datetime.datetime
    turns: int
    unjudged: int
    score: float | None
    verdicts: list[ShadowVerdict] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        call_id = str(self.call_id)

        from_number = self.from_number

        to_number = self.to_number

        called_at = self.called_at.isoformat()

        turns = self.turns

        unjudged = self.unjudged

        score: float | None
        score = self.score

        verdicts: list[str] | Unset = UNSET
        if not isinstance(self.verdicts, Unset):
            verdicts = []
            for verdicts_item_data in self.verdicts:
                verdicts_item: str = verdicts_item_data
                verdicts.append(verdicts_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "call_id": call_id,
            "from_number": from_number,
            "to_number": to_number,
            "called_at": called_at,
            "turns": turns,
            "unjudged": unjudged,
            "score": score,
        })
        if verdicts is not UNSET:
            field_dict["verdicts"] = verdicts

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        call_id = UUID(d.pop("call_id"))




        from_number = d.pop("from_number")

        to_number = d.pop("to_number")

        called_at = datetime.datetime.fromisoformat(d.pop("called_at"))




        turns = d.pop("turns")

        unjudged = d.pop("unjudged")

        def _parse_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        score = _parse_score(d.pop("score"))


        _verdicts = d.pop("verdicts", UNSET)
        verdicts: list[ShadowVerdict] | Unset = UNSET
        if _verdicts is not UNSET:
            verdicts = []
            for verdicts_item_data in _verdicts:
                verdicts_item = check_shadow_verdict(verdicts_item_data)



                verdicts.append(verdicts_item)


        run_line = cls(
            id=id,
            call_id=call_id,
            from_number=from_number,
            to_number=to_number,
            called_at=called_at,
            turns=turns,
            unjudged=unjudged,
            score=score,
            verdicts=verdicts,
        )


        run_line.additional_properties = d
        return run_line

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
