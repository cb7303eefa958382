from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.webhook_delivery_state import check_webhook_delivery_state
from ..models.webhook_delivery_state import WebhookDeliveryState
from typing import cast
from uuid import UUID
import datetime

if TYPE_CHECKING:
  from ..models.webhook_attempt import WebhookAttempt
  from ..models.webhook_delivery_detail_payload import WebhookDeliveryDetailPayload





T = TypeVar("T", bound="WebhookDeliveryDetail")



@_attrs_define
class WebhookDeliveryDetail:
    """ One event on its way to one endpoint, with its tries, the last first, and what is sent.

        Attributes:
            id (UUID):
            message_id (UUID): `webhook-id`: the same on every try, and for every endpoint
            event_type (str):
            sequence (int): Counts what is sent to this endpoint; it may arrive out of order
            state (WebhookDeliveryState):
            attempts (int):
            last_status (int | None): The last answer's HTTP status; null if there was none
            last_error (str):
            next_attempt_at (datetime.datetime | None):
            delivered_at (datetime.datetime | None):
            created_at (datetime.datetime):
            tries (list[WebhookAttempt]):
            payload (WebhookDeliveryDetailPayload):
     """

    id: UUID
    message_id: UUID
    event_type: str
    sequence: int
    state: WebhookDeliveryState
    attempts: int
    last_status: int | None
    last_error: str
    next_attempt_at: datetime.datetime | None
    delivered_at: datetime.datetime | None
    created_at: datetime.datetime
    tries: list[WebhookAttempt]
    payload: WebhookDeliveryDetailPayload
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.webhook_attempt import WebhookAttempt # noqa: PLC0415
        from ..models.webhook_delivery_detail_payload import WebhookDeliveryDetailPayload # noqa: PLC0415
        id = str(self.id)

        message_id = str(self.message_id)

        event_type = self.event_type

        sequence = self.sequence

        state: str = self.state

        attempts = self.attempts

        last_status: int | None
        last_status = self.last_status

        last_error = self.last_error

        next_attempt_at: None | str
        if isinstance(self.next_attempt_at, datetime.datetime):
            next_attempt_at = self.next_attempt_at.isoformat()
        else:
            next_attempt_at = self.next_attempt_at

        delivered_at: None | str
        if isinstance(self.delivered_at, datetime.datetime):
            delivered_at = self.delivered_at.isoformat()
        else:
            delivered_at = self.delivered_at

        created_at = self.created_at.isoformat()

        tries = []
        for tries_item_data in self.tries:
            tries_item = tries_item_data.to_dict()
            tries.append(tries_item)



        payload = self.payload.to_dict()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "id": id,
            "message_id": message_id,
            "event_type": event_type,
            "sequence": sequence,
            "state": state,
            "attempts": attempts,
            "last_status": last_status,
            "last_error": last_error,
            "next_attempt_at": next_attempt_at,
            "delivered_at": delivered_at,
            "created_at": created_at,
            "tries": tries,
            "payload": payload,
        })

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.webhook_attempt import WebhookAttempt # noqa: PLC0415
        from ..models.webhook_delivery_detail_payload import WebhookDeliveryDetailPayload # noqa: PLC0415
        d = dict(src_dict)
        id = UUID(d.pop("id"))




        message_id = UUID(d.pop("message_id"))




        event_type = d.pop("event_type")

        sequence = d.pop("sequence")

        state = check_webhook_delivery_state(d.pop("state"))




        attempts = d.pop("attempts")

        def _parse_last_status(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        last_status = _parse_last_status(d.pop("last_status"))


        last_error = d.pop("last_error")

        def _parse_next_attempt_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                next_attempt_at_type_0 = datetime.datetime.fromisoformat(data)



                return next_attempt_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        next_attempt_at = _parse_next_attempt_at(d.pop("next_attempt_at"))


        def _parse_delivered_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                delivered_at_type_0 = datetime.datetime.fromisoformat(data)



                return delivered_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        delivered_at = _parse_delivered_at(d.pop("delivered_at"))


        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))




        tries = []
        _tries = d.pop("tries")
        for tries_item_data in (_tries):
            tries_item = WebhookAttempt.from_dict(tries_item_data)



            tries.append(tries_item)


        payload = WebhookDeliveryDetailPayload.from_dict(d.pop("payload"))




        webhook_delivery_detail = cls(
            id=id,
            message_id=message_id,
            event_type=event_type,
            sequence=sequence,
            state=state,
            attempts=attempts,
            last_status=last_status,
            last_error=last_error,
            next_attempt_at=next_attempt_at,
            delivered_at=delivered_at,
            created_at=created_at,
            tries=tries,
            payload=payload,
        )


        webhook_delivery_detail.additional_properties = d
        return webhook_delivery_detail

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
