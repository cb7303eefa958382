from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.parameter import Parameter





T = TypeVar("T", bound="Tool")



@_attrs_define
class Tool:
    """ Something that an agent of this company may do.

        Attributes:
            name (str):
            title (str): What it does, for people
            description (str): What it does, for the model
            writes (bool): Whether it changes something
            always (bool): Whether every agent has it
            parameters (list[Parameter]):
     """

    name: str
    title: str
    description: str
    writes: bool
    always: bool
    parameters: list[Parameter]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.parameter import Parameter # noqa: PLC0415
        name = self.name

        title = self.title

        description = self.description

        writes = self.writes

        always = self.always

        parameters = []
        for parameters_item_data in self.parameters:
            parameters_item = parameters_item_data.to_dict()
            parameters.append(parameters_item)




        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "name": name,
            "title": title,
            "description": description,
            "writes": writes,
            "always": always,
            "parameters": parameters,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.parameter import Parameter # noqa: PLC0415
        d = dict(src_dict)
        name = d.pop("name")

        title = d.pop("title")

        description = d.pop("description")

        writes = d.pop("writes")

        always = d.pop("always")

        parameters = []
        _parameters = d.pop("parameters")
        for parameters_item_data in (_parameters):
            parameters_item = Parameter.from_dict(parameters_item_data)



            parameters.append(parameters_item)


        tool = cls(
            name=name,
            title=title,
            description=description,
            writes=writes,
            always=always,
            parameters=parameters,
        )


        tool.additional_properties = d
        return tool

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
