"""Usage through the REST API."""

from rest_framework.request import Request
from rest_framework.response import Response

from telephony.usage.queries import usage
from telephony.usage.types import Usage
from tenants.api.fields import DayField
from tenants.api.operations import operation
from tenants.api.requests import QuerySerializer
from tenants.api.serializers import FrozenSerializer
from tenants.api.views import TenantAPIView
from tenants.permissions import Permission
from warmline.kernel import clock


class UsageSerializer(FrozenSerializer[Usage]):
    """A company's calls and minutes by day and month."""

    class Meta:
        dataclass = Usage


class UsageQuery(QuerySerializer):
    """Which days."""

    since = DayField(
        required=False, help_text="The first day, on the company's clock; else last month's first"
    )
    until = DayField(required=False, help_text="The last day, itself included; else today")


class UsageDetail(TenantAPIView):
    """What the company used."""

    @operation(
        "get_usage", permission=Permission.USAGE_READ, query=UsageQuery, answer=UsageSerializer
    )
    def get(self, request: Request) -> Response:
        """Calls and minutes by day and month, at most 400 days, and how much of the month's
        minutes is used. The figures are added up every five minutes.
        """
        shown = UsageSerializer(usage(at=clock.now(), **self.query)).data
        return Response(self._sparse(shown))
