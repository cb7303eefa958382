from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.check_state import check_check_state
from ..models.check_state import CheckState
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="CheckStep")



@_attrs_define
class CheckStep:
    """ One thing that must hold before a number's calls arrive, and what to do where it does not.

        Attributes:
            name (str): credentials, number, public_url, webhook, signature, media or agent
            state (CheckState):
            detail (str):
            remedy (str | Unset):
     """

    name: str
    state: CheckState
    detail: str
    remedy: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        name = self.name

        state: str = self.state

        detail = self.detail

        remedy = self.remedy


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "name": name,
            "state": state,
            "detail": detail,
        })
        if remedy is not UNSET:
            field_dict["remedy"] = remedy

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        state = check_check_state(d.pop("state"))




        detail = d.pop("detail")

        remedy = d.pop("remedy", UNSET)

        check_step = cls(
            name=name,
            state=state,
            detail=detail,
            remedy=remedy,
        )


        check_step.additional_properties = d
        return check_step

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
