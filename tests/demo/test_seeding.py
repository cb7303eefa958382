"""The demo's companies in the database: the same however often they are put there."""

import pytest
from django.contrib.auth import authenticate

from dashboard.demo.seeding import seed, sign_ins
from tests import services


@pytest.mark.django_db(databases=["default", "control"])
def test_seeding_again_changes_no_sign_in_and_fails_at_nothing(chroma_server: str) -> None:
    """Each start of the demo seeds:
    its passwords stay, work, and no statement of the second time is refused.
    """
    first = seed()
    log = services.home.logs / "postgres.log"
    before = log.stat().st_size

    assert seed() == first == sign_ins()

    assert all(authenticate(username=each.email, password=each.password) for each in first)
    assert "ERROR" not in log.read_text(encoding="utf-8")[before:]
