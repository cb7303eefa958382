from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="MemberLine")



@_attrs_define
class MemberLine:
    """ A member of the company.

        Attributes:
            id (UUID):
            user_id (UUID):
            name (str): empty until they give one
            email (str):
            role (str): owner, admin, builder, reviewer or viewer
            joined_at (datetime.datetime):
     """

    id: UUID
    user_id: UUID
    name: str
    email: str
    role: str
    joined_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        user_id = str(self.user_id)

        name = self.name

        email = self.email

        role = self.role

        joined_at = self.joined_at.isoformat()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "user_id": user_id,
            "name": name,
            "email": email,
            "role": role,
            "joined_at": joined_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        user_id = UUID(d.pop("user_id"))




        name = d.pop("name")

        email = d.pop("email")

        role = d.pop("role")

        joined_at = datetime.datetime.fromisoformat(d.pop("joined_at"))




        member_line = cls(
            id=id,
            user_id=user_id,
            name=name,
            email=email,
            role=role,
            joined_at=joined_at,
        )


        member_line.additional_properties = d
        return member_line

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
