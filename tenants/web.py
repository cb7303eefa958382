"""Views for signed-in members: the tenant they chose, and the view inside its transaction."""

import inspect
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase

from tenants.accounts.second_factor import way_to_second_factor
from tenants.actor import Actor, acting
from tenants.context import as_tenant, bound, parse_tenant_id
from tenants.models import User
from tenants.permissions import Membership, Permission, roles_with
from tenants.queries import membership, memberships
from warmline.kernel.errors import BadInput, NotAllowed, NotFound
from warmline.kernel.ids import TenantId

P = ParamSpec("P")
View = Callable[Concatenate["TenantRequest", P], HttpResponseBase]
SESSION_TENANT = "tenant_id"


class TenantRequest(HttpRequest):
    """A request inside a tenant: its view may rely on `membership` and a signed-in user."""

    user: User
    membership: Membership


def tenant_view(
    permission: Permission, *, writes: Permission | None = None, asks_outside: bool = False
) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """Run a synchronous view inside the session's tenant, for members who may do this.

    What is sent to it needs `writes`, where the page may be read with less: a page whose
    permission only reads takes nothing without it (405). The declaration stands at the view as
    `permissions`, by method.

    Nobody signed in: to the sign-in page. No membership, or a role that is not enough: 403. The
    view and its template run in one transaction, as the member's own act; `NotFound` becomes 404,
    `NotAllowed` 403, `BadInput` 400, and each rolls it back. A streaming response binds for itself:
    after the view returns the tenant is gone.

    A view that `asks_outside` has its tenant bound and no transaction: its actions open their own,
    so that no row waits for another company's answer.
    """
    binding = bound if asks_outside else as_tenant
    permissions = {"GET": permission, "HEAD": permission}
    if writes is not None or not permission.only_reads:
        permissions["POST"] = writes or permission

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        if inspect.iscoroutinefunction(view):
            raise TypeError(
                f"{view.__qualname__}: tenant_view takes synchronous views; see tenants.context"
            )

        @wraps(view)
        def inside(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            needed = permissions.get(request.method)
            if needed is None:
                return HttpResponseNotAllowed(list(permissions))
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            try:
                return _run(view, needed, binding, request, *args, **kwargs)
            except NotFound as error:
                raise Http404(str(error)) from error
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except BadInput as error:
                raise BadRequest(str(error)) from error

        inside.permissions = permissions  # type: ignore[attr-defined]  # read by tests/isolation
        return inside

    return decorate


def operator_view(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[..., HttpResponseBase]:
    """Run a view for the platform's operators; it may read what belongs to no tenant.

    Nobody signed in: to the sign-in page. Anybody else: 403; `NotFound` becomes 404. Where the
    installation asks it of its operators, whoever came in without a second factor is led to it
    first.
    """

    @wraps(view)
    def inside(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.is_staff:
            raise PermissionDenied("this is for the platform's operators")
        if missing := way_to_second_factor(request):
            return HttpResponseRedirect(missing)
        operator = Actor("operator", id=str(request.user.pk), label=request.user.email)
        try:
            with acting(operator):
                return view(request, *args, **kwargs)
        except NotFound as error:
            raise Http404(str(error)) from error

    inside.for_operators = True  # type: ignore[attr-defined]  # read by tests/isolation
    return inside


def _run(
    view: View[P],
    permission: Permission,
    binding: Callable[[TenantId], AbstractContextManager[TenantId]],
    request: Any,
    *args: P.args,
    **kwargs: P.kwargs,
) -> HttpResponseBase:
    actor = Actor("user", id=str(request.user.pk), label=request.user.email)
    tenant_id = session_tenant(request)
    _check_meant(request, tenant_id)
    with binding(tenant_id), acting(actor):
        member = membership(request.user.pk)
        if member is None:
            request.session.pop(SESSION_TENANT, None)
            raise NotAllowed("you are no longer a member of this company")
        if permission not in member.permissions:
            raise NotAllowed(
                f"this needs one of the roles {', '.join(roles_with(permission))}; "
                f"yours is {member.role}"
            )
        request.membership = member
        response = view(request, *args, **kwargs)
        if not getattr(response, "is_rendered", True):
            response.render()  # type: ignore[attr-defined]
        return response


def _check_meant(request: Any, tenant_id: TenantId) -> None:
    """A page that was opened in one company changes nothing in another, chosen in another tab."""
    if request.method in ("GET", "HEAD"):
        return
    meant = request.headers.get("X-Company") or request.POST.get("company")
    if meant and meant != tenant_id:
        raise NotAllowed(
            "in another tab you went on to another company: open this page again before you "
            "change anything"
        )


def session_tenant(request: Any) -> TenantId:
    """The tenant chosen in this session, or the user's first; `NotAllowed` for a member of none."""
    chosen = request.session.get(SESSION_TENANT)
    if chosen is not None:
        return parse_tenant_id(chosen)
    places = memberships(request.user.pk)
    if not places:
        raise NotAllowed("you are not a member of any company")
    request.session[SESSION_TENANT] = places[0].tenant_id
    return places[0].tenant_id


def find_membership(request: Any) -> Membership | None:
    """The user's place in this session's tenant, or None: for pages that belong to no tenant."""
    try:
        tenant_id = session_tenant(request)
    except NotAllowed:
        return None
    with as_tenant(tenant_id):
        return membership(request.user.pk)


def choose_tenant(request: Any, tenant_id: str) -> Membership:
    """Switch the session to another tenant of the user's; `NotAllowed` for no member of it."""
    wanted = parse_tenant_id(tenant_id)
    for place in memberships(request.user.pk):
        if place.tenant_id == wanted:
            request.session[SESSION_TENANT] = wanted
            return place
    raise NotAllowed("you are not a member of this company")
