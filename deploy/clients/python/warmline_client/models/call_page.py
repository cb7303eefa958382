from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
  from ..models.call_line import CallLine
  from ..models.cited_passage import CitedPassage
  from ..models.routing_reason import RoutingReason
  from ..models.summary_line import SummaryLine
  from ..models.tool_use import ToolUse
  from ..models.turn_latency import TurnLatency
  from ..models.utterance import Utterance





T = TypeVar("T", bound="CallPage")



@_attrs_define
class CallPage:
    """ All of one call.

        Attributes:
            call (CallLine): A call in a list.
            carrier_call_id (str):
            agent_version_id (str):
            routing_because (str):
            routing (list[RoutingReason]):
            handed_because (str): why no agent took the call; empty when one did
            replicas (list[str]):
            transcript (list[Utterance]):
            latency (list[TurnLatency]):
            passages (list[CitedPassage]):
            tools (list[ToolUse]):
            recording_seconds (float | None):
            summary (None | SummaryLine): null for calls without one
     """

    call: CallLine
    carrier_call_id: str
    agent_version_id: str
    routing_because: str
    routing: list[RoutingReason]
    handed_because: str
    replicas: list[str]
    transcript: list[Utterance]
    latency: list[TurnLatency]
    passages: list[CitedPassage]
    tools: list[ToolUse]
    recording_seconds: float | None
    summary: None | SummaryLine
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.call_line import CallLine # noqa: PLC0415
        from ..models.cited_passage import CitedPassage # noqa: PLC0415
        from ..models.routing_reason import RoutingReason # noqa: PLC0415
        from ..models.summary_line import SummaryLine # noqa: PLC0415
        from ..models.tool_use import ToolUse # noqa: PLC0415
        from ..models.turn_latency import TurnLatency # noqa: PLC0415
        from ..models.utterance import Utterance # noqa: PLC0415
        call = self.call.to_dict()

        carrier_call_id = self.carrier_call_id

        agent_version_id = self.agent_version_id

        routing_because = self.routing_because

        routing = []
        for routing_item_data in self.routing:
            routing_item = routing_item_data.to_dict()
            routing.append(routing_item)



        handed_because = self.handed_because

        replicas = self.replicas



        transcript = []
        for transcript_item_data in self.transcript:
            transcript_item = transcript_item_data.to_dict()
            transcript.append(transcript_item)



        latency = []
        for latency_item_data in self.latency:
            latency_item = latency_item_data.to_dict()
            latency.append(latency_item)



        passages = []
        for passages_item_data in self.passages:
            passages_item = passages_item_data.to_dict()
            passages.append(passages_item)



        tools = []
        for tools_item_data in self.tools:
            tools_item = tools_item_data.to_dict()
            tools.append(tools_item)



        recording_seconds: float | None
        recording_seconds = self.recording_seconds

        summary: dict[str, Any] | None
        if isinstance(self.summary, SummaryLine):
            summary = self.summary.to_dict()
        else:
            summary = self.summary


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "call": call,
            "carrier_call_id": carrier_call_id,
            "agent_version_id": agent_version_id,
            "routing_because": routing_because,
            "routing": routing,
            "handed_because": handed_because,
            "replicas": replicas,
            "transcript": transcript,
            "latency": latency,
            "passages": passages,
            "tools": tools,
            "recording_seconds": recording_seconds,
            "summary": summary,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.call_line import CallLine # noqa: PLC0415
        from ..models.cited_passage import CitedPassage # noqa: PLC0415
        from ..models.routing_reason import RoutingReason # noqa: PLC0415
        from ..models.summary_line import SummaryLine # noqa: PLC0415
        from ..models.tool_use import ToolUse # noqa: PLC0415
        from ..models.turn_latency import TurnLatency # noqa: PLC0415
        from ..models.utterance import Utterance # noqa: PLC0415
        d = dict(src_dict)
        call = CallLine.from_dict(d.pop("call"))




        carrier_call_id = d.pop("carrier_call_id")

        agent_version_id = d.pop("agent_version_id")

        routing_because = d.pop("routing_because")

        routing = []
        _routing = d.pop("routing")
        for routing_item_data in (_routing):
            routing_item = RoutingReason.from_dict(routing_item_data)



            routing.append(routing_item)


        handed_because = d.pop("handed_because")

        replicas = cast(list[str], d.pop("replicas"))


        transcript = []
        _transcript = d.pop("transcript")
        for transcript_item_data in (_transcript):
            transcript_item = Utterance.from_dict(transcript_item_data)



            transcript.append(transcript_item)


        latency = []
        _latency = d.pop("latency")
        for latency_item_data in (_latency):
            latency_item = TurnLatency.from_dict(latency_item_data)



            latency.append(latency_item)


        passages = []
        _passages = d.pop("passages")
        for passages_item_data in (_passages):
            passages_item = CitedPassage.from_dict(passages_item_data)



            passages.append(passages_item)


        tools = []
        _tools = d.pop("tools")
        for tools_item_data in (_tools):
            tools_item = ToolUse.from_dict(tools_item_data)



            tools.append(tools_item)


        def _parse_recording_seconds(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        recording_seconds = _parse_recording_seconds(d.pop("recording_seconds"))


        def _parse_summary(data: object) -> None | SummaryLine:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                summary_type_0 = SummaryLine.from_dict(data)



                return summary_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SummaryLine, data)

        summary = _parse_summary(d.pop("summary"))


        call_page = cls(
            call=call,
            carrier_call_id=carrier_call_id,
            agent_version_id=agent_version_id,
            routing_because=routing_because,
            routing=routing,
            handed_because=handed_because,
            replicas=replicas,
            transcript=transcript,
            latency=latency,
            passages=passages,
            tools=tools,
            recording_seconds=recording_seconds,
            summary=summary,
        )


        call_page.additional_properties = d
        return call_page

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
