"""Jobs across companies: mail goes out; what nobody needs any more is forgotten."""

import structlog
from celery import shared_task

from tenants.accounts.actions import remove_unconfirmed
from tenants.api import idempotency
from tenants.jobs import TenantTask
from tenants.mail.outbox import deliver_due
from tenants.sessions import SessionStore
from warmline.kernel import clock

log = structlog.get_logger()


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
