from typing import Literal

EventType = Literal['agent.changed', 'booking.cancelled', 'booking.changed', 'booking.created', 'call.ended', 'call.handed_over', 'call.outcome', 'call.started', 'knowledge.ready', 'number.changed', 'quota.near', 'shadow.verdict']

EVENT_TYPE_VALUES: set[EventType] = { 'agent.changed', 'booking.cancelled', 'booking.changed', 'booking.created', 'call.ended', 'call.handed_over', 'call.outcome', 'call.started', 'knowledge.ready', 'number.changed', 'quota.near', 'shadow.verdict',  }

def check_event_type(value: str) -> EventType:
    if value in EVENT_TYPE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {EVENT_TYPE_VALUES!r}")
