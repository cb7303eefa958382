"""A company's endpoints: the list, one with its log, made and edited, switched and removed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from dashboard.webhooks.forms import EndpointForm, ReplayForm
from tenants.permissions import Permission
from tenants.web import TenantRequest, tenant_view
from tenants.webhooks import actions, queries
from tenants.webhooks.types import DeliveryState
from warmline.kernel.errors import BadInput, Conflict

SECTION = {"section": "webhooks"}
ENDPOINT = "dashboard/webhooks/endpoint.html"
# As the log's tags call them.
STATES = {
    DeliveryState.PENDING: "Waiting",
    DeliveryState.DELIVERED: "Delivered",
    DeliveryState.FAILED: "Given up",
}


@tenant_view(Permission.WEBHOOKS_READ)
def webhooks(request: TenantRequest) -> HttpResponse:
    """The company's endpoints, and how each is doing."""
    lines = queries.endpoint_lines()
    shown = {**SECTION, "lines": lines, "most": actions.MOST_ENDPOINTS}
    return render(request, "dashboard/webhooks/webhooks.html", shown)


@tenant_view(Permission.WEBHOOKS_WRITE)
def new(request: TenantRequest) -> HttpResponse:
    """Make an endpoint. Its secret is on the page that answers, and on no other."""
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_endpoint(**form.cleaned_data)
        except BadInput as error:
            form.add_problem(error)
        except Conflict as error:
            form.add_error(None, str(error))
        else:
            shown = {**SECTION, "endpoint": made, "secret": made.secret}
            return render(request, "dashboard/webhooks/secret.html", shown)
    return _form(request, form, title="Add an endpoint", submit="Add endpoint")


@tenant_view(Permission.WEBHOOKS_READ)
def webhook(request: TenantRequest, endpoint_id: UUID) -> HttpResponse:
    """One endpoint with its log."""
    state = request.GET.get("state", "")
    if state not in STATES:
        state = ""
    page = queries.deliveries_page(endpoint_id, state=state, cursor=request.GET.get("cursor", ""))
    shown = {
        **SECTION,
        "endpoint": queries.endpoint(endpoint_id),
        "health": queries.health(endpoint_id),
        "page": page,
        "state": state,
        "states": STATES,
        "replay_form": ReplayForm(),
    }
    return render(request, ENDPOINT, shown)


@tenant_view(Permission.WEBHOOKS_WRITE)
def edit(request: TenantRequest, endpoint_id: UUID) -> HttpResponse:
    """Change an endpoint's address, description and events."""
    endpoint = queries.endpoint(endpoint_id)
    now = {
        "url": endpoint.url,
        "description": endpoint.description,
        "event_types": endpoint.event_types,
    }
    form = EndpointForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_endpoint(endpoint_id, **form.cleaned_data)
        except BadInput as error:
            form.add_problem(error)
        else:
            messages.success(request, "The endpoint is changed.")
            return redirect("webhook", endpoint_id)
    return _form(request, form, title="Edit endpoint", submit="Save", endpoint_id=endpoint_id)


@require_POST
@tenant_view(Permission.WEBHOOKS_WRITE)
def switch(request: TenantRequest, endpoint_id: UUID) -> HttpResponse:
    """Enable or disable an endpoint."""
    enabled = request.POST.get("enabled") == "yes"
    actions.change_endpoint(endpoint_id, enabled=enabled)
    told = "enabled: what waited goes out now." if enabled else "disabled: nothing is sent to it."
    messages.success(request, f"The endpoint is {told}")
    return redirect("webhook", endpoint_id)


@require_POST
@tenant_view(Permission.WEBHOOKS_WRITE)
def rotate(request: TenantRequest, endpoint_id: UUID) -> HttpResponse:
    """Make a new secret, which is on the page that answers, and on no other."""
    rotated = actions.rotate_secret(endpoint_id)
    shown = {
        **SECTION,
        "endpoint": queries.endpoint(endpoint_id),
        "secret": rotated.secret,
        "until": rotated.previous_secret_until,
    }
    return render(request, "dashboard/webhooks/secret.html", shown)


@require_POST
@tenant_view(Permission.WEBHOOKS_WRITE)
def remove(request: TenantRequest, endpoint_id: UUID) -> HttpResponse:
    """Remove an endpoint with its log."""
    actions.remove_endpoint(endpoint_id)
    messages.success(request, "The endpoint is removed.")
    return redirect("webhooks")


def _form(
    request: TenantRequest,
    form: EndpointForm,
    *,
    title: str,
    submit: str,
    endpoint_id: UUID | None = None,
) -> HttpResponse:
    shown = {**SECTION, "form": form, "title": title, "submit": submit, "endpoint_id": endpoint_id}
    status = 422 if form.errors else 200
    return render(request, "dashboard/webhooks/form.html", shown, status=status)
