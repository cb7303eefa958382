from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.tool_result_result import ToolResultResult





T = TypeVar("T", bound="ToolResult")



@_attrs_define
class ToolResult:
    """ What a tool that ran told the model.

        Attributes:
            id (str):
            ok (bool):
            result (ToolResultResult):
     """

    id: str
    ok: bool
    result: ToolResultResult
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.tool_result_result import ToolResultResult # noqa: PLC0415
        id = self.id

        ok = self.ok

        result = self.result.to_dict()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "ok": ok,
            "result": result,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.tool_result_result import ToolResultResult # noqa: PLC0415
        d = dict(src_dict)
        id = d.pop("id")

        ok = d.pop("ok")

        result = ToolResultResult.from_dict(d.pop("result"))




        tool_result = cls(
            id=id,
            ok=ok,
            result=result,
        )


        tool_result.additional_properties = d
        return tool_result

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
