from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.mode import check_mode
from ..models.mode import Mode
from ..models.outside_hours import check_outside_hours
from ..models.outside_hours import OutsideHours
from ..types import UNSET, Unset
from typing import cast
from uuid import UUID






T = TypeVar("T", bound="PatchedNumberChanges")



@_attrs_define
class PatchedNumberChanges:
    """ What a number does.

        Attributes:
            agent_id (None | Unset | UUID): who answers; null: a person does
            mode (Mode | Unset):
            human_number (str | Unset): the person to fall back on
            outside (OutsideHours | Unset):
            hours (Any | None | Unset): null: the company's hours; else {"hours": [{"days": [0], "begins": "08:00", "ends":
                "18:00"}], "holidays": [], "exceptions": []}, Monday is 0
            closed_words (str | Unset): what is said when closed
     """

    agent_id: None | Unset | UUID = UNSET
    mode: Mode | Unset = UNSET
    human_number: str | Unset = UNSET
    outside: OutsideHours | Unset = UNSET
    hours: Any | None | Unset = UNSET
    closed_words: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        agent_id: None | str | Unset
        if isinstance(self.agent_id, Unset):
            agent_id = UNSET
        elif isinstance(self.agent_id, UUID):
            agent_id = str(self.agent_id)
        else:
            agent_id = self.agent_id

        mode: str | Unset = UNSET
        if not isinstance(self.mode, Unset):
            mode = self.mode


        human_number = self.human_number

        outside: str | Unset = UNSET
        if not isinstance(self.outside, Unset):
            outside = self.outside


        hours: Any | None | Unset
        if isinstance(self.hours, Unset):
            hours = UNSET
        else:
            hours = self.hours

        closed_words = self.closed_words


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
        })
        if agent_id is not UNSET:
            field_dict["agent_id"] = agent_id
        if mode is not UNSET:
            field_dict["mode"] = mode
        if human_number is not UNSET:
            field_dict["human_number"] = human_number
        if outside is not UNSET:
            field_dict["outside"] = outside
        if hours is not UNSET:
            field_dict["hours"] = hours
        if closed_words is not UNSET:
            field_dict["closed_words"] = closed_words

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        def _parse_agent_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                agent_id_type_0 = UUID(data)



                return agent_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        agent_id = _parse_agent_id(d.pop("agent_id", UNSET))


        _mode = d.pop("mode", UNSET)
        mode: Mode | Unset
        if isinstance(_mode,  Unset):
            mode = UNSET
        else:
            mode = check_mode(_mode)




        human_number = d.pop("human_number", UNSET)

        _outside = d.pop("outside", UNSET)
        outside: OutsideHours | Unset
        if isinstance(_outside,  Unset):
            outside = UNSET
        else:
            outside = check_outside_hours(_outside)




        def _parse_hours(data: object) -> Any | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(Any | None | Unset, data)

        hours = _parse_hours(d.pop("hours", UNSET))


        closed_words = d.pop("closed_words", UNSET)

        patched_number_changes = cls(
            agent_id=agent_id,
            mode=mode,
            human_number=human_number,
            outside=outside,
            hours=hours,
            closed_words=closed_words,
        )


        patched_number_changes.additional_properties = d
        return patched_number_changes

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
