from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.tool_result import ToolResult
  from ..models.tried_passage import TriedPassage
  from ..models.tried_sentence import TriedSentence
  from ..models.tried_tool import TriedTool
  from ..models.try_times import TryTimes





T = TypeVar("T", bound="TryAnswer")



@_attrs_define
class TryAnswer:
    """ All of one answer.

        Attributes:
            text (str):
            sentences (list[TriedSentence]):
            passages (list[TriedPassage]):
            tools (list[TriedTool]):
            tool_results (list[ToolResult]):
            model (str):
            region (str):
            times (TryTimes): How long it took, in milliseconds after the words were there; None: it did not happen.
            prompt_tokens (int | None):
            ends_call (bool): Whether the agent would hang up after this
     """

    text: str
    sentences: list[TriedSentence]
    passages: list[TriedPassage]
    tools: list[TriedTool]
    tool_results: list[ToolResult]
    model: str
    region: str
    times: TryTimes
    prompt_tokens: int | None
    ends_call: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.tool_result import ToolResult # noqa: PLC0415
        from ..models.tried_passage import TriedPassage # noqa: PLC0415
        from ..models.tried_sentence import TriedSentence # noqa: PLC0415
        from ..models.tried_tool import TriedTool # noqa: PLC0415
        from ..models.try_times import TryTimes # noqa: PLC0415
        text = self.text

        sentences = []
        for sentences_item_data in self.sentences:
            sentences_item = sentences_item_data.to_dict()
            sentences.append(sentences_item)



        passages = []
        for passages_item_data in self.passages:
            passages_item = passages_item_data.to_dict()
            passages.append(passages_item)



        tools = []
        for tools_item_data in self.tools:
            tools_item = tools_item_data.to_dict()
            tools.append(tools_item)



        tool_results = []
        for tool_results_item_data in self.tool_results:
            tool_results_item = tool_results_item_data.to_dict()
            tool_results.append(tool_results_item)



        model = self.model

        region = self.region

        times = self.times.to_dict()

        prompt_tokens: int | None
        prompt_tokens = self.prompt_tokens

        ends_call = self.ends_call


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "text": text,
            "sentences": sentences,
            "passages": passages,
            "tools": tools,
            "tool_results": tool_results,
            "model": model,
            "region": region,
            "times": times,
            "prompt_tokens": prompt_tokens,
            "ends_call": ends_call,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.tool_result import ToolResult # noqa: PLC0415
        from ..models.tried_passage import TriedPassage # noqa: PLC0415
        from ..models.tried_sentence import TriedSentence # noqa: PLC0415
        from ..models.tried_tool import TriedTool # noqa: PLC0415
        from ..models.try_times import TryTimes # noqa: PLC0415
        d = dict(src_dict)
        text = d.pop("text")

        sentences = []
        _sentences = d.pop("sentences")
        for sentences_item_data in (_sentences):
            sentences_item = TriedSentence.from_dict(sentences_item_data)



            sentences.append(sentences_item)


        passages = []
        _passages = d.pop("passages")
        for passages_item_data in (_passages):
            passages_item = TriedPassage.from_dict(passages_item_data)



            passages.append(passages_item)


        tools = []
        _tools = d.pop("tools")
        for tools_item_data in (_tools):
            tools_item = TriedTool.from_dict(tools_item_data)



            tools.append(tools_item)


        tool_results = []
        _tool_results = d.pop("tool_results")
        for tool_results_item_data in (_tool_results):
            tool_results_item = ToolResult.from_dict(tool_results_item_data)



            tool_results.append(tool_results_item)


        model = d.pop("model")

        region = d.pop("region")

        times = TryTimes.from_dict(d.pop("times"))




        def _parse_prompt_tokens(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        prompt_tokens = _parse_prompt_tokens(d.pop("prompt_tokens"))


        ends_call = d.pop("ends_call")

        try_answer = cls(
            text=text,
            sentences=sentences,
            passages=passages,
            tools=tools,
            tool_results=tool_results,
            model=model,
            region=region,
            times=times,
            prompt_tokens=prompt_tokens,
            ends_call=ends_call,
        )


        try_answer.additional_properties = d
        return try_answer

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
