"""Jobs across companies: mail goes out, operators' decisions are done, what is over is erased."""

from typing import Final

import structlog
from celery import shared_task

from tenants.accounts.actions import remove_unconfirmed
from tenants.api import idempotency
from tenants.company.actions import note_closed
from tenants.company.erasure import erase_company
from tenants.company.queries import due_for_erasure
from tenants.company.trials import tell_of_ends
from tenants.context import current_tenant_id
from tenants.jobs import TenantTask
from tenants.mail.outbox import deliver_due
from tenants.parked.actions import discard_old, send_again
from tenants.sessions import SessionStore
from warmline.kernel import clock
from warmline.kernel.errors import Conflict

log = structlog.get_logger()

# Of one job's two minutes; what is not done then goes on in another.
ERASE_S: Final = 60.0


@shared_task(name="tenants.tasks.send_decided", base=TenantTask, cross_tenant=True)
def send_decided() -> None:
    """Send the parked jobs that an operator wants tried again."""
    send_again()


@shared_task(name="tenants.tasks.erase_closed_companies", base=TenantTask, cross_tenant=True)
def erase_closed_companies() -> None:
    """Find closed companies whose time to come back is over, and send each its own job."""
    now = clock.now()
    note_closed(now)
    discard_old()
    for tenant_id in due_for_erasure(now):
        erase_closed_company.for_tenant(tenant_id)


@shared_task(name="tenants.tasks.erase_closed_company", base=TenantTask, asks_outside=True)
def erase_closed_company() -> None:
    """Erase what the closed company had, here and at its carriers.

    What refuses is tried again, and parked with its reason where an operator sees it.
    """
    tenant_id = current_tenant_id()
    try:
        erasure = erase_company(tenant_id, seconds=ERASE_S)
    except Conflict as error:
        log.info("company not erased", why=str(error))  # it was opened again meanwhile
        return
    if not erasure.is_whole:
        erase_closed_company.for_tenant(tenant_id)


@shared_task(name="tenants.tasks.tell_of_trials", base=TenantTask, cross_tenant=True)
def tell_of_trials() -> None:
    """Tell owners that their company's trial ends soon, or is over."""
    tell_of_ends(at=clock.now())


@shared_task(name="tenants.tasks.send_mail", base=TenantTask, cross_tenant=True)
def send_mail() -> None:
    """Send what is due in the outbox."""
    sent = deliver_due()
    if sent:
        log.info("mail sent", mails=sent)


@shared_task(name="tenants.tasks.tidy_accounts", base=TenantTask, cross_tenant=True)
def tidy_accounts() -> None:
    """Forget accounts that were never confirmed, and sessions that have ended."""
    SessionStore.clear_expired()
    forgotten = remove_unconfirmed(at=clock.now())
    if forgotten:
        log.info("unconfirmed accounts forgotten", accounts=forgotten)


@shared_task(name="tenants.tasks.forget_idempotent_requests", base=TenantTask, cross_tenant=True)
def forget_idempotent_requests() -> None:
    """Delete the kept answers to writes that are past their time."""
    forgotten = idempotency.forget_old_answers()
    if forgotten:
        log.info("kept answers forgotten", answers=forgotten)
