from typing import Literal

EventTypesEnum = Literal['agent.changed', 'booking.cancelled', 'booking.changed', 'booking.created', 'call.ended', 'call.handed_over', 'call.outcome', 'call.started', 'knowledge.ready', 'number.changed', 'quota.near', 'shadow.verdict']

EVENT_TYPES_ENUM_VALUES: set[EventTypesEnum] = { 'agent.changed', 'booking.cancelled', 'booking.changed', 'booking.created', 'call.ended', 'call.handed_over', 'call.outcome', 'call.started', 'knowledge.ready', 'number.changed', 'quota.near', 'shadow.verdict',  }

def check_event_types_enum(value: str) -> EventTypesEnum:
    if value in EVENT_TYPES_ENUM_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {EVENT_TYPES_ENUM_VALUES!r}")
