from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.tried_tool_arguments import TriedToolArguments





T = TypeVar("T", bound="TriedTool")



@_attrs_define
class TriedTool:
    """ A tool that the model asked for; one that would change something is not run.

        Attributes:
            id (str):
            name (str):
            title (str):
            arguments (TriedToolArguments):
            ran (bool): Whether it ran: only tools that read do
            problem (str | Unset): Why it would be refused as it was asked for; empty: it would not
     """

    id: str
    name: str
    title: str
    arguments: TriedToolArguments
    ran: bool
    problem: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.tried_tool_arguments import TriedToolArguments # noqa: PLC0415
        id = self.id

        name = self.name

        title = self.title

        arguments = self.arguments.to_dict()

        ran = self.ran

        problem = self.problem


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "name": name,
            "title": title,
            "arguments": arguments,
            "ran": ran,
        })
        if problem is not UNSET:
            field_dict["problem"] = problem

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.tried_tool_arguments import TriedToolArguments # noqa: PLC0415
        d = dict(src_dict)
        id = d.pop("id")

        name = d.pop("name")

        title = d.pop("title")

        arguments = TriedToolArguments.from_dict(d.pop("arguments"))




        ran = d.pop("ran")

        problem = d.pop("problem", UNSET)

        tried_tool = cls(
            id=id,
            name=name,
            title=title,
            arguments=arguments,
            ran=ran,
            problem=problem,
        )


        tried_tool.additional_properties = d
        return tried_tool

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
