from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.number_line_hours_type_0 import NumberLineHoursType0





T = TypeVar("T", bound="NumberLine")



@_attrs_define
class NumberLine:
    """ A telephone number and what happens to its calls.

        Attributes:
            id (UUID):
            e164 (str):
            agent_id (None | UUID): who answers; without one a person does
            mode (str): live, or shadow: a person answers, the agent listens
            human_number (str): the person to fall back on; else the company's
            outside (str): outside its hours: agent, person, message or closed
            hours (None | NumberLineHoursType0): the number's own hours, as they are given; null: the company's
            closed_words (str): what is said when it is closed
            carrier (str):
            carrier_account_id (None | UUID): null: the platform's own, given by its operator
            region (str): the carrier's region that processes its calls
            is_bought (bool): bought here: to delete it is to give it back
            is_releasing (bool):
            answers_now (str): who takes a call at this moment: agent, person, message or closed
            created_at (datetime.datetime):
     """

    id: UUID
    e164: str
    agent_id: None | UUID
    mode: str
    human_number: str
    outside: str
    hours: None | NumberLineHoursType0
    closed_words: str
    carrier: str
    carrier_account_id: None | UUID
    region: str
    is_bought: bool
    is_releasing: bool
    answers_now: str
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.number_line_hours_type_0 import NumberLineHoursType0 # noqa: PLC0415
        id = str(self.id)

        e164 = self.e164

        agent_id: None | str
        if isinstance(self.agent_id, UUID):
            agent_id = str(self.agent_id)
        else:
            agent_id = self.agent_id

        mode = self.mode

        human_number = self.human_number

        outside = self.outside

        hours: dict[str, Any] | None
        if isinstance(self.hours, NumberLineHoursType0):
            hours = self.hours.to_dict()
        else:
            hours = self.hours

        closed_words = self.closed_words

        carrier = self.carrier

        carrier_account_id: None | str
        if isinstance(self.carrier_account_id, UUID):
            carrier_account_id = str(self.carrier_account_id)
        else:
            carrier_account_id = self.carrier_account_id

        region = self.region

        is_bought = self.is_bought

        is_releasing = self.is_releasing

        answers_now = self.answers_now

        created_at = self.created_at.isoformat()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "e164": e164,
            "agent_id": agent_id,
            "mode": mode,
            "human_number": human_number,
            "outside": outside,
            "hours": hours,
            "closed_words": closed_words,
            "carrier": carrier,
            "carrier_account_id": carrier_account_id,
            "region": region,
            "is_bought": is_bought,
            "is_releasing": is_releasing,
            "answers_now": answers_now,
            "created_at": created_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.number_line_hours_type_0 import NumberLineHoursType0 # noqa: PLC0415
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        e164 = d.pop("e164")

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


        mode = d.pop("mode")

        human_number = d.pop("human_number")

        outside = d.pop("outside")

        def _parse_hours(data: object) -> None | NumberLineHoursType0:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                hours_type_0 = NumberLineHoursType0.from_dict(data)



                return hours_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | NumberLineHoursType0, data)

        hours = _parse_hours(d.pop("hours"))


        closed_words = d.pop("closed_words")

        carrier = d.pop("carrier")

        def _parse_carrier_account_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                carrier_account_id_type_0 = UUID(data)



                return carrier_account_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        carrier_account_id = _parse_carrier_account_id(d.pop("carrier_account_id"))


        region = d.pop("region")

        is_bought = d.pop("is_bought")

        is_releasing = d.pop("is_releasing")

        answers_now = d.pop("answers_now")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        number_line = cls(
            id=id,
            e164=e164,
            agent_id=agent_id,
            mode=mode,
            human_number=human_number,
            outside=outside,
            hours=hours,
            closed_words=closed_words,
            carrier=carrier,
            carrier_account_id=carrier_account_id,
            region=region,
            is_bought=is_bought,
            is_releasing=is_releasing,
            answers_now=answers_now,
            created_at=created_at,
        )


        number_line.additional_properties = d
        return number_line

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
