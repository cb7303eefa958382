from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="Company")



@_attrs_define
class Company:
    """ A company's own settings, and what its plan allows.

        Attributes:
            id (UUID):
            slug (str): its short name, for commands; it never changes
            name (str):
            vertical (str): its line of business
            time_zone (str): such as Europe/Berlin: its days and hours
            residency (str): where calls may be answered: anywhere, us or eu
            human_number (str): who takes a call when no agent can; or empty
            state (str): open, suspended or closed
            plan (str): trial, team or scale
            trial_ends_at (datetime.datetime | None): null: it is on no trial
            max_concurrent_calls (int): calls at once; the operator sets it
            created_at (datetime.datetime):
     """

    id: UUID
    slug: str
    name: str
    vertical: str
    time_zone: str
    residency: str
    human_number: str
    state: str
    plan: str
    trial_ends_at: datetime.datetime | None
    max_concurrent_calls: int
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        slug = self.slug

        name = self.name

        vertical = self.vertical

        time_zone = self.time_zone

        residency = self.residency

        human_number = self.human_number

        state = self.state

        plan = self.plan

        trial_ends_at: None | str
        if isinstance(self.trial_ends_at, datetime.datetime):
            trial_ends_at = self.trial_ends_at.isoformat()
        else:
            trial_ends_at = self.trial_ends_at

        max_concurrent_calls = self.max_concurrent_calls

        created_at = self.created_at.isoformat()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "slug": slug,
            "name": name,
            "vertical": vertical,
            "time_zone": time_zone,
            "residency": residency,
            "human_number": human_number,
            "state": state,
            "plan": plan,
            "trial_ends_at": trial_ends_at,
            "max_concurrent_calls": max_concurrent_calls,
            "created_at": created_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        slug = d.pop("slug")

        name = d.pop("name")

        vertical = d.pop("vertical")

        time_zone = d.pop("time_zone")

        residency = d.pop("residency")

        human_number = d.pop("human_number")

        state = d.pop("state")

        plan = d.pop("plan")

        def _parse_trial_ends_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                trial_ends_at_type_0 = datetime.datetime.fromisoformat(data)



                return trial_ends_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        trial_ends_at = _parse_trial_ends_at(d.pop("trial_ends_at"))


        max_concurrent_calls = d.pop("max_concurrent_calls")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        company = cls(
            id=id,
            slug=slug,
            name=name,
            vertical=vertical,
            time_zone=time_zone,
            residency=residency,
            human_number=human_number,
            state=state,
            plan=plan,
            trial_ends_at=trial_ends_at,
            max_concurrent_calls=max_concurrent_calls,
            created_at=created_at,
        )


        company.additional_properties = d
        return company

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
