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


@pytest.mark.parametrize(
    "moment",
    [
        *("", "yesterday", "Mon, 02 Mar 2026 09:00:00 -0000"),
        f"Mon, 02 Mar 2026 09:00:00 +{'9' * 30}",
        f"Mon, 02 Mar {'9' * 30} 09:00:00 +0000",
        f"Mon, {'9' * 30} Mar 2026 09:00:00 +0000",
        f"Mon, 02 Mar 2026 09:00:{'9' * 30} +0000",
        *("Fri, 31 Dec 9999 23:59:59 -2300", "Mon, 02 Mar 2026 09:00:00 +9900"),
    ],
)
def test_a_report_of_any_moment_is_taken(carrier: Carrier, plumber: TenantId, moment: str) -> None:
    """Also of one that no clock shows: the call's page can be read afterwards."""
    carrier.post("/twilio/voice", ringing())
    report = ringing() | {"CallStatus": "ringing", "SequenceNumber": "1", "Timestamp": moment}
    assert carrier.post("/twilio/status", report)[0] == 204
    with as_tenant(plumber):
        assert Call.objects.get().started_at.year < 3000
