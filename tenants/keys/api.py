"""API keys through the REST API: a key makes no stronger one than itself."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.api.fields import MomentField
from tenants.api.operations import operation
from tenants.api.pages import page_of
from tenants.api.requests import PageQuery
from tenants.api.serializers import FrozenSerializer
from tenants.api.views import TenantAPIView
from tenants.keys import actions, queries
from tenants.keys.scopes import PRESETS, preset_scopes, stored
from tenants.keys.types import MAX_ORIGINS, MAX_OVERLAP_HOURS, KeyDetail, KeyWithSecret, NewApiKey
from tenants.permissions import Permission
from warmline.kernel.errors import BadInput

_SCOPES = "What it may do, at most what you may"
_ORIGINS = "Pages of these origins may use it from a browser: https://app.example.com"


class ApiKeySerializer(FrozenSerializer[KeyDetail]):
    """An API key, without its secret."""

    class Meta:
        dataclass = KeyDetail


class ApiKeyWithSecretSerializer(FrozenSerializer[KeyWithSecret]):
    """A key just made; its secret is shown this once."""

    class Meta:
        dataclass = KeyWithSecret


class NewApiKeySerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A key to be made, with scopes or with those of a role."""

    name = serializers.CharField(max_length=100, help_text="What it is for")
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=list(Permission)),
        required=False,
        allow_empty=False,
        max_length=len(Permission),
        help_text=_SCOPES,
    )
    role = serializers.ChoiceField(
        choices=list(PRESETS), required=False, help_text="In place of scopes: all of a role's"
    )
    expires_at = MomentField(
        required=False, allow_null=True, help_text="When it ends; null for never"
    )
    origins = serializers.ListField(
        child=serializers.CharField(max_length=260),
        required=False,
        max_length=MAX_ORIGINS,
        help_text=_ORIGINS,
    )


class ApiKeyChangesSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What may be changed of a key."""

    name = serializers.CharField(max_length=100, help_text="What it is for")
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=list(Permission)),
        allow_empty=False,
        max_length=len(Permission),
        help_text=_SCOPES,
    )
    origins = serializers.ListField(
        child=serializers.CharField(max_length=260), max_length=MAX_ORIGINS, help_text=_ORIGINS
    )


class ApiKeyRotationSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """How a key is replaced."""

    overlap_hours = serializers.IntegerField(
        required=False,
        default=24,
        min_value=0,
        max_value=MAX_OVERLAP_HOURS,
        help_text="How long the old one works on beside the new one",
    )
    expires_at = MomentField(
        required=False,
        allow_null=True,
        help_text="When the new one ends; by default it lasts as long as the old one did",
    )


class ApiKeys(TenantAPIView):
    """The company's API keys."""

    @operation(
        "list_api_keys",
        permission=Permission.KEYS_READ,
        query=PageQuery,
        answer=page_of(ApiKeySerializer),
    )
    def get(self, request: Request) -> Response:
        """List the company's API keys, newest first, those that ended among them."""
        return self.page(queries.keys_page(**self.query), ApiKeySerializer)

    @operation(
        "create_api_key",
        permission=Permission.KEYS_WRITE,
        body=NewApiKeySerializer,
        answer=ApiKeyWithSecretSerializer,
        status=201,
    )
    def post(self, request: Request) -> Response:
        """Make an API key, no stronger than the one that makes it; its secret is in this answer
        alone.
        """
        body = dict(self.body)
        role = body.pop("role", None)
        if (role is None) == ("scopes" not in body):
            raise BadInput("scopes: expected these or a role, one of both", field="scopes")
        if role is not None:
            body["scopes"] = stored(preset_scopes(role))
        return _with_secret(self, actions.create_api_key(**body))


class ApiKeyDetail(TenantAPIView):
    """One of them."""

    def representation(self, key_id: UUID) -> Mapping[str, Any]:  # type: ignore[override]  # its id
        """The key, without its secret."""
        return ApiKeySerializer(queries.key(key_id)).data

    @operation("get_api_key", permission=Permission.KEYS_READ, answer=ApiKeySerializer)
    def get(self, request: Request, key_id: UUID) -> Response:
        """An API key, without its secret."""
        return self.shown(key_id=key_id)

    @operation(
        "change_api_key",
        permission=Permission.KEYS_WRITE,
        body=ApiKeyChangesSerializer,
        answer=ApiKeySerializer,
    )
    def patch(self, request: Request, key_id: UUID) -> Response:
        """Change a key's name, scopes or origins; it gains nothing that you may not do."""
        actions.change_api_key(key_id, **self.body)
        return self.shown(key_id=key_id)


class ApiKeyRotation(TenantAPIView):
    """One of them, replaced."""

    @operation(
        "rotate_api_key",
        permission=Permission.KEYS_WRITE,
        body=ApiKeyRotationSerializer,
        answer=ApiKeyWithSecretSerializer,
        status=201,
    )
    def post(self, request: Request, key_id: UUID) -> Response:
        """Make a key in place of this one, which works on for some hours beside it."""
        return _with_secret(self, actions.rotate_api_key(key_id, **self.body))


class ApiKeyRevocation(TenantAPIView):
    """One of them, ended."""

    @operation("revoke_api_key", permission=Permission.KEYS_WRITE, answer=ApiKeySerializer)
    def post(self, request: Request, key_id: UUID) -> Response:
        """End a key at once, and all that were made with it."""
        actions.revoke_api_key(key_id)
        return Response(ApiKeySerializer(queries.key(key_id)).data)


def _with_secret(view: TenantAPIView, made: NewApiKey) -> Response:
    key_id = UUID(made.id)
    answer = KeyWithSecret(key=queries.key(key_id), secret=made.secret)
    content = ApiKeyWithSecretSerializer(answer).data
    response = view.created(content, at="api-key", key_id=key_id)
    # Nobody keeps it, and it is compressed with nothing else (`tenants.api.middleware`).
    response["Cache-Control"] = "no-store, no-transform"
    return response
