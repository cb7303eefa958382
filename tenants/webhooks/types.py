"""What a webhook may tell of."""

from enum import StrEnum


class EventType(StrEnum):
    """What happened, as `thing.happening`."""

    CALL_STARTED = "call.started"
    CALL_ENDED = "call.ended"
    CALL_OUTCOME = "call.outcome"
    CALL_HANDED_OVER = "call.handed_over"
    BOOKING_CREATED = "booking.created"
    BOOKING_CHANGED = "booking.changed"
    BOOKING_CANCELLED = "booking.cancelled"
    SHADOW_VERDICT = "shadow.verdict"
    AGENT_CHANGED = "agent.changed"
    NUMBER_CHANGED = "number.changed"
    KNOWLEDGE_READY = "knowledge.ready"
    QUOTA_NEAR = "quota.near"
    TEST = "test"
