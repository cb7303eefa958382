"""The list of calls; its table is rendered here only, with the page or alone."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from agents import queries as agents_queries
from agents import registry
from dashboard.calls.form import CallsForm, query_of
from telephony.calls.listing import saved_views
from telephony.calls.listing.exporting import FORMATS, Format, exported
from telephony.calls.listing.filters import CallFilters, Sort, checked_sort
from telephony.calls.listing.pages import calls_page, counted
from tenants.actions import record_audit
from tenants.context import current_tenant_id
from tenants.permissions import Permission
from tenants.queries import tenant
from tenants.web import TenantRequest, tenant_view
from warmline.kernel.errors import BadInput, Conflict, NotFound

PAGE = "dashboard/calls/calls.html"
PARTS = {"rows": "dashboard/calls/_rows.html"}
# Lists that most people look for, with the query that shows them.
QUICK = (
    ("All", ""),
    ("Live", "state=live"),
    ("Missed", "outcome=missed"),
    ("Voicemail", "outcome=voicemail"),
    ("Booked", "outcome=booked"),
    ("Handed over", "outcome=handed_over"),
    ("Failed", "outcome=failed"),
)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set: what it says, and the query without it."""

    text: str
    without: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """The list that a request asks for."""

    form: CallsForm
    agents: dict[UUID, str]
    filters: CallFilters
    sort: Sort


@tenant_view(Permission.CALLS_READ)
def calls(request: TenantRequest) -> HttpResponse:
    """The company's calls, newest first or as chosen; `part=rows` gives the table alone."""
    chosen = _chosen(request)
    page = calls_page(chosen.filters, sort=chosen.sort, cursor=request.GET.get("cursor") or None)
    context = {
        "section": "calls",
        "page": page,
        "agents": chosen.agents,
        "is_narrowed": bool(chosen.filters.given()) or "cursor" in request.GET,
    }
    if (part := PARTS.get(request.GET.get("part", ""))) is not None:
        return render(request, part, context)
    views = saved_views.views(owner_id=request.user.pk)
    zone = ZoneInfo(request.membership.time_zone)
    context |= {
        "form": chosen.form,
        "chips": _chips(request, chosen),
        "count": counted(chosen.filters),
        "quick": QUICK,
        "views": [(view, query_of(saved_views.filters_of(view), zone)) for view in views],
        "here": _query(request),
        "filters": chosen.filters.given(),
    }
    return render(request, PAGE, context, status=422 if chosen.form.errors else 200)


@tenant_view(Permission.CALLS_EXPORT)
def export(request: TenantRequest, file: str) -> HttpResponseBase:
    """All calls of the list, as a file; it is streamed while it is read."""
    if file not in FORMATS:
        raise NotFound(f"{file}: expected one of {', '.join(FORMATS)}")
    form: Format = "csv" if file == "csv" else "ndjson"
    chosen = _chosen(request)
    record_audit(action="calls.export", subject="calls", detail={"file": form})
    pieces = exported(chosen.filters, sort=chosen.sort, form=form, tenant_id=current_tenant_id())
    return StreamingHttpResponse(
        pieces,
        content_type=FORMATS[form],
        headers={"Content-Disposition": f'attachment; filename="calls.{form}"'},
    )


@require_POST
@tenant_view(Permission.CALLS_READ, writes=Permission.CALLS_READ)
def save_view(request: TenantRequest) -> HttpResponse:
    """Keep the list under a name, for this member or for all."""
    filters = _chosen(request).filters
    owner_id = None if request.POST.get("for") == "all" else request.user.pk
    name = request.POST.get("name", "")
    try:
        saved_views.save_view(name, filters=filters, owner_id=owner_id)
    except (BadInput, Conflict) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Kept as “{name.strip()}”.")
    return redirect(f"/calls/?{_query(request)}")


@require_POST
@tenant_view(Permission.CALLS_READ, writes=Permission.CALLS_READ)
def delete_view(request: TenantRequest, view_id: UUID) -> HttpResponse:
    """Delete a saved list; calls stay."""
    saved_views.delete_view(view_id, owner_id=request.user.pk)
    messages.success(request, "The list is deleted; its calls stay.")
    return redirect("calls")


def _chosen(request: TenantRequest) -> Chosen:
    agents = agents_queries.agent_names()
    tools = [tool.name for tool in registry.vertical(tenant().vertical).tools]
    form = CallsForm(request.GET, agents=agents, tools=tools)
    # What is wrong stands beside its field; the rest narrows the list all the same.
    form.is_valid()
    filters = form.filters(ZoneInfo(request.membership.time_zone))
    try:
        sort = checked_sort(form.cleaned_data.get("sort") or "-started_at", filters)
    except BadInput as error:
        form.add_problem(error)
        sort = "-started_at"
    return Chosen(form, agents, filters, sort)


def _chips(request: TenantRequest, chosen: Chosen) -> list[Chip]:
    chips = []
    for field in chosen.form:
        value = field.value()
        if not value or field.name == "sort" or field.errors:
            continue
        labels = dict(getattr(field.field, "choices", ()))
        query = request.GET.copy()
        for name in (field.name, "cursor", "part"):
            query.pop(name, None)
        chips.append(Chip(f"{field.label}: {labels.get(value, value)}", query.urlencode()))
    return chips


def _query(request: TenantRequest) -> str:
    """What was chosen, for the addresses of an export, of a next page, of the table alone."""
    query = request.GET.copy()
    for name in ("cursor", "part"):
        query.pop(name, None)
    return query.urlencode()
