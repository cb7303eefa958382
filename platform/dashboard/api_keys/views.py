"""API keys: made, shown once, changed, replaced and revoked by members who may."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.api_keys.forms import KeyChangesForm, NewKeyForm, RotationForm
from tenants.keys import actions, queries
from tenants.keys.types import NewApiKey
from tenants.permissions import Permission
from tenants.web import TenantRequest, tenant_view
from warmline.kernel.errors import BadInput

_FOLDER = "dashboard/api_keys"
_SECTION = "api-keys"


@require_safe
@tenant_view(Permission.KEYS_READ)
def keys(request: TenantRequest) -> HttpResponse:
    """Every key, newest first; those that ended below."""
    listed = queries.every_key()
    live = [key for key in listed if key.state in ("live", "stopped")]
    ended = [key for key in listed if key.state in ("expired", "revoked")]
    context = {"section": _SECTION, "live": live, "ended": ended}
    return render(request, f"{_FOLDER}/keys.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Permission.KEYS_WRITE)
def new_key(request: TenantRequest) -> HttpResponse:
    """The form of a new key; sent, the page that shows its secret, this once."""
    form = NewKeyForm(request.POST or None, may=request.membership.permissions)
    if form.is_valid():
        try:
            made = actions.create_api_key(
                form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                expires_at=form.expires_at,
                origins=form.cleaned_data["origins"],
            )
        except BadInput as error:
            form.add_problem(error)
        else:
            return _shown_once(request, made)
    return _form(request, form, title="New API key", submit="Make the key")


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Permission.KEYS_WRITE)
def change_key(request: TenantRequest, key_id: UUID) -> HttpResponse:
    """What may be changed of a key."""
    key = queries.key(key_id)
    present = {"name": key.name, "scopes": key.scopes, "origins": "\n".join(key.origins)}
    may = request.membership.permissions | {Permission(scope) for scope in key.scopes}
    form = KeyChangesForm(request.POST or None, initial=present, may=may)
    if form.is_valid():
        try:
            actions.change_api_key(key_id, **form.cleaned_data)
        except BadInput as error:
            form.add_problem(error)
        else:
            messages.success(request, "The key is changed.")
            return redirect("api-keys", permanent=False)
    return _form(request, form, title=f"Change “{key.name}”", submit="Save")


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Permission.KEYS_WRITE)
def rotate_key(request: TenantRequest, key_id: UUID) -> HttpResponse:
    """How long both keys work; sent, the page that shows the new one, this once."""
    key = queries.key(key_id)
    form = RotationForm(request.POST or None)
    if form.is_valid():
        return _shown_once(request, actions.rotate_api_key(key_id, **form.cleaned_data))
    return _form(request, form, title=f"Replace “{key.name}”", submit="Make the new key")


@require_POST
@tenant_view(Permission.KEYS_WRITE)
def revoke_key(request: TenantRequest, key_id: UUID) -> HttpResponse:
    """It opens nothing from now on."""
    actions.revoke_api_key(key_id)
    messages.success(request, "The key is revoked: it opens nothing any more.")
    return redirect("api-keys", permanent=False)


def _shown_once(request: HttpRequest, made: NewApiKey) -> HttpResponse:
    context = {"section": _SECTION, "key": queries.key(UUID(made.id)), "secret": made.secret}
    return render(request, f"{_FOLDER}/secret.html", context)


def _form(request: HttpRequest, form: object, *, title: str, submit: str) -> HttpResponse:
    context = {"section": _SECTION, "form": form, "title": title, "submit": submit}
    status = 422 if request.method == "POST" else 200
    return render(request, f"{_FOLDER}/form.html", context, status=status)
