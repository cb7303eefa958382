"""What a carrier writes into its fields loses no call, whatever it is."""

import pytest

from telephony.models import Call
from tenants.context import as_tenant
from tests.doors.strange_texts import of_length
from tests.telephony.conftest import Carrier, ringing
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db
FIELDS = ("StirVerstat", "CallerName", "From", "FromCity", "ForwardedFrom", "Direction")


@pytest.mark.parametrize("field", FIELDS)
def test_a_carriers_field_of_any_length_loses_no_call(
    carrier: Carrier, plumber: TenantId, field: str
) -> None:
    """The call is answered and on the list; what is too long for its column is cut to it."""
    for number, kind in enumerate(of_length(64), start=1):
        text = of_length(64)[kind].encode("utf-8", "replace").decode()
        status, document = carrier.post("/twilio/voice", ringing(str(number)) | {field: text})
        assert (status, "<Connect>" in document or "<Dial" in document) == (200, True), kind
        with as_tenant(plumber):
            call = Call.objects.latest("id")
            assert Call.objects.count() == number
        if field == "StirVerstat":
            assert call.verstat in {text, text[:64], "ab", "a[31mb"}
        if field == "From":
            assert call.from_number == ""
