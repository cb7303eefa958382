from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.shadow_action_kind import check_shadow_action_kind
from ..models.shadow_action_kind import ShadowActionKind
from ..types import UNSET, Unset
from typing import cast






T = TypeVar("T", bound="Action")



@_attrs_define
class Action:
    """ Something done for the caller; `arguments` are words as said, as far as made out.

        Attributes:
            kind (ShadowActionKind):
            name (str):
            arguments (list[list[str]] | Unset):
     """

    kind: ShadowActionKind
    name: str
    arguments: list[list[str]] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        kind: str = self.kind

        name = self.name

        arguments: list[list[str]] | Unset = UNSET
        if not isinstance(self.arguments, Unset):
            arguments = []
            for arguments_item_data in self.arguments:
                arguments_item = arguments_item_data


                arguments.append(arguments_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "kind": kind,
            "name": name,
        })
        if arguments is not UNSET:
            field_dict["arguments"] = arguments

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = check_shadow_action_kind(d.pop("kind"))




        name = d.pop("name")

        _arguments = d.pop("arguments", UNSET)
        arguments: list[list[str]] | Unset = UNSET
        if _arguments is not UNSET:
            arguments = []
            for arguments_item_data in _arguments:
                arguments_item = cast(list[str], arguments_item_data)

                arguments.append(arguments_item)


        action = cls(
            kind=kind,
            name=name,
            arguments=arguments,
        )


        action.additional_properties = d
        return action

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
