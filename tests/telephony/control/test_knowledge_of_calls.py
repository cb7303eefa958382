"""What a company gives as knowledge is known to its next call."""

import pytest

from rag.actions import queue_text
from telephony.control import number_table
from tenants.context import as_tenant
from tests.rag.companies import Company
from tests.telephony.conftest import PLUMBER
from warmline.kernel.ids import TenantId

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("chroma_server", "empty_valkey")]


def knows(e164: str) -> bool:
    """Whether a call of that number would look anything up."""
    number = number_table.lookup(e164)
    assert number is not None
    assert number.agent is not None
    return bool(number.agent.knowledge)


def test_the_first_document_of_a_company_is_looked_up_by_its_next_call(plumber: TenantId) -> None:
    """The number table hears of it with the jobs' commit, not with the minute's refresh."""
    with as_tenant(plumber):
        number_table.refresh()
    assert not knows(PLUMBER)
    with as_tenant(plumber):
        queue_text("Weekend visits", text="They cost an extra forty dollars each.")
    Company(plumber).work()
    assert knows(PLUMBER)
