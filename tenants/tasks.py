"""Jobs across companies: mail goes out, operators' decisions are done, what is over is erased."""

from typing import Final

import structlog
from celery import shared_task

from tenants.accounts.actions import remove_unconfirmed
from tenants.api import idempotency
from tenants.company.actions import note_closed
from tenants.company.erasure import erase_company
from tenants.company.queries import due_for_erasure
from tenants.errors import NotErased
from tenants.jobs import TenantTask
from tenants.mail.outbox import deliver_due
from tenants.parked.actions import discard_old, send_again
from tenants.sessions import SessionStore
from warmline.kernel import clock

log = structlog.get_logger()

# Of one job's two minutes; what is not done then goes on with the next beat.
ERASE_S: Final = 60.0


@shared_task(name="tenants.tasks.send_decided", base=TenantTask, cross_tenant=True)
def send_decided() -> None:
    """Send the parked jobs that an operator wants tried again."""
    send_again()


@shared_task(name="tenants.tasks.erase_closed_companies", base=TenantTask, cross_tenant=True)
def erase_closed_companies() -> None:
    """Erase what closed companies had, once the time in which they may come back is over."""
    now = clock.now()
    note_closed(now)
    discard_old()
    deadline_ms = clock.monotonic_ms() + ERASE_S * 1000
    for tenant_id in due_for_erasure(now):
        left_s = (deadline_ms - clock.monotonic_ms()) / 1000
        if left_s <= 0:
            return
        try:
            erase_company(tenant_id, seconds=left_s)
        except NotErased as error:
            log.error("company not erased", tenant=tenant_id, why=str(error))


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
