"""Owners hear of their trial's end in time, once, on their own clock."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from tenants.accounts.actions import TRIAL, NewCompany, found_company
from tenants.actions import add_member, create_user
from tenants.company.actions import change_terms, close_company
from tenants.company.trials import tell_of_ends
from tenants.context import as_tenant
from tenants.mail.outbox import deliver_due
from tenants.models import Tenant

pytestmark = pytest.mark.django_db

FOUNDED = datetime(2026, 3, 1, 17, tzinfo=UTC)
END = FOUNDED + TRIAL
PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def _sends_mail(settings: Any) -> None:
    """Into Django's own outbox."""
    settings.SENDS_MAIL = True


@pytest.fixture
def tenant(db: None) -> Tenant:
    """A company in New York with two owners and somebody who is none."""
    company = NewCompany("Rivertown Plumbing", "homeservices", "America/New_York")
    alice = create_user("alice@example.com", password=PASSWORD)
    tenant = found_company(alice, company, at=FOUNDED)
    with as_tenant(tenant.tenant_id):
        add_member(create_user("bob@example.com", password=PASSWORD), role="owner")
        add_member(create_user("carol@example.com", password=PASSWORD), role="admin")
    return tenant


@pytest.fixture
def letters() -> Callable[[datetime], list[tuple[str, str]]]:
    """What goes out at a moment: to whom, and the subject."""

    def sent(at: datetime) -> list[tuple[str, str]]:
        mail.outbox.clear()
        tell_of_ends(at=at)
        deliver_due()
        return sorted((message.to[0], str(message.subject)) for message in mail.outbox)

    return sent


Letters = Callable[[datetime], list[tuple[str, str]]]


def test_owners_are_told_three_days_before_and_at_the_end(tenant: Tenant, letters: Letters) -> None:
    """Each owner once, with the date on the company's own clock: it is an hour further on there
    since the clocks changed.
    """
    soon = "The trial of Rivertown Plumbing ends on Sunday, 15 March 2026"
    over = "The trial of Rivertown Plumbing is over"
    assert letters(END - timedelta(days=3, minutes=1)) == []
    first = letters(END - timedelta(days=3))
    assert first == [("alice@example.com", soon), ("bob@example.com", soon)]
    assert "at 13:00 (America/New_York)" in mail.outbox[0].body
    assert "leave a message" in mail.outbox[0].body
    assert letters(END - timedelta(minutes=1)) == []
    assert letters(END) == [("alice@example.com", over), ("bob@example.com", over)]
    assert letters(END + timedelta(days=2)) == []


def test_where_no_mail_could_be_sent_it_is_made_up_for(
    tenant: Tenant, letters: Letters, settings: Any
) -> None:
    """While it is of use: one that comes a week late is none."""
    settings.SENDS_MAIL = False
    assert letters(END) == []
    settings.SENDS_MAIL = True
    assert len(letters(END + timedelta(days=1))) == 2
    assert letters(END + timedelta(days=9)) == []


def test_who_has_a_plan_or_has_closed_is_not_told(tenant: Tenant, letters: Letters) -> None:
    """There is no end to tell of."""
    change_terms(tenant.slug, plan="team")
    assert letters(END) == []
    change_terms(tenant.slug, plan="trial")
    with as_tenant(tenant.tenant_id):
        close_company(confirmed_name=tenant.name)
    assert letters(END) == []
