"""Jobs: end the calls that nobody holds, keep every region's number table current."""

from datetime import timedelta
from uuid import UUID

import structlog
from celery import shared_task

from inference.errors import SnapshotMissing
from inference.fleet import roundtrips
from inference.fleet.actions import keep_classes, keep_round_trips
from inference.fleet.caller_places import prefix_of
from telephony import media_link
from telephony.calls import actions, erasing, figures, queries
from telephony.calls.call_state import Ending, Facts
from telephony.calls.listing import indexing
from telephony.calls.summaries import actions as summaries
from telephony.control import number_table, persons_calls, regional_redis, status_reports
from telephony.errors import NoSpareModel, RecordingsAway, RegionAway
from telephony.numbers import accounts, orders, ownership, rechecking
from telephony.numbers import queries as numbers_queries
from telephony.usage import actions as usage_actions
from telephony.usage import queries as usage_queries
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
# No carrier keeps a call longer; until then a person's call is known to be over by the carrier's
# word alone, which is asked for.
TOO_LONG = timedelta(hours=4)
# A day's figures change until its last call is over, wherever on earth that day is.
USAGE_CHANGES_FOR = timedelta(days=2)
# A week has every hour and both kinds of days; what changed is the median's after half of it.
LEARN_FROM = timedelta(days=7)
LEARN_MOST_CALLS = 500_000
# A call's last events may still be on their way into the database when the carrier calls it over.
SETTLED_AFTER = timedelta(seconds=3)
INDEXED_BY_A_JOB = 200
SUMMARISED_BY_A_JOB = 50
SUMMARISE_FOR = timedelta(seconds=60)


@shared_task(name="telephony.tasks.close_lost_calls", base=TenantTask, cross_tenant=True)
def close_lost_calls() -> None:
    """Find tenants with calls that may have lost their holder, and send each its own job."""
    for tenant_id in queries.tenants_with_open_calls(before=clock.now() - UNHELD_AFTER):
        close_lost_calls_of_tenant.for_tenant(tenant_id)


@shared_task(name="telephony.tasks.close_lost_calls_of_tenant", base=TenantTask)
def close_lost_calls_of_tenant() -> None:
    """End the tenant's calls that nobody has any more, and those that are too old."""
    now = clock.now()
    for call in queries.calls_open_since(before=now - UNHELD_AFTER, too_old=now - TOO_LONG):
        aged = call.started_at < now - TOO_LONG
        if not aged and _is_held(call.region, call.id):
            continue
        ending = Ending(now, "too_long" if aged else "stream_lost")
        change = actions.learn(call.id, Facts(swept=ending))
        log.warning("lost call closed", call=str(call.id), reason=ending.reason)
        status_reports.follow_on_commit(current_tenant_id(), change)


@shared_task(name="telephony.tasks.ask_about_calls", base=TenantTask, cross_tenant=True)
def ask_about_calls() -> None:
    """Find tenants whose people are on the telephone, and send each its own job."""
    before = clock.now() - persons_calls.ASK_EVERY
    for tenant_id in queries.tenants_with_persons_calls(before=before):
        ask_about_calls_of_tenant.for_tenant(tenant_id)


@shared_task(name="telephony.tasks.ask_about_calls_of_tenant", base=TenantTask, asks_outside=True)
def ask_about_calls_of_tenant() -> None:
    """Ask the tenant's carriers whether its people's calls are over."""
    persons_calls.ask_carriers()


@shared_task(name="telephony.tasks.index_ended_calls", base=TenantTask, cross_tenant=True)
def index_ended_calls() -> None:
    """Find tenants with calls that are over and not findable, and send each its own job."""
    for tenant_id in indexing.tenants_with_unindexed_calls(before=clock.now() - SETTLED_AFTER):
        index_calls_of_tenant.for_tenant(tenant_id)


@shared_task(name="telephony.tasks.index_calls_of_tenant", base=TenantTask)
def index_calls_of_tenant() -> None:
    """Make what was said in the tenant's calls findable; a second job beside it finds none."""
    indexing.index_calls(before=clock.now() - SETTLED_AFTER, limit=INDEXED_BY_A_JOB)


@shared_task(name="telephony.tasks.summarise_calls", base=TenantTask, cross_tenant=True)
def summarise_calls() -> None:
    """Have a model summarise calls that wait for it, one after the other.

    While calls need the models, or after a minute, the rest waits for the next time.
    """
    until = clock.now() + SUMMARISE_FOR
    due = summaries.due_summaries(at=clock.now(), limit=SUMMARISED_BY_A_JOB)
    for tenant_id, call_id in due:
        if clock.now() > until:
            return
        try:
            summaries.summarise(tenant_id, call_id)
        except (NoSpareModel, SnapshotMissing) as error:
            log.info("summaries wait", why=str(error))
            return


@shared_task(name="telephony.tasks.erase_what_is_due", base=TenantTask, cross_tenant=True)
def erase_what_is_due() -> None:
    """Find tenants with callers to erase, or files that no row names any more."""
    for tenant_id in erasing.tenants_with_work():
        erase_of_tenant.for_tenant(tenant_id)


@shared_task(name="telephony.tasks.erase_of_tenant", base=TenantTask)
def erase_of_tenant() -> None:
    """Erase the next calls of the tenant's callers to be erased, and remove files."""
    erasing.go_on_erasing()
    try:
        erasing.remove_files()
    except RecordingsAway as error:
        log.warning("recordings not removed", why=str(error))


@shared_task(name="telephony.tasks.learn_round_trips", base=TenantTask, cross_tenant=True)
def learn_round_trips() -> None:
    """Turn what the last days' calls measured into the round trips that routing goes by.

    No caller's number leaves this job.
    """
    since = clock.now() - LEARN_FROM
    measured = figures.measured_round_trips(since=since, limit=LEARN_MOST_CALLS)
    usual = roundtrips.median_round_trips(
        (prefix_of(number), region, ms) for number, region, ms in measured
    )
    keep_round_trips(usual)
    log.info("round trips learnt", kept=len(usual), calls=sum(trip.calls for trip in usual))


@shared_task(name="telephony.tasks.refresh_routes", base=TenantTask, cross_tenant=True)
def refresh_numbers() -> None:
    """Have every tenant's numbers written to each region's table again.

    The pools learn what companies keep warm.
    """
    for tenant_id in tenants_queries.all_tenant_ids():
        refresh_numbers_of_tenant.for_tenant(tenant_id)
    keep_classes(tenants_queries.warm_classes())


@shared_task(name="telephony.tasks.refresh_routes_of_tenant", base=TenantTask)
def refresh_numbers_of_tenant() -> None:
    """Write the tenant's numbers to each region's table."""
    number_table.refresh()


@shared_task(name="telephony.tasks.roll_up_usage", base=TenantTask, cross_tenant=True)
def roll_up_usage() -> None:
    """Find the companies that had calls lately, and send each its own job."""
    for tenant_id in usage_queries.tenants_with_calls(since=clock.now() - USAGE_CHANGES_FOR):
        roll_up_usage_of_tenant.for_tenant(tenant_id)


@shared_task(name="telephony.tasks.roll_up_usage_of_tenant", base=TenantTask)
def roll_up_usage_of_tenant() -> None:
    """Add up the tenant's days that may have changed."""
    usage_actions.roll_up(at=clock.now())


@shared_task(name="telephony.tasks.settle_numbers", base=TenantTask, cross_tenant=True)
def settle_numbers() -> None:
    """Find tenants whose orders, releases or accounts were left in between, and send each its own
    job.
    """
    for tenant_id, e164 in numbers_queries.holders_of_contested():
        recheck_number_of_tenant.for_tenant(tenant_id, e164)
    for tenant_id in numbers_queries.tenants_to_settle():
        settle_numbers_of_tenant.for_tenant(tenant_id)


@shared_task(name="telephony.tasks.settle_numbers_of_tenant", base=TenantTask, asks_outside=True)
def settle_numbers_of_tenant() -> None:
    """Finish what the tenant began at its carriers."""
    accounts.settle()
    orders.settle()
    ownership.settle()


@shared_task(name="telephony.tasks.recheck_number_of_tenant", base=TenantTask, asks_outside=True)
def recheck_number_of_tenant(e164: str) -> None:
    """Another company has shown that the number is in its account: whether it is in this one's."""
    rechecking.recheck(e164)


def _is_held(region: str, call_id: UUID) -> bool:
    """Whether a media process holds the call or is about to.

    Unknown counts as yes: nothing is ended on a guess.
    """
    if regional_redis.client(RegionCode(region)) is None:
        return False
    try:
        with regional_redis.asking(RegionCode(region)) as client:
            return media_link.has_stream(client, CallId(str(call_id)))
    except RegionAway:
        return True
