"""One call; what moves while it runs is rendered here only, with the page or alone."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from dashboard.call.timeline import timeline
from telephony.calls import erasing, queries
from telephony.errors import CallGoesOn
from tenants.permissions import Permission
from tenants.web import TenantRequest, tenant_view
from verticals.booking.queries import bookings_of_call
from warmline.kernel.errors import BadInput

PAGE = "dashboard/call/call.html"
PARTS = {"story": "dashboard/call/_timeline.html", "turns": "dashboard/call/_turns.html"}


@tenant_view(Permission.CALLS_READ)
def call(request: TenantRequest, call_id: UUID) -> HttpResponse:
    """One call; `part=story` gives what moves while it runs, `part=turns` its turns' times."""
    shown = timeline(call_id)
    template = PARTS.get(request.GET.get("part", ""), PAGE)
    context = {
        "section": "calls",
        "timeline": shown,
        "page": shown.page,
        "call": shown.page.call,
        "bookings": bookings_of_call(call_id),
    }
    return render(request, template, context)


@require_POST
@tenant_view(Permission.CALLS_ERASE)
def delete(request: TenantRequest, call_id: UUID) -> HttpResponse:
    """Delete a call that is over, with all that belongs to it."""
    try:
        erasing.delete_call(call_id)
    except CallGoesOn as error:
        messages.error(request, str(error))
        return redirect("call", call_id)
    messages.success(request, "The call is deleted, with its recording and its words.")
    return redirect("calls")


@require_POST
@tenant_view(Permission.CALLS_ERASE)
def erase_caller(request: TenantRequest, call_id: UUID) -> HttpResponse:
    """Have all that is kept of this call's caller erased."""
    number = queries.call_page(call_id).call.from_number
    try:
        erasing.request_erasure(number)
    except BadInput:
        messages.error(request, "This caller gave no number: delete the call instead.")
        return redirect("call", call_id)
    messages.success(request, "All that is kept of this caller is being erased.")
    return redirect("calls")
