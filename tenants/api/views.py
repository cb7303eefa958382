"""REST views: an API key says which tenant, and the view runs in that tenant's transaction.

What a request may bring is declared by `operation`, and checked here before the view sees it.
"""

import hashlib
import json
from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.actions import hold_tenant
from tenants.api.admission import AdmittedView
from tenants.api.operations import MULTIPART, Operation
from tenants.api.pages import Page
from tenants.api.rendering import PlainJSONRenderer
from tenants.api.requests import checked_body, checked_changes, checked_query, no_body
from tenants.context import as_tenant, current_tenant_id
from warmline.kernel.errors import PreconditionFailed

EDITS = ("PUT", "PATCH", "DELETE")
METHODS = ("get", "post", "put", "patch", "delete")


class TenantAPIView(AdmittedView):
    """A REST view that runs and renders in its API key's tenant's transaction; errors roll back.

    A view of one thing has `representation(**ids)`, which is what a GET answers: its hash is the
    ETag that an edit's `If-Match` is compared with.
    """

    query: dict[str, Any]
    body: Any
    fields: frozenset[str] | None = None

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for method in METHODS:
            handler = getattr(cls, method, None)
            if handler is not None and not hasattr(handler, "operation"):
                raise TypeError(f"{cls.__qualname__}.{method} is declared by no `operation`")
            is_edit = handler is not None and method.upper() in EDITS
            if is_edit and cls.representation is TenantAPIView.representation:
                raise TypeError(f"{cls.__qualname__}.{method} edits, and has no `representation`")

    def representation(self, **ids: Any) -> Mapping[str, Any]:
        """What a GET of this thing answers; `NotFound` when the tenant has none of that id."""
        raise NotImplementedError(f"{type(self).__name__} is a view of no single thing")

    def take(self, request: Request, operation: Operation) -> None:
        """The declared parameters and body, and the version that an edit was made from."""
        parameters = request.query_params.copy()
        self.fields = _chosen_fields(parameters.pop("fields", []), operation, request.method)
        self.query = checked_query(parameters, serializer=operation.query)
        if operation.form is not None and _is_form(request):
            self.body = checked_body(request.data, serializer=operation.form)
        elif operation.body is None:
            no_body(request.data)
        elif request.method == "PATCH":
            self.body = checked_changes(request.data, serializer=operation.body)
        else:
            self.body = checked_body(request.data, serializer=operation.body)
        self._check_match(request, operation)

    def shown(self, *, status: int = 200, **ids: Any) -> Response:
        """This thing as it is now, with its ETag; 304 when the client has it already."""
        content = self.representation(**ids)
        etag = entity_tag(content)
        if self.request.method in ("GET", "HEAD") and _names(
            self.request.headers.get("If-None-Match", ""), etag
        ):
            return Response(status=304, headers={"ETag": etag})
        return Response(self._sparse(content), status=status, headers={"ETag": etag})

    def created(self, content: Mapping[str, Any], *, at: str, **ids: Any) -> Response:
        """201 for what was just made, with the address of the view named `at`."""
        return Response(content, status=201, headers={"Location": reverse(at, kwargs=ids)})

    def page(self, page: Page[Any], serializer: type[serializers.BaseSerializer[Any]]) -> Response:
        """A page, with the links to the first and the next one (RFC 8288)."""
        rows = serializer(page.items, many=True).data
        body = {
            "items": [self._sparse(row) for row in rows],
            "next_cursor": page.next_cursor,
        }
        links = [f'<{self._page_address(None)}>; rel="first"']
        if page.next_cursor is not None:
            links.append(f'<{self._page_address(page.next_cursor)}>; rel="next"')
        return Response(body, headers={"Link": ", ".join(links)})

    def _page_address(self, cursor: str | None) -> str:
        parameters = [
            (name, value)
            for name, values in self.request.query_params.lists()
            for value in values
            if name != "cursor"
        ]
        if cursor is not None:
            parameters.append(("cursor", cursor))
        return f"{self.request.path}?{urlencode(parameters)}".rstrip("?")

    def _check_match(self, request: Request, operation: Operation) -> None:
        """Until the transaction ends, nobody else who asked for the same edits between.

        Where another company's service is asked there is none: then they are told apart by when
        they began.
        """
        wanted = request.headers.get("If-Match", "")
        if not wanted or request.method not in EDITS:
            return
        with as_tenant(current_tenant_id()) if operation.asks_outside else nullcontext():
            hold_tenant()
            current = entity_tag(self.representation(**self.kwargs))
        if not _names(wanted, current):
            raise PreconditionFailed("If-Match: it was changed since; read it again, then decide")

    def _sparse(self, content: Mapping[str, Any]) -> Mapping[str, Any]:
        if self.fields is None:
            return content
        return {name: value for name, value in content.items() if name in self.fields}


def entity_tag(content: Mapping[str, Any]) -> str:
    """The strong validator of a representation: a hash of it."""
    rendered = json.dumps(json.loads(PlainJSONRenderer().render(content)), sort_keys=True)
    return f'"{hashlib.sha256(rendered.encode()).hexdigest()[:32]}"'


def _is_form(request: Request) -> bool:
    return (request.content_type or "").partition(";")[0].strip().lower() == MULTIPART


def _names(header: str, etag: str) -> bool:
    """Whether a list of entity tags names this one; gzip's weak form of it too."""
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return "*" in tags or etag in tags


def _chosen_fields(
    given: list[str], operation: Operation, method: str | None
) -> frozenset[str] | None:
    if not given:
        return None
    offered = operation.shown_fields if method in ("GET", "HEAD") else ()
    names = [name.strip() for value in given for name in value.split(",")]
    unknown = [name for name in names if name not in offered]
    if unknown:
        expected = ", ".join(offered) or "no such parameter here"
        message = f"unknown field {unknown[0][:60]!r}: expected some of {expected}"
        raise ValidationError({"fields": [ErrorDetail(message, code="unknown_field")]})
    return frozenset(names)
