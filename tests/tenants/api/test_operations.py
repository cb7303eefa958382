"""What the API declares holds: nothing undeclared gets past, and every answer is as said."""

import itertools

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.actions import create_api_key
from tenants.api.operations import operation
from tenants.api.pages import BadCursor, decode_cursor, encode_cursor
from tenants.api.requests import checked_body
from tenants.api.views import TenantAPIView, entity_tag
from tenants.context import as_tenant, bound
from tenants.permissions import ROLES, Permission, permissions_of, roles_with
from tenants.types import MemberRole
from tests.tenants.postgres.planting import planted
from warmline.kernel.ids import TenantId

pytestmark = [pytest.mark.django_db]


class Hours(serializers.Serializer):  # type: ignore[type-arg]
    """A nested body."""

    begins = serializers.CharField()


class Company(serializers.Serializer):  # type: ignore[type-arg]
    """A body with something below it."""

    id = serializers.CharField(read_only=True)
    name = serializers.CharField()
    hours = Hours(many=True, required=False)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "a", "tenant": "b"}, "tenant"),
        ({"name": "a", "id": "mine"}, "id"),
        ({"name": "a", "hours": [{"begins": "8"}, {"begins": "8", "ends": "9"}]}, "hours.1.ends"),
        ({"name": "a\x00"}, "body"),
        ({"name": "\ud800"}, "body"),
        ({"name": "a", "hours": [{"begins": "\udfff"}]}, "body"),
        ([], "body"),
        ("name", "body"),
        ({}, "name"),
    ],
)
def test_a_body_has_what_is_declared_and_nothing_else(body: object, field: str) -> None:
    """At any depth; what only the server sets cannot be set."""
    with pytest.raises(serializers.ValidationError) as refused:
        checked_body(body, serializer=Company)
    named = refused.value.detail
    assert isinstance(named, dict)
    assert set(named) & {field, "non_field_errors"}


def test_a_view_without_a_declaration_cannot_be_written() -> None:
    """So that no method lacks a permission."""
    with pytest.raises(TypeError, match="declared by no `operation`"):

        class Undeclared(TenantAPIView):
            def get(self, request: Request) -> Response:
                return Response()


def test_an_edit_without_what_it_edits_cannot_be_written() -> None:
    """Every edit may come with `If-Match`, and that must be compared with something."""
    with pytest.raises(TypeError, match="has no `representation`"):

        class Unseen(TenantAPIView):
            @operation("remove", permission=Permission.CALLS_READ, status=204)
            def delete(self, request: Request) -> Response:
                return Response(status=204)


def test_a_cursor_is_its_lists_own(rivertown: TenantId, lakeside: TenantId) -> None:
    """Another tenant's, another list's and a changed one are refused."""
    with bound(rivertown):
        cursor = encode_cursor("calls -id", ["a", 1, None])
        assert decode_cursor("calls -id", cursor) == ["a", 1, None]
        for kind, text in (("agents", cursor), ("calls -id", cursor + "x"), ("calls -id", "")):
            with pytest.raises(BadCursor):
                decode_cursor(kind, text)
    with bound(lakeside), pytest.raises(BadCursor):
        decode_cursor("calls -id", cursor)


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5), min_size=1, max_size=4))
def test_the_same_content_has_the_same_tag(content: dict[str, str]) -> None:
    """In whatever order it comes; changed content has another one."""
    turned = dict(reversed(content.items()))
    assert entity_tag(content) == entity_tag(turned)
    assert entity_tag({**content, "more": "x" * 6}) != entity_tag(content)


def test_an_unchanged_thing_is_not_sent_again(rivertown: TenantId, lakeside: TenantId) -> None:
    """304 for whoever has it already, and `fields` shows no more than was asked for."""
    with planted((rivertown, lakeside)) as rows:
        with as_tenant(rivertown):
            key = create_api_key("test")
        client = Client(headers={"authorization": f"Bearer {key.secret}"})
        address = f"/api/v1/calls/{rows['telephony_call'][rivertown]}"
        etag = client.get(address)["ETag"]
        assert client.get(address, headers={"if-none-match": etag}).status_code == 304
        assert client.get(address, headers={"if-none-match": '"other"'}).status_code == 200
        assert set(client.get(f"{address}?fields=latency,tools").json()) == {"latency", "tools"}
        refused = client.get(f"{address}?fields=secret")
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "fields")


def test_every_role_may_do_less_than_the_one_above_it() -> None:
    """From owner to viewer, and an unknown role nothing."""
    ladder = [permissions_of(role) for role in MemberRole.values]
    assert all(lower < higher for higher, lower in itertools.pairwise(ladder))
    assert set(ROLES) == set(MemberRole.values)
    assert permissions_of("emperor") == frozenset()
    assert roles_with(Permission.COMPANY_CLOSE) == ("owner",)
