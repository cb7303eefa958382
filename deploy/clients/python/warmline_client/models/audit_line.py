from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.audit_line_detail import AuditLineDetail





T = TypeVar("T", bound="AuditLine")



@_attrs_define
class AuditLine:
    """ Something that was done.

        Attributes:
            id (UUID):
            at (datetime.datetime):
            actor (str): user:, key: or operator: and its id; system, command
            actor_name (str): what people call the actor
            action (str): as thing.verb, such as member.change
            subject (str): the id of what it was done to
            detail (AuditLineDetail): what changed; never words of a call
     """

    id: UUID
    at: datetime.datetime
    actor: str
    actor_name: str
    action: str
    subject: str
    detail: AuditLineDetail
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.audit_line_detail import AuditLineDetail # noqa: PLC0415
        id = str(self.id)

        at = self.at.isoformat()

        actor = self.actor

        actor_name = self.actor_name

        action = self.action

        subject = self.subject

        detail = self.detail.to_dict()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "at": at,
            "actor": actor,
            "actor_name": actor_name,
            "action": action,
            "subject": subject,
            "detail": detail,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.audit_line_detail import AuditLineDetail # noqa: PLC0415
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        at = datetime.datetime.fromisoformat(d.pop("at"))




        actor = d.pop("actor")

        actor_name = d.pop("actor_name")

        action = d.pop("action")

        subject = d.pop("subject")

        detail = AuditLineDetail.from_dict(d.pop("detail"))




        audit_line = cls(
            id=id,
            at=at,
            actor=actor,
            actor_name=actor_name,
            action=action,
            subject=subject,
            detail=detail,
        )


        audit_line.additional_properties = d
        return audit_line

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
