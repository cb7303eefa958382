"""The ledger over two companies: each has its own calls in it, and what was not taken is told with its cause."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from inference.actions import ensure_regions, set_pool
from tests.telephony.conftest import Carrier, ringing
from warmline.kernel.ids import TenantId

pytestmark = pytest.mark.django_db


def test_each_company_is_told_its_own_calls(carrier: Carrier, plumber: TenantId, clinic: TenantId) -> None:
    """The fifth call finds both regions' two slots taken: it is in the plumber's ledger with the reason."""
    ensure_regions()
    set_pool("us-east/think/frontdesk", price_an_hour=2.5)
    for number in ("1", "2", "3", "4", "5"):
        carrier.post("/twilio/voice", ringing(number))
    out = StringIO()
    call_command("ledger", json=True, stdout=out)
    found = json.loads(out.getvalue())
    untaken = {use["tenant"]: use["untaken"] for use in found["uses"]}
    assert untaken["lakeside"] == {}
    assert sum(untaken["rivertown"].values()) == 1
    assert "full" in next(iter(untaken["rivertown"]))
    table = StringIO()
    call_command("ledger", hours=1.0, stdout=table)
    assert "us-east/think/frontdesk" in table.getvalue()
    assert "lakeside" in table.getvalue()


def test_a_period_that_is_none_is_refused() -> None:
    """With what was expected."""
    with pytest.raises(CommandError, match="expected more than 0"):
        call_command("ledger", hours=0.0)
