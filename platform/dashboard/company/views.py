"""The company's settings; leaving it, handing it over, closing it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from agents.registry import vertical
from dashboard.company.forms import CloseForm, SettingsForm
from dashboard.outcomes import done, see
from tenants.company import actions, queries
from tenants.company.types import KEPT_AFTER_CLOSING
from tenants.people import actions as people_actions
from tenants.people.queries import all_members
from tenants.permissions import Permission
from tenants.web import SESSION_TENANT, TenantRequest, tenant_view
from warmline.kernel.errors import BadInput, Conflict

PAGE = "dashboard/company/company.html"
CLOSE_PAGE = "dashboard/company/close.html"


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Permission.COMPANY_READ, writes=Permission.COMPANY_WRITE)
def company(request: TenantRequest) -> HttpResponse:
    """The settings: shown to everybody, changed by who may."""
    now = queries.company()
    if request.method != "POST":
        return _page(request, now, _settings_form(now))
    form = _settings_form(now, request.POST)
    if form.is_valid():
        try:
            actions.change_settings(**form.cleaned_data)
        except BadInput as error:
            form.add_problem(error)
        else:
            messages.success(request, "Saved. The next call goes by it.")
            return see("company")
    return _page(request, now, form, status=422)


@require_POST
@tenant_view(Permission.COMPANY_READ, writes=Permission.COMPANY_READ)
def leave(request: TenantRequest) -> HttpResponse:
    """The member's own way out."""
    try:
        people_actions.leave()
    except Conflict as error:
        messages.error(request, f"{str(error).capitalize()}.")
        return see("company")
    name = request.membership.name
    request.session.pop(SESSION_TENANT, None)
    messages.success(request, f"You have left {name}.")
    return see("companies")


@require_POST
@tenant_view(Permission.COMPANY_CLOSE)
def transfer(request: TenantRequest) -> HttpResponse:
    """Another owner, at once."""
    member_id = request.POST.get("member", "")
    return done(
        request,
        lambda: people_actions.transfer_ownership(_member_id(member_id)),
        told="The company is handed over; you are an admin now.",
        to="company",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view(Permission.COMPANY_CLOSE)
def close(request: TenantRequest) -> HttpResponse:
    """What closing does, and the name that does it."""
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_company(confirmed_name=form.cleaned_data["name"])
        except BadInput as error:
            form.add_problem(error)
        else:
            request.session.pop(SESSION_TENANT, None)
            messages.success(request, f"{request.membership.name} is closed.")
            return see("companies")
    context = {"section": "company", "form": form, "days": KEPT_AFTER_CLOSING.days}
    return render(request, CLOSE_PAGE, context, status=422 if form.errors else 200)


def _page(
    request: TenantRequest, now: Any, form: SettingsForm, *, status: int = 200
) -> HttpResponse:
    permissions = request.membership.permissions
    heirs = []
    if Permission.COMPANY_CLOSE in permissions:
        heirs = [line for line in all_members() if line.user_id != request.user.pk]
    context = {
        "section": "company",
        "company": now,
        "line_of_business": vertical(now.vertical).title,
        "form": form,
        "may_write": Permission.COMPANY_WRITE in permissions,
        "may_close": Permission.COMPANY_CLOSE in permissions,
        "heirs": heirs,
    }
    return render(request, PAGE, context, status=status)


def _settings_form(now: Any, given: Any = None) -> SettingsForm:
    fields = ("name", "time_zone", "residency", "human_number")
    initial = {field: getattr(now, field) for field in fields}
    return SettingsForm(given, initial=initial, zone=now.time_zone)


def _member_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadInput("member: choose who shall own the company") from None
