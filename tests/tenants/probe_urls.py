"""Pages and API views made for the tests, over the keys of the tenant that is bound."""

from collections.abc import Callable, Iterator

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import include, path
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.actions import create_api_key
from tenants.api.operations import operation
from tenants.api.views import TenantAPIView
from tenants.models import ApiKey
from tenants.permissions import Permission
from tenants.web import TenantRequest, choose_tenant, operator_view, tenant_view
from warmline.kernel.errors import BadInput, NotAllowed, NotFound

ERRORS: dict[str, Callable[..., Exception]] = {
    "missing": NotFound,
    "refused": NotAllowed,
    "wrong": BadInput,
    "broken": ZeroDivisionError,
    "absent": Http404,
    "unreadable": lambda _: ValidationError({"name": ["too long"]}),
}


@tenant_view(Permission.COMPANY_READ)
def names(request: TenantRequest) -> HttpResponse:
    """The tenant's keys by name, and who asks."""
    return JsonResponse(
        {
            "keys": [key.name for key in ApiKey.objects.order_by("name")],
            "role": request.membership.role,
            "tenant": request.membership.name,
        }
    )


@tenant_view(Permission.MEMBERS_WRITE)
def admins_only(request: TenantRequest) -> HttpResponse:
    """A page for admins."""
    return HttpResponse("ok")


@tenant_view(Permission.COMPANY_READ)
def template(request: TenantRequest) -> HttpResponse:
    """A template that asks the database while it renders."""
    return TemplateResponse(
        request,
        engines["django"].from_string("{% for key in keys %}{{ key.name }}{% endfor %}"),
        {"keys": ApiKey.objects.all()},
    )


@tenant_view(Permission.COMPANY_READ)
def stream(request: TenantRequest) -> StreamingHttpResponse:
    """A stream that reads after the view has returned."""

    def lines() -> Iterator[str]:
        for key in ApiKey.objects.all():
            yield key.name

    return StreamingHttpResponse(lines())


@tenant_view(Permission.COMPANY_READ)
def fail(request: TenantRequest, how: str) -> HttpResponse:
    """Writes, then fails."""
    create_api_key("undone")
    raise ERRORS[how]("because")


@operator_view
def operators_only(request: HttpRequest) -> HttpResponse:
    """A page for the platform's operators."""
    return HttpResponse("ok")


def choose(request: HttpRequest, tenant_id: str) -> HttpResponse:
    """Switch the session."""
    try:
        return HttpResponse(choose_tenant(request, tenant_id).name)
    except NotAllowed as error:
        return HttpResponse(str(error), status=403)


class Keys(TenantAPIView):
    """The tenant's keys."""

    @operation("list_probes", permission=Permission.KEYS_READ)
    def get(self, request: Request) -> Response:
        """Lazily: rendered after the handler."""
        return Response({"keys": (key.name for key in ApiKey.objects.order_by("name"))})


class OneKey(TenantAPIView):
    """One of them."""

    @operation("get_probe", permission=Permission.KEYS_READ)
    def get(self, request: Request, key_id: str) -> Response:
        """Or 404."""
        key = ApiKey.objects.filter(pk=key_id).first()
        if key is None:
            raise NotFound(f"no key {key_id}")
        return Response({"name": key.name})


class Failing(TenantAPIView):
    """Writes, then fails."""

    @operation("fail_probe", permission=Permission.KEYS_WRITE)
    def post(self, request: Request, how: str) -> Response:
        """Each way of failing."""
        create_api_key("undone")
        raise ERRORS[how]("because")


class WithoutPermissions(TenantAPIView):
    """Asks for no permission, and answers with a response of Django's own."""

    permission_classes = []

    @operation("count_probes", permission=Permission.KEYS_READ)
    def get(self, request: Request) -> HttpResponse:
        """How many keys there are."""
        return HttpResponse(f"{ApiKey.objects.count()} keys")


urlpatterns = [
    path("", include("dashboard.sign_in.urls")),
    path("", include("dashboard.sign_up.urls")),
    path("", include("dashboard.password_reset.urls")),
    path("names", names),
    path("admins", admins_only),
    path("template", template),
    path("stream", stream),
    path("fail/<str:how>", fail),
    path("choose/<str:tenant_id>", choose),
    path("operators", operators_only),
    path("api/count", WithoutPermissions.as_view()),
    path("api/keys", Keys.as_view()),
    path("api/keys/<uuid:key_id>", OneKey.as_view()),
    path("api/fail/<str:how>", Failing.as_view()),
]
