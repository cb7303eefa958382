from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="BookingLine")



@_attrs_define
class BookingLine:
    """ A booking of any vertical as pages show it; times are aware, in UTC.

        Attributes:
            id (UUID):
            call_id (UUID):
            reference (str):
            what (str):
            who (str):
            starts_at (datetime.datetime):
            ends_at (datetime.datetime):
            state (str): `booked`, `cancelled`, `done`, or the vertical's own
            caller_number (str): empty when withheld, or erased
            revision (int): how often it was moved or cancelled
            created_at (datetime.datetime):
            changed_at (datetime.datetime):
     """

    id: UUID
    call_id: UUID
    reference: str
    what: str
    who: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    state: str
    caller_number: str
    revision: int
    created_at: datetime.datetime
    changed_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        call_id = str(self.call_id)

        reference = self.reference

        what = self.what

        who = self.who

        starts_at = self.starts_at.isoformat()

        ends_at = self.ends_at.isoformat()

        state = self.state

        caller_number = self.caller_number

        revision = self.revision

        created_at = self.created_at.isoformat()

        changed_at = self.changed_at.isoformat()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "call_id": call_id,
            "reference": reference,
            "what": what,
            "who": who,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "state": state,
            "caller_number": caller_number,
            "revision": revision,
            "created_at": created_at,
            "changed_at": changed_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        call_id = UUID(d.pop("call_id"))




        reference = d.pop("reference")

        what = d.pop("what")

        who = d.pop("who")

        starts_at = datetime.datetime.fromisoformat(d.pop("starts_at"))




        ends_at = datetime.datetime.fromisoformat(d.pop("ends_at"))




        state = d.pop("state")

        caller_number = d.pop("caller_number")

        revision = d.pop("revision")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        changed_at = datetime.datetime.fromisoformat(d.pop("changed_at"))




        booking_line = cls(
            id=id,
            call_id=call_id,
            reference=reference,
            what=what,
            who=who,
            starts_at=starts_at,
            ends_at=ends_at,
            state=state,
            caller_number=caller_number,
            revision=revision,
            created_at=created_at,
            changed_at=changed_at,
        )


        booking_line.additional_properties = d
        return booking_line

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
