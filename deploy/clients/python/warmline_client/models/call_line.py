from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.blank_enum import BlankEnum
from ..models.blank_enum import check_blank_enum
from ..models.call_audience import CallAudience
from ..models.call_audience import check_call_audience
from ..models.call_outcome import CallOutcome
from ..models.call_outcome import check_call_outcome
from ..models.call_state import CallState
from ..models.call_state import check_call_state
from ..models.mode import check_mode
from ..models.mode import Mode
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="CallLine")



@_attrs_define
class CallLine:
    """ A call in a list.

        Attributes:
            id (UUID):
            state (CallState):
            outcome (BlankEnum | CallOutcome): what the call came to; empty while it goes on
            from_number (str): the caller's number as claimed; empty when withheld
            to_number (str):
            region (str):
            vertical (str):
            agent_id (None | UUID): null where no agent was to answer
            agent_version_id (str):
            mode (Mode):
            audience (CallAudience):
            started_at (datetime.datetime):
            answered_at (datetime.datetime | None):
            ended_at (datetime.datetime | None):
            end_reason (str): empty while the call goes on
            seconds (float | None): from the answer to the end, or to now
            turns (int):
            first_audio_p50_ms (float | None): from the caller's last word to the agent's first audio
            first_audio_p95_ms (float | None):
     """

    id: UUID
    state: CallState
    outcome: BlankEnum | CallOutcome
    from_number: str
    to_number: str
    region: str
    vertical: str
    agent_id: None | UUID
    agent_version_id: str
    mode: Mode
    audience: CallAudience
    started_at: datetime.datetime
    answered_at: datetime.datetime | None
    ended_at: datetime.datetime | None
    end_reason: str
    seconds: float | None
    turns: int
    first_audio_p50_ms: float | None
    first_audio_p95_ms: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        state: str = self.state

        outcome: str
        if isinstance(self.outcome, str):
            outcome = self.outcome
        else:
            outcome = self.outcome


        from_number = self.from_number

        to_number = self.to_number

        region = self.region

        vertical = self.vertical

        agent_id: None | str
        if isinstance(self.agent_id, UUID):
            agent_id = str(self.agent_id)
        else:
            agent_id = self.agent_id

        agent_version_id = self.agent_version_id

        mode: str = self.mode

        audience: str = self.audience

        started_at = self.started_at.isoformat()

        answered_at: None | str
        if isinstance(self.answered_at, datetime.datetime):
            answered_at = self.answered_at.isoformat()
        else:
            answered_at = self.answered_at

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        end_reason = self.end_reason

        seconds: float | None
        seconds = self.seconds

        turns = self.turns

        first_audio_p50_ms: float | None
        first_audio_p50_ms = self.first_audio_p50_ms

        first_audio_p95_ms: float | None
        first_audio_p95_ms = self.first_audio_p95_ms


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "state": state,
            "outcome": outcome,
            "from_number": from_number,
            "to_number": to_number,
            "region": region,
            "vertical": vertical,
            "agent_id": agent_id,
            "agent_version_id": agent_version_id,
            "mode": mode,
            "audience": audience,
            "started_at": started_at,
            "answered_at": answered_at,
            "ended_at": ended_at,
            "end_reason": end_reason,
            "seconds": seconds,
            "turns": turns,
            "first_audio_p50_ms": first_audio_p50_ms,
            "first_audio_p95_ms": first_audio_p95_ms,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        state = check_call_state(d.pop("state"))




        def _parse_outcome(data: object) -> BlankEnum | CallOutcome:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                outcome_type_0 = check_call_outcome(data)



                return outcome_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, str):
                raise TypeError()
            outcome_type_1 = check_blank_enum(data)



            return outcome_type_1

        outcome = _parse_outcome(d.pop("outcome"))


        from_number = d.pop("from_number")

        to_number = d.pop("to_number")

        region = d.pop("region")

        vertical = d.pop("vertical")

        def _parse_agent_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                agent_id_type_0 = UUID(data)



                return agent_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        agent_id = _parse_agent_id(d.pop("agent_id"))


        agent_version_id = d.pop("agent_version_id")

        mode = check_mode(d.pop("mode"))




        audience = check_call_audience(d.pop("audience"))




        started_at = datetime.datetime.fromisoformat(d.pop("started_at"))




        def _parse_answered_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                answered_at_type_0 = datetime.datetime.fromisoformat(data)



                return answered_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        answered_at = _parse_answered_at(d.pop("answered_at"))


        def _parse_ended_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_at_type_0 = datetime.datetime.fromisoformat(data)



                return ended_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        ended_at = _parse_ended_at(d.pop("ended_at"))


        end_reason = d.pop("end_reason")

        def _parse_seconds(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        seconds = _parse_seconds(d.pop("seconds"))


        turns = d.pop("turns")

        def _parse_first_audio_p50_ms(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        first_audio_p50_ms = _parse_first_audio_p50_ms(d.pop("first_audio_p50_ms"))


        def _parse_first_audio_p95_ms(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        first_audio_p95_ms = _parse_first_audio_p95_ms(d.pop("first_audio_p95_ms"))


        call_line = cls(
            id=id,
            state=state,
            outcome=outcome,
            from_number=from_number,
            to_number=to_number,
            region=region,
            vertical=vertical,
            agent_id=agent_id,
            agent_version_id=agent_version_id,
            mode=mode,
            audience=audience,
            started_at=started_at,
            answered_at=answered_at,
            ended_at=ended_at,
            end_reason=end_reason,
            seconds=seconds,
            turns=turns,
            first_audio_p50_ms=first_audio_p50_ms,
            first_audio_p95_ms=first_audio_p95_ms,
        )


        call_line.additional_properties = d
        return call_line

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
