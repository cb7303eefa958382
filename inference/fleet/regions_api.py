"""Where calls may be answered, through the REST API."""

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta
from rest_framework.request import Request
from rest_framework.response import Response

from inference.models import Region
from tenants.api.operations import operation
from tenants.api.pages import Page, page_of
from tenants.api.serializers import FrozenSerializer
from tenants.api.views import TenantAPIView
from tenants.permissions import Permission
from tenants.queries import tenant
from tenants.types import Residency


@dataclass(frozen=True, slots=True)
class RegionLine:
    """A region of the platform."""

    code: str
    place: str
    residency: Annotated[str, Meta(description="the zone whose data may be kept there")]
    is_allowed: Annotated[bool, Meta(description="whether the company's residency allows it")]


class RegionSerializer(FrozenSerializer[RegionLine]):
    """A region of the platform."""

    class Meta:
        dataclass = RegionLine


def regions() -> Page[RegionLine]:
    """All regions, and which the bound tenant's residency allows: so few that a page holds all."""
    residency = tenant().residency
    lines = []
    for row in Region.objects.order_by("code"):
        allowed = residency in (Residency.ANYWHERE, row.residency)
        lines.append(RegionLine(row.code, row.label, row.residency, allowed))
    return Page(items=tuple(lines))


class Regions(TenantAPIView):
    """Where calls may be answered."""

    @operation("list_regions", permission=Permission.COMPANY_READ, answer=page_of(RegionSerializer))
    def get(self, request: Request) -> Response:
        """List the platform's regions, and which of them the company's residency allows."""
        return self.page(regions(), RegionSerializer)
