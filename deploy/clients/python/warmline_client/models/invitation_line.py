from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="InvitationLine")



@_attrs_define
class InvitationLine:
    """ Somebody who is asked to join the company.

        Attributes:
            id (UUID):
            email (str):
            role (str): what they will be: admin, builder, reviewer or viewer
            state (str): pending, expired, accepted or revoked
            invited_by (str): the inviter's name, or what made it
            created_at (datetime.datetime):
            sent_at (datetime.datetime):
            expires_at (datetime.datetime):
     """

    id: UUID
    email: str
    role: str
    state: str
    invited_by: str
    created_at: datetime.datetime
    sent_at: datetime.datetime
    expires_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        email = self.email

        role = self.role

        state = self.state

        invited_by = self.invited_by

        created_at = self.created_at.isoformat()

        sent_at = self.sent_at.isoformat()

        expires_at = self.expires_at.isoformat()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "email": email,
            "role": role,
            "state": state,
            "invited_by": invited_by,
            "created_at": created_at,
            "sent_at": sent_at,
            "expires_at": expires_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        email = d.pop("email")

        role = d.pop("role")

        state = d.pop("state")

        invited_by = d.pop("invited_by")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        sent_at = datetime.datetime.fromisoformat(d.pop("sent_at"))




        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))




        invitation_line = cls(
            id=id,
            email=email,
            role=role,
            state=state,
            invited_by=invited_by,
            created_at=created_at,
            sent_at=sent_at,
            expires_at=expires_at,
        )


        invitation_line.additional_properties = d
        return invitation_line

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
