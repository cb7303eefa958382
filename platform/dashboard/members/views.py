"""Members, invitations, and what each role may do."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from dashboard.members.forms import InviteForm
from dashboard.outcomes import done, see
from tenants.errors import NoMail
from tenants.people import actions, invitations, queries
from tenants.people.authority import is_above, roles_within
from tenants.permissions import ROLES, Permission
from tenants.types import MemberRole
from tenants.web import TenantRequest, tenant_view
from warmline.kernel.errors import BadInput, Conflict, NotAllowed

PAGE = "dashboard/members/members.html"


@tenant_view(Permission.MEMBERS_READ)
def members(request: TenantRequest) -> HttpResponse:
    """Everybody, with what may be done about them."""
    return _page(request, _invite_form(request))


@require_POST
@tenant_view(Permission.MEMBERS_WRITE)
def invite(request: TenantRequest) -> HttpResponse:
    """Ask somebody by mail; the page again with what is wrong."""
    form = _invite_form(request, request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    given = form.cleaned_data
    try:
        made = invitations.invite(given["email"], role=given["role"])
    except BadInput as error:
        form.add_problem(error)
        return _page(request, form, status=422)
    except (Conflict, NotAllowed, NoMail) as error:
        form.add_error("email", str(error))
        return _page(request, form, status=422)
    messages.success(request, f"{made.email} is invited: the mail is on its way.")
    return see("members")


@require_POST
@tenant_view(Permission.MEMBERS_WRITE)
def change_role(request: TenantRequest, member_id: UUID) -> HttpResponse:
    """Another role, from the member's next request on."""
    role = request.POST.get("role", "")
    return done(
        request,
        lambda: actions.change_role(member_id, role=role),
        told="The role is changed.",
        to="members",
    )


@require_POST
@tenant_view(Permission.MEMBERS_WRITE)
def remove(request: TenantRequest, member_id: UUID) -> HttpResponse:
    """Out at once."""
    return done(
        request,
        lambda: actions.remove_member(member_id),
        told="They are no member any more.",
        to="members",
    )


@require_POST
@tenant_view(Permission.MEMBERS_WRITE)
def resend(request: TenantRequest, invitation_id: UUID) -> HttpResponse:
    """The mail once more, with a new link."""
    return done(
        request,
        lambda: invitations.resend_invitation(invitation_id),
        told="The invitation is sent again; its link before is dead.",
        to="members",
    )


@require_POST
@tenant_view(Permission.MEMBERS_WRITE)
def revoke(request: TenantRequest, invitation_id: UUID) -> HttpResponse:
    """Accepted no more."""
    return done(
        request,
        lambda: invitations.revoke_invitation(invitation_id),
        told="The invitation is withdrawn.",
        to="members",
    )


def _page(request: TenantRequest, form: InviteForm, *, status: int = 200) -> HttpResponse:
    own = request.membership.role
    may_write = Permission.MEMBERS_WRITE in request.membership.permissions
    rows = []
    for line in queries.all_members():
        rows.append({"member": line, "may_change": may_write and not is_above(line.role, own)})
    context = {
        "section": "members",
        "rows": rows,
        "invitations": queries.pending_invitations(),
        "roles": roles_within(own),
        "form": form,
        "may_write": may_write,
        "table": _permission_table(),
        "role_titles": [role.label for role in MemberRole],
    }
    return render(request, PAGE, context, status=status)


def _invite_form(request: TenantRequest, given: Any = None) -> InviteForm:
    return InviteForm(
        given, roles=roles_within(request.membership.role), initial={"role": MemberRole.VIEWER}
    )


def _permission_table() -> list[tuple[str, list[bool]]]:
    """Each permission in words, and which roles have it."""
    table = []
    for permission in Permission:
        resource, _, verb = permission.partition(".")
        allowed = [permission in permissions for permissions in ROLES.values()]
        table.append((f"{resource.capitalize()}: {verb}", allowed))
    return table
