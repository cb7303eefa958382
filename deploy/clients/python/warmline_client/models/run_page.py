from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.run_line import RunLine
  from ..models.turn_page import TurnPage
  from ..models.verdict_line import VerdictLine





T = TypeVar("T", bound="RunPage")



@_attrs_define
class RunPage:
    """ All of one scored call.

        Attributes:
            run (RunLine): A scored call in a list.
            agent_version_id (str):
            turns (list[TurnPage]):
            verdicts (list[VerdictLine]):
     """

    run: RunLine
    agent_version_id: str
    turns: list[TurnPage]
    verdicts: list[VerdictLine]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.run_line import RunLine # noqa: PLC0415
        from ..models.turn_page import TurnPage # noqa: PLC0415
        from ..models.verdict_line import VerdictLine # noqa: PLC0415
        run = self.run.to_dict()

        agent_version_id = self.agent_version_id

        turns = []
        for turns_item_data in self.turns:
            turns_item = turns_item_data.to_dict()
            turns.append(turns_item)



        verdicts = []
        for verdicts_item_data in self.verdicts:
            verdicts_item = verdicts_item_data.to_dict()
            verdicts.append(verdicts_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "run": run,
            "agent_version_id": agent_version_id,
            "turns": turns,
            "verdicts": verdicts,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.run_line import RunLine # noqa: PLC0415
        from ..models.turn_page import TurnPage # noqa: PLC0415
        from ..models.verdict_line import VerdictLine # noqa: PLC0415
        d = dict(src_dict)
        run = RunLine.from_dict(d.pop("run"))




        agent_version_id = d.pop("agent_version_id")

        turns = []
        _turns = d.pop("turns")
        for turns_item_data in (_turns):
            turns_item = TurnPage.from_dict(turns_item_data)



            turns.append(turns_item)


        verdicts = []
        _verdicts = d.pop("verdicts")
        for verdicts_item_data in (_verdicts):
            verdicts_item = VerdictLine.from_dict(verdicts_item_data)



            verdicts.append(verdicts_item)


        run_page = cls(
            run=run,
            agent_version_id=agent_version_id,
            turns=turns,
            verdicts=verdicts,
        )


        run_page.additional_properties = d
        return run_page

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
