from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.test_call_state import check_test_call_state
from ..models.test_call_state import TestCallState
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="TestCall")



@_attrs_define
class TestCall:
    """ A call that the carrier places to a number, for its company to see whether it is answered.

        Attributes:
            number_id (UUID):
            e164 (str):
            caller (str): the account's number that it comes from
            state (TestCallState):
            detail (str): how far it is, or what is wrong
            remedy (str): what to do; empty where nothing is wrong
            call_id (None | UUID): the call as it came in here; null before
            began_at (datetime.datetime):
     """

    number_id: UUID
    e164: str
    caller: str
    state: TestCallState
    detail: str
    remedy: str
    call_id: None | UUID
    began_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        number_id = str(self.number_id)

        e164 = self.e164

        caller = self.caller

        state: str = self.state

        detail = self.detail

        remedy = self.remedy

        call_id: None | str
        if isinstance(self.call_id, UUID):
            call_id = str(self.call_id)
        else:
            call_id = self.call_id

        began_at = self.began_at.isoformat()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "number_id": number_id,
            "e164": e164,
            "caller": caller,
            "state": state,
            "detail": detail,
            "remedy": remedy,
            "call_id": call_id,
            "began_at": began_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        number_id = UUID(d.pop("number_id"))




        e164 = d.pop("e164")

        caller = d.pop("caller")

        state = check_test_call_state(d.pop("state"))




        detail = d.pop("detail")

        remedy = d.pop("remedy")

        def _parse_call_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                call_id_type_0 = UUID(data)



                return call_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        call_id = _parse_call_id(d.pop("call_id"))


        began_at = datetime.datetime.fromisoformat(d.pop("began_at"))




        test_call = cls(
            number_id=number_id,
            e164=e164,
            caller=caller,
            state=state,
            detail=detail,
            remedy=remedy,
            call_id=call_id,
            began_at=began_at,
        )


        test_call.additional_properties = d
        return test_call

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
