"""Numbers and carrier accounts through the REST API: thin over the room's actions."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from telephony.carriers.provisioning import NumberSearch
from telephony.numbers import accounts, actions, checks, orders, ownership, queries, ringing
from telephony.numbers.api import serializers
from tenants.api.operations import operation
from tenants.api.pages import page_of
from tenants.api.requests import PageQuery
from tenants.api.views import TenantAPIView
from tenants.context import as_tenant, current_tenant_id
from tenants.permissions import Permission


class Numbers(TenantAPIView):
    """The company's numbers."""

    @operation(
        "list_numbers",
        permission=Permission.NUMBERS_READ,
        query=serializers.NumbersQuery,
        answer=page_of(serializers.NumberSerializer),
    )
    def get(self, request: Request) -> Response:
        """List the company's numbers, in their order, with who answers each now."""
        return self.page(queries.numbers_page(**self.query), serializers.NumberSerializer)

    @operation(
        "add_number",
        permission=Permission.NUMBERS_WRITE,
        body=serializers.NewNumberSerializer,
        answer=serializers.NumberSerializer,
        status=201,
        asks_outside=True,
    )
    def post(self, request: Request) -> Response:
        """Buy a number, or add one that is in a carrier account of the company's own."""
        fields = dict(self.body)
        account_id = fields.pop("carrier_account_id")
        buys = fields.pop("buy")
        papers = {name: fields.pop(name) for name in ("address_id", "bundle_id")}
        if buys:
            number = orders.buy_number(
                fields["e164"], account_id=account_id, agent_id=fields["agent_id"], **papers
            )
        else:
            number = ownership.add_own_number(fields.pop("e164"), account_id=account_id, **fields)
        with as_tenant(current_tenant_id()):
            line = queries.number(number.pk)
        content = serializers.NumberSerializer(line).data
        return self.created(content, at="api-number", number_id=number.pk)


class NumberDetail(TenantAPIView):
    """One number of the company."""

    def representation(self, number_id: UUID) -> Mapping[str, Any]:  # type: ignore[override]
        """All of one number."""
        return serializers.NumberSerializer(queries.number(number_id)).data

    @operation(
        "get_number", permission=Permission.NUMBERS_READ, answer=serializers.NumberSerializer
    )
    def get(self, request: Request, number_id: UUID) -> Response:
        """One number and what happens to its calls."""
        return self.shown(number_id=number_id)

    @operation(
        "change_number",
        permission=Permission.NUMBERS_WRITE,
        body=serializers.NumberChangesSerializer,
        answer=serializers.NumberSerializer,
    )
    def patch(self, request: Request, number_id: UUID) -> Response:
        """Change what a number does: in force with the next call."""
        changes = dict(self.body)
        if "hours" in changes:
            changes["hours"] = actions.parse_hours(changes["hours"])
        actions.change_number(number_id, **changes)
        return self.shown(number_id=number_id)

    @operation(
        "release_number",
        permission=Permission.NUMBERS_WRITE,
        status=204,
        asks_outside=True,
    )
    def delete(self, request: Request, number_id: UUID) -> Response:
        """Give a bought number back to its carrier; one of your own only leaves here."""
        orders.release_number(number_id)
        return Response(status=204)


class NumberConnection(TenantAPIView):
    """Where a number's calls are asked at its carrier."""

    @operation(
        "connect_number",
        permission=Permission.NUMBERS_WRITE,
        answer=serializers.NumberSerializer,
        asks_outside=True,
    )
    def post(self, request: Request, number_id: UUID) -> Response:
        """Have the carrier ask this installation about the number's calls, again if need be."""
        ownership.reconnect(number_id)
        with as_tenant(current_tenant_id()):
            return Response(serializers.NumberSerializer(queries.number(number_id)).data)


class NumberCheck(TenantAPIView):
    """Whether calls to a number reach its agent."""

    @operation(
        "check_number",
        permission=Permission.NUMBERS_WRITE,
        answer=serializers.NumberCheckupSerializer,
        asks_outside=True,
    )
    def post(self, request: Request, number_id: UUID) -> Response:
        """Look at each step between the carrier and the agent, for real: what is wrong, what to do.

        Takes up to half a minute; one at a time.
        """
        return Response(serializers.NumberCheckupSerializer(checks.check_number(number_id)).data)


class NumberTestCall(TenantAPIView):
    """A call that the carrier places to a number, to see whether it is answered."""

    @operation(
        "ring_number",
        permission=Permission.NUMBERS_WRITE,
        answer=serializers.TestCallSerializer,
        status=202,
        asks_outside=True,
    )
    def post(self, request: Request, number_id: UUID) -> Response:
        """Have the carrier call the number from another one of its account.

        Read it until it is answered or has failed: within a minute. It costs what such a call does.
        """
        return Response(serializers.TestCallSerializer(ringing.ring(number_id)).data, status=202)

    @operation(
        "get_number_test_call",
        permission=Permission.NUMBERS_WRITE,
        answer=serializers.TestCallSerializer,
        asks_outside=True,
    )
    def get(self, request: Request, number_id: UUID) -> Response:
        """How far the number's last test call is; known for a quarter of an hour."""
        return Response(serializers.TestCallSerializer(ringing.look(number_id)).data)


class AvailableNumbers(TenantAPIView):
    """Numbers that may be bought."""

    @operation(
        "search_numbers",
        permission=Permission.NUMBERS_WRITE,
        query=serializers.AvailableQuery,
        answer=serializers.AvailableNumbersSerializer,
        asks_outside=True,
    )
    def get(self, request: Request) -> Response:
        """Search the carrier's numbers that take calls, with what they cost a month."""
        fields = dict(self.query)
        account_id = fields.pop("carrier_account_id")
        found = orders.search_numbers(account_id, NumberSearch(**fields))
        return Response({"items": serializers.AvailableNumberSerializer(found, many=True).data})


class NumberOrders(TenantAPIView):
    """Numbers on their way."""

    @operation(
        "list_number_orders",
        permission=Permission.NUMBERS_READ,
        answer=serializers.OrdersSerializer,
    )
    def get(self, request: Request) -> Response:
        """Numbers that are being bought or looked at, and those that lately could not be."""
        return Response({"items": serializers.OrderSerializer(queries.orders(), many=True).data})


class CarrierAccounts(TenantAPIView):
    """The company's accounts at carriers."""

    @operation(
        "list_carrier_accounts",
        permission=Permission.NUMBERS_READ,
        query=PageQuery,
        answer=page_of(serializers.CarrierAccountSerializer),
    )
    def get(self, request: Request) -> Response:
        """List the company's carrier accounts, oldest first; no credential is ever shown."""
        page = queries.accounts_page(**self.query)
        return self.page(page, serializers.CarrierAccountSerializer)

    @operation(
        "connect_carrier_account",
        permission=Permission.NUMBERS_WRITE,
        body=serializers.NewCarrierAccountSerializer,
        answer=serializers.CarrierAccountSerializer,
        status=201,
        asks_outside=True,
    )
    def post(self, request: Request) -> Response:
        """Connect your own account, once its credentials opened it, or open a sub-account."""
        fields = dict(self.body)
        if fields.pop("kind") == "subaccount":
            account = accounts.open_subaccount()
        else:
            account = accounts.connect_account(fields.pop("account_id"), **fields)
        with as_tenant(current_tenant_id()):
            line = queries.account(account.pk)
        content = serializers.CarrierAccountSerializer(line).data
        return self.created(content, at="api-carrier-account", account_id=account.pk)


class CarrierAccountDetail(TenantAPIView):
    """One carrier account of the company."""

    def representation(self, account_id: UUID) -> Mapping[str, Any]:  # type: ignore[override]
        """All of one account, but for its credentials."""
        return serializers.CarrierAccountSerializer(queries.account(account_id)).data

    @operation(
        "get_carrier_account",
        permission=Permission.NUMBERS_READ,
        answer=serializers.CarrierAccountSerializer,
    )
    def get(self, request: Request, account_id: UUID) -> Response:
        """One carrier account, without its credentials."""
        return self.shown(account_id=account_id)

    @operation(
        "remove_carrier_account",
        permission=Permission.NUMBERS_WRITE,
        status=204,
        asks_outside=True,
    )
    def delete(self, request: Request, account_id: UUID) -> Response:
        """Forget an account of your own, or close the sub-account; not while numbers use it."""
        accounts.remove_account(account_id)
        return Response(status=204)


class CarrierAccountRotation(TenantAPIView):
    """New credentials of an account."""

    @operation(
        "rotate_carrier_account",
        permission=Permission.NUMBERS_WRITE,
        body=serializers.RotationSerializer,
        answer=serializers.CarrierAccountSerializer,
        asks_outside=True,
    )
    def post(self, request: Request, account_id: UUID) -> Response:
        """Give an account its new token; webhooks of the token before are taken for a day more."""
        accounts.rotate_account(account_id, **self.body)
        with as_tenant(current_tenant_id()):
            return Response(serializers.CarrierAccountSerializer(queries.account(account_id)).data)
