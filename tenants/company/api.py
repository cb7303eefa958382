"""The company itself through the REST API."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tenants.api.operations import operation
from tenants.api.serializers import FrozenSerializer
from tenants.api.views import TenantAPIView
from tenants.company import actions, queries
from tenants.company.types import Company
from tenants.permissions import Permission
from tenants.types import Residency


class CompanySerializer(FrozenSerializer[Company]):
    """A company's own settings, and what its plan allows."""

    class Meta:
        dataclass = Company


class CompanyChangesSerializer(serializers.Serializer[Any]):
    """What a company sets for itself."""

    name = serializers.CharField(max_length=100, help_text="As its callers know it")
    time_zone = serializers.CharField(max_length=50, help_text="Such as Europe/Berlin")
    residency = serializers.ChoiceField(
        choices=Residency.choices, help_text="Where calls may be answered"
    )
    human_number = serializers.CharField(
        allow_blank=True, max_length=32, help_text="Who takes a call when no agent can"
    )


class CompanyDetail(TenantAPIView):
    """The key's own company."""

    def representation(self) -> Mapping[str, Any]:  # type: ignore[override]
        """The company as a GET answers it."""
        return CompanySerializer(queries.company()).data

    @operation("get_company", permission=Permission.COMPANY_READ, answer=CompanySerializer)
    def get(self, request: Request) -> Response:
        """The company that this key belongs to."""
        return self.shown()

    @operation(
        "change_company",
        permission=Permission.COMPANY_WRITE,
        body=CompanyChangesSerializer,
        answer=CompanySerializer,
    )
    def patch(self, request: Request) -> Response:
        """Change the company's own settings; its next call goes by them.

        Closing a company and handing it over are a person's, on the company's page.
        """
        actions.change_settings(**self.body)
        return self.shown()
