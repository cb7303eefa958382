from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.number_kind import check_number_kind
from ..models.number_kind import NumberKind
from typing import cast






T = TypeVar("T", bound="AvailableNumber")



@_attrs_define
class AvailableNumber:
    """ A number that may be bought now, and what it costs a month in hundredths of the currency.

    `monthly_price` is None where the carrier names none; `needs_address` says that it is given out
    only with an address that the carrier knows.

        Attributes:
            e164 (str):
            kind (NumberKind):
            country (str):
            place (str):
            needs_address (bool):
            monthly_price (int | None):
            currency (str):
     """

    e164: str
    kind: NumberKind
    country: str
    place: str
    needs_address: bool
    monthly_price: int | None
    currency: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        e164 = self.e164

        kind: str = self.kind

        country = self.country

        place = self.place

        needs_address = self.needs_address

        monthly_price: int | None
        monthly_price = self.monthly_price

        currency = self.currency


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "e164": e164,
            "kind": kind,
            "country": country,
            "place": place,
            "needs_address": needs_address,
            "monthly_price": monthly_price,
            "currency": currency,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        e164 = d.pop("e164")

        kind = check_number_kind(d.pop("kind"))




        country = d.pop("country")

        place = d.pop("place")

        needs_address = d.pop("needs_address")

        def _parse_monthly_price(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        monthly_price = _parse_monthly_price(d.pop("monthly_price"))


        currency = d.pop("currency")

        available_number = cls(
            e164=e164,
            kind=kind,
            country=country,
            place=place,
            needs_address=needs_address,
            monthly_price=monthly_price,
            currency=currency,
        )


        available_number.additional_properties = d
        return available_number

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
