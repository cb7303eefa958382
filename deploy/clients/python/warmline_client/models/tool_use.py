from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.tool_use_arguments import ToolUseArguments
  from ..models.tool_use_result_type_0 import ToolUseResultType0





T = TypeVar("T", bound="ToolUse")



@_attrs_define
class ToolUse:
    """ A tool that the model asked for, and what it was told.

        Attributes:
            turn (int):
            tool_call_id (str):
            name (str):
            arguments (ToolUseArguments): as given; what was no JSON object is `text`
            ran (bool): false in shadow mode for tools that write
            ok (bool | None): null while no answer is known
            result (None | ToolUseResultType0): as the model saw it; null when there was none
     """

    turn: int
    tool_call_id: str
    name: str
    arguments: ToolUseArguments
    ran: bool
    ok: bool | None
    result: None | ToolUseResultType0
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.tool_use_arguments import ToolUseArguments # noqa: PLC0415
        from ..models.tool_use_result_type_0 import ToolUseResultType0 # noqa: PLC0415
        turn = self.turn

        tool_call_id = self.tool_call_id

        name = self.name

        arguments = self.arguments.to_dict()

        ran = self.ran

        ok: bool | None
        ok = self.ok

        result: dict[str, Any] | None
        if isinstance(self.result, ToolUseResultType0):
            result = self.result.to_dict()
        else:
            result = self.result


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "turn": turn,
            "tool_call_id": tool_call_id,
            "name": name,
            "arguments": arguments,
            "ran": ran,
            "ok": ok,
            "result": result,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.tool_use_arguments import ToolUseArguments # noqa: PLC0415
        from ..models.tool_use_result_type_0 import ToolUseResultType0 # noqa: PLC0415
        d = dict(src_dict)
        turn = d.pop("turn")

        tool_call_id = d.pop("tool_call_id")

        name = d.pop("name")

        arguments = ToolUseArguments.from_dict(d.pop("arguments"))




        ran = d.pop("ran")

        def _parse_ok(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        ok = _parse_ok(d.pop("ok"))


        def _parse_result(data: object) -> None | ToolUseResultType0:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                result_type_0 = ToolUseResultType0.from_dict(data)



                return result_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ToolUseResultType0, data)

        result = _parse_result(d.pop("result"))


        tool_use = cls(
            turn=turn,
            tool_call_id=tool_call_id,
            name=name,
            arguments=arguments,
            ran=ran,
            ok=ok,
            result=result,
        )


        tool_use.additional_properties = d
        return tool_use

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
