from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.blank_enum import BlankEnum
from ..models.blank_enum import check_blank_enum
from ..models.webhook_disabled_because import check_webhook_disabled_because
from ..models.webhook_disabled_because import WebhookDisabledBecause
from typing import cast
from uuid import UUID
import datetime






T = TypeVar("T", bound="WebhookEndpoint")



@_attrs_define
class WebhookEndpoint:
    """ An address of the company's that its events are posted to.

        Attributes:
            id (UUID):
            url (str):
            description (str):
            event_types (list[str]): What is sent here; empty for everything, also what is to come
            enabled (bool):
            disabled_because (BlankEnum | WebhookDisabledBecause): `gone`: it answered 410; `failing`: it took nothing for
                days
            disabled_at (datetime.datetime | None):
            previous_secret_until (datetime.datetime | None): Until then the secret of before signs too; null while there is
                one only
            created_at (datetime.datetime):
     """

    id: UUID
    url: str
    description: str
    event_types: list[str]
    enabled: bool
    disabled_because: BlankEnum | WebhookDisabledBecause
    disabled_at: datetime.datetime | None
    previous_secret_until: datetime.datetime | None
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        url = self.url

        description = self.description

        event_types = self.event_types



        enabled = self.enabled

        disabled_because: str
        if isinstance(self.disabled_because, str):
            disabled_because = self.disabled_because
        else:
            disabled_because = self.disabled_because


        disabled_at: None | str
        if isinstance(self.disabled_at, datetime.datetime):
            disabled_at = self.disabled_at.isoformat()
        else:
            disabled_at = self.disabled_at

        previous_secret_until: None | str
        if isinstance(self.previous_secret_until, datetime.datetime):
            previous_secret_until = self.previous_secret_until.isoformat()
        else:
            previous_secret_until = self.previous_secret_until

        created_at = self.created_at.isoformat()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "url": url,
            "description": description,
            "event_types": event_types,
            "enabled": enabled,
            "disabled_because": disabled_because,
            "disabled_at": disabled_at,
            "previous_secret_until": previous_secret_until,
            "created_at": created_at,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        url = d.pop("url")

        description = d.pop("description")

        event_types = cast(list[str], d.pop("event_types"))


        enabled = d.pop("enabled")

        def _parse_disabled_because(data: object) -> BlankEnum | WebhookDisabledBecause:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                disabled_because_type_0 = check_webhook_disabled_because(data)



                return disabled_because_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, str):
                raise TypeError()
            disabled_because_type_1 = check_blank_enum(data)



            return disabled_because_type_1

        disabled_because = _parse_disabled_because(d.pop("disabled_because"))


        def _parse_disabled_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                disabled_at_type_0 = datetime.datetime.fromisoformat(data)



                return disabled_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        disabled_at = _parse_disabled_at(d.pop("disabled_at"))


        def _parse_previous_secret_until(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                previous_secret_until_type_0 = datetime.datetime.fromisoformat(data)



                return previous_secret_until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        previous_secret_until = _parse_previous_secret_until(d.pop("previous_secret_until"))


        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        webhook_endpoint = cls(
            id=id,
            url=url,
            description=description,
            event_types=event_types,
            enabled=enabled,
            disabled_because=disabled_because,
            disabled_at=disabled_at,
            previous_secret_until=previous_secret_until,
            created_at=created_at,
        )


        webhook_endpoint.additional_properties = d
        return webhook_endpoint

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
