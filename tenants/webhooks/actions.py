"""The writes to a company's endpoints: made, changed, removed."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from tenants.actions import hold_tenant, record_audit
from tenants.columns import check_columns
from tenants.sealed import seal
from tenants.webhooks.addresses import endpoint_url
from tenants.webhooks.models import SECRET_PURPOSE, Attempt, Delivery, Endpoint
from tenants.webhooks.queries import endpoint_row, shown_endpoint
from tenants.webhooks.sending.signatures import new_secret
from tenants.webhooks.sending.waiting import set_next_due
from tenants.webhooks.types import (
    CHOOSABLE,
    DisabledBecause,
    NewSecret,
    NewWebhookEndpoint,
    WebhookEndpoint,
)
from warmline.kernel import clock
from warmline.kernel.errors import BadInput, Conflict

MOST_ENDPOINTS: Final = 20
# A receiver is given a day to learn its new secret.
ROTATION: Final = timedelta(hours=24)


def make_endpoint(
    url: str, *, description: str = "", event_types: Iterable[str] = ()
) -> NewWebhookEndpoint:
    """A new endpoint of the bound tenant; its secret is returned this once.

    `BadInput` for an address that nothing may be posted to and an event type there is none of,
    `Conflict` when the company has `MOST_ENDPOINTS`.
    """
    given = {
        "url": endpoint_url(url),
        "description": description.strip(),
        "event_types": _chosen(event_types),
    }
    check_columns(Endpoint, given)
    hold_tenant()
    if Endpoint.objects.count() >= MOST_ENDPOINTS:
        raise Conflict(f"a company has at most {MOST_ENDPOINTS} endpoints: remove one first")
    secret = new_secret()
    endpoint = Endpoint.objects.create(**given, secret=seal(secret, purpose=SECRET_PURPOSE))
    endpoint.refresh_from_db(fields=["created_at"])
    _audit("create", endpoint, url=endpoint.url)
    return NewWebhookEndpoint(**_fields_of(shown_endpoint(endpoint)), secret=secret)


def change_endpoint(
    endpoint_id: UUID,
    *,
    url: str | None = None,
    description: str | None = None,
    event_types: Iterable[str] | None = None,
    enabled: bool | None = None,
) -> WebhookEndpoint:
    """Change what is given of an endpoint; what is None stays as it is.

    Enabled again it is given what waited. `BadInput` and `NotFound` as `make_endpoint`.
    """
    endpoint = endpoint_row(endpoint_id, lock=True)
    before = shown_endpoint(endpoint)
    if url is not None:
        endpoint.url = endpoint_url(url)
    if description is not None:
        endpoint.description = description.strip()
    if event_types is not None:
        endpoint.event_types = _chosen(event_types)
    if enabled is not None and enabled != endpoint.enabled:
        _switch(endpoint, enabled=enabled)
    endpoint.save()
    after = shown_endpoint(endpoint)
    changes = {
        name: value for name, value in _fields_of(after).items() if value != getattr(before, name)
    }
    if changes:
        _audit("change", endpoint, changed=sorted(changes))
    return after


def rotate_secret(endpoint_id: UUID) -> NewSecret:
    """A new signing secret; the one of before signs too for `ROTATION`, one before that no more."""
    endpoint = endpoint_row(endpoint_id, lock=True)
    secret = new_secret()
    until = clock.now() + ROTATION
    endpoint.previous_secret, endpoint.previous_secret_until = endpoint.secret, until
    endpoint.secret = seal(secret, purpose=SECRET_PURPOSE)
    endpoint.save(update_fields=["secret", "previous_secret", "previous_secret_until"])
    _audit("rotate_secret", endpoint)
    return NewSecret(secret=secret, previous_secret_until=until)


def remove_endpoint(endpoint_id: UUID) -> None:
    """Remove an endpoint and what is known of its deliveries; those that wait go nowhere."""
    endpoint = endpoint_row(endpoint_id, lock=True)
    Attempt.objects.filter(delivery__endpoint=endpoint).delete()
    Delivery.objects.filter(endpoint=endpoint).delete()
    endpoint.delete()
    _audit("remove", endpoint, url=endpoint.url)


def disable_all() -> int:
    """Send nothing to any endpoint of the bound tenant any more; how many were enabled."""
    endpoints = Endpoint.objects.select_for_update().filter(enabled=True)
    for endpoint in endpoints:
        _switch(endpoint, enabled=False)
        endpoint.save()
        _audit("disable", endpoint)
    return len(endpoints)


def _switch(endpoint: Endpoint, *, enabled: bool) -> None:
    endpoint.enabled = enabled
    endpoint.disabled_because = "" if enabled else DisabledBecause.BY_HAND
    endpoint.disabled_at = None if enabled else clock.now()
    if enabled:
        endpoint.consecutive_failures = 0
        endpoint.failing_since = endpoint.rests_until = None
    set_next_due(endpoint)


def _chosen(event_types: Iterable[str]) -> list[str]:
    """Each once, in the order of the list; `BadInput` for one that there is none of."""
    wanted = set(event_types)
    unknown = sorted(wanted.difference(CHOOSABLE))
    if unknown:
        raise BadInput(
            f"expected some of the events {', '.join(CHOOSABLE)}; {unknown[0][:60]!r} is none",
            field="event_types",
        )
    return [str(event_type) for event_type in CHOOSABLE if event_type in wanted]


def _audit(verb: str, endpoint: Endpoint, **detail: Any) -> None:
    record_audit(action=f"webhook.{verb}", subject=str(endpoint.pk), detail=detail)


def _fields_of(shown: WebhookEndpoint) -> dict[str, Any]:
    return {field.name: getattr(shown, field.name) for field in fields(WebhookEndpoint)}
