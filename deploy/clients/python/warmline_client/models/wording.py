from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.on_failure import check_on_failure
from ..models.on_failure import OnFailure
from typing import cast
from uuid import UUID

if TYPE_CHECKING:
  from ..models.agent_voice import AgentVoice
  from ..models.extraction_field import ExtractionField
  from ..models.fact import Fact
  from ..models.limits import Limits





T = TypeVar("T", bound="Wording")



@_attrs_define
class Wording:
    """ Everything an agent is.

        Attributes:
            name (str): How it introduces itself; empty: as the agent
            role (str): What it is: the receptionist
            greeting (str):
            instructions (str): The company's own, for models that follow instructions
            facts (list[Fact]):
            tools (list[str]): Names of tools; empty: all of the vertical's
            collections (list[UUID]): Ids of what it may know; empty: all
            vocabulary (list[str]): Words that callers say and speech recognition should expect
            voice (AgentVoice): How the agent sounds.
            language (str): A language tag: en, es-MX
            limits (Limits): Bounds of one call.
            on_failure (OnFailure):
            extraction (list[ExtractionField]): What is read out of each call after its end; empty: as the line of business
                has
            announces_recording (bool): Whether it says before its greeting that the call is recorded
     """

    name: str
    role: str
    greeting: str
    instructions: str
    facts: list[Fact]
    tools: list[str]
    collections: list[UUID]
    vocabulary: list[str]
    voice: AgentVoice
    language: str
    limits: Limits
    on_failure: OnFailure
    extraction: list[ExtractionField]
    announces_recording: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.agent_voice import AgentVoice # noqa: PLC0415
        from ..models.extraction_field import ExtractionField # noqa: PLC0415
        from ..models.fact import Fact # noqa: PLC0415
        from ..models.limits import Limits # noqa: PLC0415
        name = self.name

        role = self.role

        greeting = self.greeting

        instructions = self.instructions

        facts = []
        for facts_item_data in self.facts:
            facts_item = facts_item_data.to_dict()
            facts.append(facts_item)



        tools = self.tools



        collections = []
        for collections_item_data in self.collections:
            collections_item = str(collections_item_data)
            collections.append(collections_item)



        vocabulary = self.vocabulary



        voice = self.voice.to_dict()

        language = self.language

        limits = self.limits.to_dict()

        on_failure: str = self.on_failure

        extraction = []
        for extraction_item_data in self.extraction:
            extraction_item = extraction_item_data.to_dict()
            extraction.append(extraction_item)



        announces_recording = self.announces_recording


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "name": name,
            "role": role,
            "greeting": greeting,
            "instructions": instructions,
            "facts": facts,
            "tools": tools,
            "collections": collections,
            "vocabulary": vocabulary,
            "voice": voice,
            "language": language,
            "limits": limits,
            "on_failure": on_failure,
            "extraction": extraction,
            "announces_recording": announces_recording,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.agent_voice import AgentVoice # noqa: PLC0415
        from ..models.extraction_field import ExtractionField # noqa: PLC0415
        from ..models.fact import Fact # noqa: PLC0415
        from ..models.limits import Limits # noqa: PLC0415
        d = dict(src_dict)
        name = d.pop("name")

        role = d.pop("role")

        greeting = d.pop("greeting")

        instructions = d.pop("instructions")

        facts = []
        _facts = d.pop("facts")
        for facts_item_data in (_facts):
            facts_item = Fact.from_dict(facts_item_data)



            facts.append(facts_item)


        tools = cast(list[str], d.pop("tools"))


        collections = []
        _collections = d.pop("collections")
        for collections_item_data in (_collections):
            collections_item = UUID(collections_item_data)



            collections.append(collections_item)


        vocabulary = cast(list[str], d.pop("vocabulary"))


        voice = AgentVoice.from_dict(d.pop("voice"))




        language = d.pop("language")

        limits = Limits.from_dict(d.pop("limits"))




        on_failure = check_on_failure(d.pop("on_failure"))




        extraction = []
        _extraction = d.pop("extraction")
        for extraction_item_data in (_extraction):
            extraction_item = ExtractionField.from_dict(extraction_item_data)



            extraction.append(extraction_item)


        announces_recording = d.pop("announces_recording")

        wording = cls(
            name=name,
            role=role,
            greeting=greeting,
            instructions=instructions,
            facts=facts,
            tools=tools,
            collections=collections,
            vocabulary=vocabulary,
            voice=voice,
            language=language,
            limits=limits,
            on_failure=on_failure,
            extraction=extraction,
            announces_recording=announces_recording,
        )


        wording.additional_properties = d
        return wording

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
