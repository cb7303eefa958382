from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.role_7_ff_enum import check_role_7_ff_enum
from ..models.role_7_ff_enum import Role7FfEnum
from typing import cast






T = TypeVar("T", bound="NewInvitation")



@_attrs_define
class NewInvitation:
    """ Whom to ask, and what they would be.

        Attributes:
            email (str): Where the invitation is sent
            role (Role7FfEnum): * `owner` - Owner
                * `admin` - Admin
                * `builder` - Builder
                * `reviewer` - Reviewer
                * `viewer` - Viewer
     """

    email: str
    role: Role7FfEnum
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        email = self.email

        role: str = self.role


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "email": email,
            "role": role,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        email = d.pop("email")

        role = check_role_7_ff_enum(d.pop("role"))




        new_invitation = cls(
            email=email,
            role=role,
        )


        new_invitation.additional_properties = d
        return new_invitation

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
