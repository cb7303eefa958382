"""What the REST API takes and gives of numbers and carrier accounts."""

from typing import Any

from rest_framework import serializers

from telephony.carriers.provisioning import AvailableNumber
from telephony.numbers.actions import MODES, OUTSIDE
from telephony.numbers.types import (
    CarrierAccountLine,
    NumberCheckup,
    NumberLine,
    OrderLine,
    TestCall,
)
from tenants.api.requests import PageQuery, QuerySerializer
from tenants.api.serializers import FrozenSerializer


class NumberSerializer(FrozenSerializer[NumberLine]):
    """A number."""

    class Meta:
        dataclass = NumberLine


class OrderSerializer(FrozenSerializer[OrderLine]):
    """An order."""

    class Meta:
        dataclass = OrderLine


class NumberCheckupSerializer(FrozenSerializer[NumberCheckup]):
    """What a check found."""

    class Meta:
        dataclass = NumberCheckup


class TestCallSerializer(FrozenSerializer[TestCall]):
    """A test call."""

    __test__ = False

    class Meta:
        dataclass = TestCall


class CarrierAccountSerializer(FrozenSerializer[CarrierAccountLine]):
    """A carrier account."""

    class Meta:
        dataclass = CarrierAccountLine


class AvailableNumberSerializer(FrozenSerializer[AvailableNumber]):
    """A number that may be bought."""

    class Meta:
        dataclass = AvailableNumber


class AvailableNumbersSerializer(serializers.Serializer[Any]):
    """Numbers that may be bought now."""

    items = AvailableNumberSerializer(many=True)


class OrdersSerializer(serializers.Serializer[Any]):
    """Numbers that are being bought, and those that lately could not be."""

    items = OrderSerializer(many=True)


class NumbersQuery(PageQuery):
    """Which numbers are listed."""

    agent_id = serializers.UUIDField(required=False, help_text="only those of this agent")


class AvailableQuery(QuerySerializer):
    """Which numbers are looked for."""

    carrier_account_id = serializers.UUIDField(help_text="the account that would buy")
    country = serializers.CharField(
        max_length=2, default="US", help_text="ISO 3166-1, two capital letters"
    )
    kind = serializers.ChoiceField(choices=("local", "mobile", "toll_free"), default="local")
    contains = serializers.CharField(
        required=False, default="", max_length=16, help_text="digits or letters; * is any one"
    )
    area_code = serializers.CharField(
        required=False, default="", max_length=3, help_text="three digits, USA and Canada"
    )
    limit = serializers.IntegerField(required=False, default=20, min_value=1, max_value=50)


class NumberChangesSerializer(serializers.Serializer[Any]):
    """What a number does."""

    agent_id = serializers.UUIDField(
        required=False, allow_null=True, help_text="who answers; null: a person does"
    )
    mode = serializers.ChoiceField(choices=MODES, required=False)
    human_number = serializers.CharField(
        required=False, allow_blank=True, max_length=40, help_text="the person to fall back on"
    )
    outside = serializers.ChoiceField(
        choices=OUTSIDE, required=False, help_text="what happens outside the hours"
    )
    hours = serializers.JSONField(
        required=False,
        allow_null=True,
        help_text=(
            'null: the company\'s hours; else {"hours": [{"days": [0], "begins": "08:00", '
            '"ends": "18:00"}], "holidays": [], "exceptions": []}, Monday is 0'
        ),
    )
    closed_words = serializers.CharField(
        required=False, allow_blank=True, max_length=300, help_text="what is said when closed"
    )


class NewNumberSerializer(serializers.Serializer[Any]):
    """A number to be bought, or one's own."""

    e164 = serializers.CharField(max_length=40, help_text="such as +12125550199")
    carrier_account_id = serializers.UUIDField(help_text="the account that it is in, or shall be")
    buy = serializers.BooleanField(
        default=False, help_text="buy it; else it is in the account already"
    )
    agent_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    mode = serializers.ChoiceField(choices=MODES, required=False, default="live")
    human_number = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=40
    )
    address_id = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=64,
        help_text="the carrier's id of an address, where its country asks for one",
    )
    bundle_id = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=64,
        help_text="the carrier's id of regulatory papers, where its country asks for them",
    )


class NewCarrierAccountSerializer(serializers.Serializer[Any]):
    """One's own carrier account, or a sub-account below the platform's."""

    kind = serializers.ChoiceField(choices=("own", "subaccount"), default="own")
    account_id = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=64, help_text="such as AC…"
    )
    auth_token = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=200,
        write_only=True,
        help_text="kept sealed and never shown again",
    )
    key_id = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=64, help_text="an API key's SID"
    )
    key_secret = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=200, write_only=True
    )
    region = serializers.ChoiceField(choices=("us1", "ie1", "au1"), default="us1")


class RotationSerializer(serializers.Serializer[Any]):
    """An account's new credentials."""

    auth_token = serializers.CharField(max_length=200, write_only=True)
    key_id = serializers.CharField(required=False, allow_blank=True, default="", max_length=64)
    key_secret = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=200, write_only=True
    )
