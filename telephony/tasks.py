"""Jobs: calls that nobody holds any more get their end,
and every region's number table stays current.
"""

from datetime import timedelta
from uuid import UUID

import redis
import structlog
from celery import shared_task

from inference.fleet import roundtrips
from inference.fleet.actions import keep_classes, keep_round_trips
from inference.fleet.caller_places import prefix_of
from telephony import media_link
from telephony.calls import actions, queries
from telephony.calls.call_state import Ending, Facts
from telephony.control import number_table, regional_redis, status_reports
from tenants import queries as tenants_queries
from tenants.context import current_tenant_id
from tenants.jobs import TenantTask
from warmline.kernel import clock
from warmline.kernel.ids import CallId
from warmline.kernel.regions import RegionCode

log = structlog.get_logger()

# A call that rings gets its stream within seconds; one that lost it gets another within the
# carrier's 15 s.
UNHELD_AFTER = timedelta(seconds=90)
# No carrier keeps a call longer; a person's call is known to be over by the carrier's word alone
# until then.
TOO_LONG = timedelta(hours=4)
# A week has every hour of the day and both kinds of days; what changed is the median's after half
# of it.
LEARN_FROM = timedelta(days=7)
LEARN_MOST_CALLS = 500_000


@shared_task(name="telephony.tasks.close_lost_calls", base=TenantTask, cross_tenant=True)
def close_lost_calls() -> None:
    """Find tenants with calls that may have lost their holder, and send each its own job."""
    for tenant_id in queries.tenants_with_open_calls(before=clock.now() - UNHELD_AFTER):
        close_lost_calls_of_tenant.for_tenant(tenant_id)


@shared_task(name="telephony.tasks.close_lost_calls_of_tenant", base=TenantTask)
def close_lost_calls_of_tenant() -> None:
    """End the tenant's calls that no media process holds and no person was given,
    and those that are too old.
    """
    now = clock.now()
    for open_call in queries.calls_open_since(before=now - UNHELD_AFTER):
        aged = open_call.started_at < now - TOO_LONG
        # A person has the call: only the carrier knows when that ends.
        with_person = open_call.state == "handed_over" or open_call.audience == "screen"
        if not aged and (with_person or _is_held(open_call.region, open_call.id)):
            continue
        ending = Ending(now, "too_long" if aged else "stream_lost")
        moved = actions.learn(open_call.id, Facts(swept=ending))
        log.warning("lost call closed", call=str(open_call.id), reason=ending.reason)
        status_reports.settle_on_commit(current_tenant_id(), moved, kinds=("swept",))


@shared_task(name="telephony.tasks.learn_round_trips", base=TenantTask, cross_tenant=True)
def learn_round_trips() -> None:
    """Turn what the last days' calls measured into the round trips that routing goes by:
    no number leaves this job.
    """
    ways = queries.measured_ways(since=clock.now() - LEARN_FROM, limit=LEARN_MOST_CALLS)
    measured = roundtrips.usual((prefix_of(number), region, ms) for number, region, ms in ways)
    keep_round_trips(measured)
    log.info("round trips learnt", kept=len(measured), calls=sum(each.calls for each in measured))


@shared_task(name="telephony.tasks.refresh_routes", base=TenantTask, cross_tenant=True)
def refresh_routes() -> None:
    """Have every tenant's numbers written to each region's table again;
    the pools learn what companies keep warm.
    """
    for tenant_id in tenants_queries.all_tenant_ids():
        refresh_routes_of_tenant.for_tenant(tenant_id)
    keep_classes(tenants_queries.warm_classes())


@shared_task(name="telephony.tasks.refresh_routes_of_tenant", base=TenantTask)
def refresh_routes_of_tenant() -> None:
    """Write the tenant's numbers to each region's table."""
    number_table.refresh()


def _is_held(region: str, call_id: UUID) -> bool:
    """Whether a media process holds the call or is about to;
    unknown counts as yes: nothing is ended on a guess.
    """
    client = regional_redis.client(RegionCode(region))
    if client is None:
        return False
    try:
        return media_link.has_stream(client, CallId(str(call_id)))
    except redis.RedisError:
        return True
