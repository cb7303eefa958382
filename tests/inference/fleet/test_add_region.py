"""`manage.py add_region`: one more place where pools may run."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from inference import models
from inference.fleet import queries

pytestmark = pytest.mark.django_db

MUMBAI = {"label": "Mumbai", "latitude": 19.1, "longitude": 72.9, "residency": "in"}


def test_an_operator_adds_a_region_and_its_pools(regions: None) -> None:
    """The snapshot has both, and whoever added it is told what it lacks."""
    out = StringIO()
    call_command("add_region", "ap-south", stdout=out, **MUMBAI)
    call_command("add_pool", "ap-south/think/frontdesk", stdout=out)
    snapshot = queries.snapshot()
    (region,) = (region for region in snapshot.regions if region.code == "ap-south")
    assert (region.place.label, region.place.latitude, region.residency) == ("Mumbai", 19.1, "in")
    assert "ap-south/think/frontdesk" in snapshot.pool_by_name
    assert "ap-south has no Redis: add its address to WARMLINE_REGIONS_REDIS" in out.getvalue()


@pytest.mark.parametrize(
    ("code", "place", "reason"),
    [
        ("us-east", {}, "there is a region 'us-east' already, at Ashburn, Virginia"),
        ("AP south", {}, "expected a name of at most 30 small letters"),
        ("ap/south", {}, "expected a name of at most 30 small letters"),
        ("ap-south", {"label": " "}, "expected the place's name"),
        ("ap-south", {"latitude": 91.0}, "expected -90 to 90"),
        ("ap-south", {"longitude": float("nan")}, "expected -90 to 90"),
        ("ap-south", {"residency": "anywhere"}, "expected the zone"),
        ("ap-south", {"residency": ""}, "expected the zone"),
    ],
)
def test_a_region_that_cannot_be_is_not_added(
    regions: None, code: str, place: dict[str, str | float], reason: str
) -> None:
    """The sentence says what was expected."""
    with pytest.raises(CommandError, match=reason):
        call_command("add_region", code, **{**MUMBAI, **place})
    assert set(models.Region.objects.values_list("code", flat=True)) == {"us-east", "eu-west"}
