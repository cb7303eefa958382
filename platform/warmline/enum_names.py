"""What the API's document and its clients call each closed set of values.

Without a name here drf-spectacular makes one of where the set stands, or of its hash where two
sets stand under one word (`state`, `role`). A set that changes loses its name, which a test tells.
"""

from collections.abc import Mapping, Sequence
from typing import Final


def scopes() -> list[str]:
    """What a key may do; read late, since the settings read this module."""
    from tenants.permissions import Permission

    return [permission.value for permission in Permission]


ENUM_NAMES: Final[Mapping[str, Sequence[str] | str]] = {
    "AgentVersionState": ("shadow", "live", "retired"),
    "ApiKeyRole": ("admin", "builder", "reviewer", "viewer"),
    "ApiKeyState": ("live", "stopped", "expired", "revoked"),
    "CallAudience": ("caller", "screen"),
    "CallOutcome": (
        *("booked", "handed_over", "voicemail", "missed", "refused", "failed"),
        *("answered_by_person", "answered"),
    ),
    "CallState": ("ringing", "live", "handed_over", "ended"),
    "CarrierAccountKind": ("own", "subaccount"),
    "CarrierRegion": ("us1", "ie1", "au1"),
    "CheckState": ("good", "bad", "skipped"),
    "ChatRole": ("user", "assistant"),
    "DataResidency": "tenants.types.Residency",
    "DiffKind": ("same", "removed", "added"),
    "ErasureState": ("running", "done"),
    "ExtractedFieldType": ("text", "yes_no"),
    "FindingSeverity": ("error", "warning"),
    "MemberRole": "tenants.types.MemberRole",
    "Mode": ("live", "shadow"),
    "NumberKind": ("local", "mobile", "toll_free"),
    "OnFailure": ("person", "message", "goodbye"),
    "OutsideHours": ("agent", "person", "message", "closed"),
    "PublishedVersion": ("draft", "shadow"),
    "Scope": "warmline.enum_names.scopes",
    "ShadowActionKind": ("book", "transfer", "look_up"),
    "ShadowVerdict": ("agree", "agent_better", "human_better", "unsafe"),
    "Speaker": ("caller", "agent", "human"),
    "SummaryState": ("waiting", "done", "failed"),
    "TalkBy": ("voice", "text"),
    "TestCallState": ("ringing", "answered", "failed"),
    "WebhookDeliveryState": ("pending", "delivered", "failed"),
    "WebhookDisabledBecause": ("by_hand", "gone", "failing"),
    "EventType": (
        *("call.started", "call.ended", "call.outcome", "call.handed_over", "booking.created"),
        *("booking.changed", "booking.cancelled", "shadow.verdict", "agent.changed"),
        *("number.changed", "knowledge.ready", "quota.near"),
    ),
}
