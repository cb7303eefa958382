from typing import Literal

ListWebhookDeliveriesEventType = Literal['agent.changed', 'booking.cancelled', 'booking.changed', 'booking.created', 'call.ended', 'call.handed_over', 'call.outcome', 'call.started', 'knowledge.ready', 'number.changed', 'quota.near', 'shadow.verdict', 'test']

LIST_WEBHOOK_DELIVERIES_EVENT_TYPE_VALUES: set[ListWebhookDeliveriesEventType] = { 'agent.changed', 'booking.cancelled', 'booking.changed', 'booking.created', 'call.ended', 'call.handed_over', 'call.outcome', 'call.started', 'knowledge.ready', 'number.changed', 'quota.near', 'shadow.verdict', 'test',  }

def check_list_webhook_deliveries_event_type(value: str) -> ListWebhookDeliveriesEventType:
    if value in LIST_WEBHOOK_DELIVERIES_EVENT_TYPE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_WEBHOOK_DELIVERIES_EVENT_TYPE_VALUES!r}")
