"""What a list of calls may be narrowed and sorted by, as parameters of an address."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from telephony.calls.call_state import END_REASONS, OUTCOMES, STATES
from telephony.calls.listing.exporting import FORMATS
from telephony.calls.listing.filters import (
    AUDIENCES,
    MAX_SECONDS,
    MODES,
    NAMES,
    SORTS,
    CallFilters,
)
from tenants.api.fields import MomentField
from tenants.api.requests import PageQuery, QuerySerializer


class CallsFilter(QuerySerializer):
    """Which calls, in which order."""

    state = serializers.ChoiceField(required=False, choices=STATES)
    outcome = serializers.ChoiceField(
        required=False,
        choices=OUTCOMES,
        help_text="what the call came to; a call that goes on has none",
    )
    end_reason = serializers.ChoiceField(required=False, choices=END_REASONS)
    mode = serializers.ChoiceField(
        required=False, choices=MODES, help_text="`shadow`: a person answered, the agent listened"
    )
    audience = serializers.ChoiceField(required=False, choices=AUDIENCES)
    from_number = serializers.CharField(
        required=False, max_length=64, help_text="the caller's number, or `withheld`"
    )
    to_number = serializers.CharField(required=False, max_length=64)
    agent = serializers.UUIDField(required=False, help_text="an agent's id")
    version = serializers.UUIDField(required=False, help_text="the id of an agent's version")
    since = MomentField(
        required=False, help_text="only calls that started then or later (RFC 3339)"
    )
    until = MomentField(required=False, help_text="only calls that started before then (RFC 3339)")
    min_seconds = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=MAX_SECONDS,
        help_text="talked so long at least; 0 while a call goes on",
    )
    max_seconds = serializers.IntegerField(required=False, min_value=0, max_value=MAX_SECONDS)
    said = serializers.CharField(
        required=False,
        max_length=200,
        help_text="words that were all said in the call, whatever their case and accents; "
        "found once the call is over",
    )
    tool = serializers.CharField(
        required=False, max_length=60, help_text="the name of a tool that was asked for in the call"
    )
    sort = serializers.ChoiceField(
        required=False,
        default=SORTS[0],
        choices=SORTS,
        help_text="with `said` or `tool` by `started_at` only",
    )


class CallsQuery(PageQuery, CallsFilter):
    """Which calls, in which order, in pages."""


class ExportQuery(CallsFilter):
    """Which calls, in which order, in a file of which kind."""

    file = serializers.ChoiceField(required=False, default="ndjson", choices=tuple(FORMATS))


def filters_of(query: Mapping[str, Any]) -> CallFilters:
    """The filters among validated parameters."""
    return CallFilters(**{name: value for name, value in query.items() if name in NAMES})
