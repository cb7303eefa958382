"""What agents may be made of, and when their company is open, through the REST API."""

from collections.abc import Mapping
from typing import Any

import msgspec
from babel import Locale
from rest_framework.request import Request
from rest_framework.response import Response

from agents import registry
from agents.actions import set_business
from agents.api.catalogue_serializers import (
    BusinessHoursSerializer,
    LanguagesSerializer,
    ToolsSerializer,
    VoicesSerializer,
)
from agents.opening_hours import OpeningHours
from agents.queries import opening_hours
from agents.voices import voices
from tenants import queries as tenants_queries
from tenants.api.operations import operation
from tenants.api.views import TenantAPIView
from tenants.permissions import Permission
from verticals.spoken.languages import OFFERED
from warmline.kernel.vertical import TRANSFER_TO_PERSON


class Tools(TenantAPIView):
    """What an agent of this company may do."""

    @operation("list_agent_tools", permission=Permission.AGENTS_READ, answer=ToolsSerializer)
    def get(self, request: Request) -> Response:
        """List the tools of the company's line of business."""
        vertical = registry.vertical(tenants_queries.tenant().vertical)
        tools = [
            {
                **msgspec.to_builtins(tool),
                "title": tool.title or tool.description,
                "always": tool.name == TRANSFER_TO_PERSON,
            }
            for tool in vertical.tools
        ]
        return Response(ToolsSerializer({"tools": tools}).data)


class Voices(TenantAPIView):
    """How an agent may sound."""

    @operation("list_agent_voices", permission=Permission.AGENTS_READ, answer=VoicesSerializer)
    def get(self, request: Request) -> Response:
        """List the voices that the platform's speech server has."""
        return Response(VoicesSerializer({"voices": voices()}).data)


class Languages(TenantAPIView):
    """What an agent may speak."""

    @operation(
        "list_agent_languages", permission=Permission.AGENTS_READ, answer=LanguagesSerializer
    )
    def get(self, request: Request) -> Response:
        """List the languages that agents speak."""
        languages = [
            {"code": code, "name": Locale(code).get_display_name("en")} for code in OFFERED
        ]
        return Response(LanguagesSerializer({"languages": languages}).data)


class BusinessHours(TenantAPIView):
    """When the company is open."""

    def representation(self) -> Mapping[str, Any]:  # type: ignore[override]
        """Its week, holidays and exceptions."""
        return BusinessHoursSerializer(msgspec.to_builtins(opening_hours())).data

    @operation(
        "get_business_hours", permission=Permission.AGENTS_READ, answer=BusinessHoursSerializer
    )
    def get(self, request: Request) -> Response:
        """When the company is open, on its own wall clock; without hours it is never."""
        return self.shown()

    @operation(
        "set_business_hours",
        permission=Permission.AGENTS_WRITE,
        body=BusinessHoursSerializer,
        answer=BusinessHoursSerializer,
    )
    def put(self, request: Request) -> Response:
        """Set when the company is open, whole; its next booking goes by it."""
        hours = msgspec.convert(self.body, OpeningHours)
        set_business(**hours.arguments())
        return self.shown()
