"""What went wrong in the last day: replicas, calls, regions, and what was refused."""

from datetime import timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from inference.fleet.failures import replica_failures
from telephony.calls.troubles import call_troubles
from telephony.control import regional_redis
from tenants.operators.queries import security_counts, security_events
from tenants.web import operator_view
from warmline.kernel import clock

LOOKS_BACK: Final = timedelta(days=1)


@operator_view
def incidents(request: HttpRequest) -> HttpResponse:
    """Everything of the last 24 hours that should have gone otherwise."""
    since = clock.now() - LOOKS_BACK
    context = {
        "section": "operator-incidents",
        "regions_away": [
            region for region in regional_redis.in_turn() if regional_redis.backs_off(region)
        ],
        "failures": replica_failures(since=since),
        "troubles": call_troubles(since=since),
        "counts": security_counts(since=since),
        "events": security_events(since=since),
    }
    return render(request, "dashboard/operators/incidents/incidents.html", context)
