"""What was sent to an endpoint: one delivery with its tries, tests, and what goes out again."""

from datetime import timedelta
from uuid import UUID

import msgspec
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from dashboard.webhooks.forms import ReplayForm
from tenants.permissions import Permission
from tenants.web import TenantRequest, tenant_view
from tenants.webhooks import queries, replaying
from warmline.kernel import clock
from warmline.kernel.errors import BadInput, Conflict

PAGE = "dashboard/webhooks/delivery.html"
PARTS = {"outcome": "dashboard/webhooks/_outcome.html"}


@tenant_view(Permission.WEBHOOKS_READ)
def delivery(request: TenantRequest, endpoint_id: UUID, delivery_id: UUID) -> HttpResponse:
    """One delivery; `part=outcome` gives what came of it alone, for as long as it is awaited."""
    found = queries.delivery(endpoint_id, delivery_id)
    shown = {
        "section": "webhooks",
        "endpoint": queries.endpoint(endpoint_id),
        "delivery": found,
        "payload": msgspec.json.format(msgspec.json.encode(found.payload)).decode(),
    }
    return render(request, PARTS.get(request.GET.get("part", ""), PAGE), shown)


@require_POST
@tenant_view(Permission.WEBHOOKS_WRITE)
def test(request: TenantRequest, endpoint_id: UUID) -> HttpResponse:
    """Send a test; its delivery's page shows what comes of it."""
    try:
        delivery_id = replaying.send_test(endpoint_id)
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("webhook", endpoint_id)
    return redirect("webhook-delivery", endpoint_id, delivery_id)


@require_POST
@tenant_view(Permission.WEBHOOKS_WRITE)
def replay(request: TenantRequest, endpoint_id: UUID, delivery_id: UUID) -> HttpResponse:
    """Send one delivery again."""
    try:
        replaying.replay_delivery(endpoint_id, delivery_id)
    except Conflict as error:
        messages.error(request, str(error))
    return redirect("webhook-delivery", endpoint_id, delivery_id)


@require_POST
@tenant_view(Permission.WEBHOOKS_WRITE)
def replay_range(request: TenantRequest, endpoint_id: UUID) -> HttpResponse:
    """Send again what happened in the last hours."""
    form = ReplayForm(request.POST)
    if form.is_valid():
        now = clock.now()
        since = now - timedelta(hours=int(form.cleaned_data["hours"]))
        try:
            replayed = replaying.replay_range(
                endpoint_id, since=since, until=now, only_failed=form.cleaned_data["only_failed"]
            )
        except (BadInput, Conflict) as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"{replayed.deliveries} deliveries go out again.")
    else:
        messages.error(request, "Expected a span of time to replay.")
    return redirect("webhook", endpoint_id)
