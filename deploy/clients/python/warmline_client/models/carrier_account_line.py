from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="CarrierAccountLine")



@_attrs_define
class CarrierAccountLine:
    """ A carrier account of the company. Its credentials are shown nowhere.

        Attributes:
            id (UUID):
            carrier (str):
            kind (str): own, or subaccount: one below the platform's account
            state (str): opening, open, closing or closed
            account_id (str): the carrier's own name of it
            region (str): the carrier's region that its credentials are of
            name (str):
            is_trial (bool): the carrier's own trial, with its limits
            key_id (str): the API key that requests go out with; may be empty
            why (str): what went wrong last; empty when nothing did
            numbers (int): how many numbers are used through it
            created_at (datetime.datetime):
            rotated_at (datetime.datetime | None):
     """

    id: UUID
    carrier: str
    kind: str
    state: str
    account_id: str
    region: str
    name: str
    is_trial: bool
    key_id: str
    why: str
    numbers: int
    created_at: datetime.datetime
    rotated_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        carrier = self.carrier

        kind = self.kind

        state = self.state

        account_id = self.account_id

        region = self.region

        name = self.name

        is_trial = self.is_trial

        key_id = self.key_id

        why = self.why

        numbers = self.numbers

        created_at = self.created_at.isoformat()

        rotated_at: None | str
        if isinstance(self.rotated_at, datetime.datetime):
            rotated_at = self.rotated_at.isoformat()
        else:
            rotated_at = self.rotated_at


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "carrier": carrier,
            "kind": kind,
            "state": state,
            "account_id": account_id,
            "region": region,
            "name": name,
            "is_trial": is_trial,
            "key_id": key_id,
            "why": why,
            "numbers": numbers,
            "created_at": created_at,
            "rotated_at": rotated_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        carrier = d.pop("carrier")

        kind = d.pop("kind")

        state = d.pop("state")

        account_id = d.pop("account_id")

        region = d.pop("region")

        name = d.pop("name")

        is_trial = d.pop("is_trial")

        key_id = d.pop("key_id")

        why = d.pop("why")

        numbers = d.pop("numbers")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        def _parse_rotated_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                rotated_at_type_0 = datetime.datetime.fromisoformat(data)



                return rotated_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        rotated_at = _parse_rotated_at(d.pop("rotated_at"))


        carrier_account_line = cls(
            id=id,
            carrier=carrier,
            kind=kind,
            state=state,
            account_id=account_id,
            region=region,
            name=name,
            is_trial=is_trial,
            key_id=key_id,
            why=why,
            numbers=numbers,
            created_at=created_at,
            rotated_at=rotated_at,
        )


        carrier_account_line.additional_properties = d
        return carrier_account_line

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
