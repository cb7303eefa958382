from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.agent_version_state import AgentVersionState
from ..models.agent_version_state import check_agent_version_state
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="VersionLine")



@_attrs_define
class VersionLine:
    """ A version in a list: who made it, when and why.

        Attributes:
            id (UUID):
            number (int):
            state (AgentVersionState):
            note (str):
            made_by (str):
            created_at (datetime.datetime):
            live_at (datetime.datetime | None):
            live_by (str):
            reverted_from (int | None): The earlier version whose words these are again
     """

    id: UUID
    number: int
    state: AgentVersionState
    note: str
    made_by: str
    created_at: datetime.datetime
    live_at: datetime.datetime | None
    live_by: str
    reverted_from: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        number = self.number

        state: str = self.state

        note = self.note

        made_by = self.made_by

        created_at = self.created_at.isoformat()

        live_at: None | str
        if isinstance(self.live_at, datetime.datetime):
            live_at = self.live_at.isoformat()
        else:
            live_at = self.live_at

        live_by = self.live_by

        reverted_from: int | None
        reverted_from = self.reverted_from


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "number": number,
            "state": state,
            "note": note,
            "made_by": made_by,
            "created_at": created_at,
            "live_at": live_at,
            "live_by": live_by,
            "reverted_from": reverted_from,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        number = d.pop("number")

        state = check_agent_version_state(d.pop("state"))




        note = d.pop("note")

        made_by = d.pop("made_by")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        def _parse_live_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                live_at_type_0 = datetime.datetime.fromisoformat(data)



                return live_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        live_at = _parse_live_at(d.pop("live_at"))


        live_by = d.pop("live_by")

        def _parse_reverted_from(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        reverted_from = _parse_reverted_from(d.pop("reverted_from"))


        version_line = cls(
            id=id,
            number=number,
            state=state,
            note=note,
            made_by=made_by,
            created_at=created_at,
            live_at=live_at,
            live_by=live_by,
            reverted_from=reverted_from,
        )


        version_line.additional_properties = d
        return version_line

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
