from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.erasure_state import check_erasure_state
from ..models.erasure_state import ErasureState
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="ErasureLine")



@_attrs_define
class ErasureLine:
    """ How far the erasure of a caller is.

        Attributes:
            id (UUID):
            state (ErasureState):
            calls (int): erased so far
            recordings (int):
            shadow_runs (int):
            bookings (int): in which the person was erased
            skipped (int): calls that went on then, and are kept
            requested_at (datetime.datetime):
            finished_at (datetime.datetime | None):
     """

    id: UUID
    state: ErasureState
    calls: int
    recordings: int
    shadow_runs: int
    bookings: int
    skipped: int
    requested_at: datetime.datetime
    finished_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        state: str = self.state

        calls = self.calls

        recordings = self.recordings

        shadow_runs = self.shadow_runs

        bookings = self.bookings

        skipped = self.skipped

        requested_at = self.requested_at.isoformat()

        finished_at: None | str
        if isinstance(self.finished_at, datetime.datetime):
            finished_at = self.finished_at.isoformat()
        else:
            finished_at = self.finished_at


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "state": state,
            "calls": calls,
            "recordings": recordings,
            "shadow_runs": shadow_runs,
            "bookings": bookings,
            "skipped": skipped,
            "requested_at": requested_at,
            "finished_at": finished_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        state = check_erasure_state(d.pop("state"))




        calls = d.pop("calls")

        recordings = d.pop("recordings")

        shadow_runs = d.pop("shadow_runs")

        bookings = d.pop("bookings")

        skipped = d.pop("skipped")

        requested_at = datetime.datetime.fromisoformat(d.pop("requested_at"))




        def _parse_finished_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                finished_at_type_0 = datetime.datetime.fromisoformat(data)



                return finished_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        finished_at = _parse_finished_at(d.pop("finished_at"))


        erasure_line = cls(
            id=id,
            state=state,
            calls=calls,
            recordings=recordings,
            shadow_runs=shadow_runs,
            bookings=bookings,
            skipped=skipped,
            requested_at=requested_at,
            finished_at=finished_at,
        )


        erasure_line.additional_properties = d
        return erasure_line

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
