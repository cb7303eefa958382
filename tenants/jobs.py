"""Jobs of one tenant: its id travels in the message's header, with a MAC over tenant and task."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NoReturn

import structlog
from celery import Task
from celery.exceptions import Reject, TimeLimitExceeded
from celery.utils import uuid
from django.conf import settings
from django.db import transaction
from kombu.utils import json

from tenants.context import as_control, as_tenant, bound, parse_tenant_id
from tenants.parked.types import MOST_ATTEMPTS
from warmline.kernel.errors import WarmlineError
from warmline.kernel.ids import TenantId

log = structlog.get_logger()

TENANT_HEADER = "warmline_tenant"
MAC_HEADER = "warmline_mac"


class TenantTask(Task):  # type: ignore[type-arg]
    """A task that runs inside one tenant's transaction, as `task.for_tenant(tenant_id, …)` sent it.

    A message without the header, or with one that does not fit its MAC, goes to the dead letters
    and never runs. Declared with `@shared_task(base=TenantTask)`. With `cross_tenant=True` it runs
    without a tenant, as the control role, to find work and send one task for each tenant. With
    `asks_outside=True` the tenant is bound and no transaction held: its steps open their own, so
    that no row waits for another company's answer, and what was done is kept if it is killed later.

    A task of a tenant that fails is tried again, later each time, and parked with the fifth time;
    so is one that ends the process it runs in, or is ended with it at its `time_limit`. What runs
    across tenants comes again by its beat.
    """

    abstract = True
    cross_tenant: ClassVar[bool] = False
    asks_outside: ClassVar[bool] = False
    acks_on_timeout = False  # its message is delivered once more, as a killed process's is
    max_retries = MOST_ATTEMPTS - 1
    retry_backoff = 2
    retry_backoff_max = 60

    @property
    def autoretry_for(self) -> tuple[type[Exception], ...]:
        """What Celery tries again: whatever goes wrong in a tenant's task."""
        return () if self.cross_tenant else (Exception,)

    def for_tenant(self, tenant_id: str, *args: Any, countdown_s: float = 0, **kwargs: Any) -> str:
        """Send this task for a tenant; the message's id. The arguments must be JSON.

        Inside a transaction it is sent after the commit, so that it finds what was written, or
        never.
        """
        if self.cross_tenant:
            raise TypeError(f"{self.name} runs across tenants: send it with delay()")
        wanted, task_id = parse_tenant_id(tenant_id), uuid()
        headers = signed_headers(
            self.name, task_id=task_id, tenant_id=wanted, args=args, kwargs=kwargs
        )
        transaction.on_commit(
            lambda: self.apply_async(
                args, kwargs, task_id=task_id, headers=headers, countdown=countdown_s
            )
        )
        return task_id

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run it in the caller's own context, or from the queue inside the header's tenant."""
        if self.request.called_directly:
            return self.run(*args, **kwargs)
        tenant_id = None if self.cross_tenant else self._verified_tenant(args, kwargs)
        if self._was_redelivered() and self._count("the process that ran it ended"):
            return None
        if tenant_id is None:
            with as_control():
                return self.run(*args, **kwargs)
        binding = bound if self.asks_outside else as_tenant
        with structlog.contextvars.bound_contextvars(tenant=tenant_id), binding(tenant_id):
            return self.run(*args, **kwargs)

    def on_failure(
        self, exc: Exception, task_id: str, args: Any, kwargs: Any, einfo: object
    ) -> None:
        """Park what failed for the last time; a refused message has been buried already.

        What ran out of time is counted when it is delivered again: told here, in the worker's own
        process, it has no request.
        """
        if not self.cross_tenant and not isinstance(exc, TimeLimitExceeded):
            self._count(_why(exc), parks_at=1)

    def on_retry(
        self, exc: Exception | None, task_id: str, args: Any, kwargs: Any, einfo: object
    ) -> None:
        """Count what is tried again for an error; one that asks for it by itself has none."""
        if exc is not None:
            self._count(_why(exc), parks_at=None)

    def on_success(self, retval: object, task_id: str, args: Any, kwargs: Any) -> None:
        """What had failed before is done."""
        from tenants.parked.actions import forget_attempts

        if self._was_redelivered() or self.request.retries:
            forget_attempts(task_id)

    def send_again(self, attempt: Any) -> None:
        """Send what was parked anew, under a header for the same tenant and message."""
        headers = {}
        task_id = str(attempt.pk)
        if attempt.company is not None:
            headers = signed_headers(
                self.name,
                task_id=task_id,
                tenant_id=parse_tenant_id(attempt.company),
                args=attempt.args,
                kwargs=attempt.kwargs,
            )
        self.apply_async(attempt.args, attempt.kwargs, task_id=task_id, headers=headers)

    def _was_redelivered(self) -> bool:
        """Whether an earlier delivery of this message was never answered."""
        return bool((self.request.delivery_info or {}).get("redelivered"))

    def _count(self, why: str, *, parks_at: int | None = MOST_ATTEMPTS) -> bool:
        from tenants.parked.actions import count_attempt

        return count_attempt(
            str(self.request.id),
            task=self.name,
            company=self.request.get(TENANT_HEADER),
            args=self.request.args or (),
            kwargs=self.request.kwargs or {},
            why=why,
            parks_at=parks_at,
        )

    def _verified_tenant(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> TenantId:
        tenant_id = self.request.get(TENANT_HEADER)
        mac = self.request.get(MAC_HEADER)
        if not isinstance(tenant_id, str) or not isinstance(mac, str):
            self._refuse("no tenant in the header")
        expected = _mac(
            self.name, task_id=str(self.request.id), tenant_id=tenant_id, args=args, kwargs=kwargs
        )
        if not hmac.compare_digest(mac, expected):
            self._refuse("the header's MAC does not fit")
        return TenantId(tenant_id)

    def _refuse(self, why: str) -> NoReturn:
        from tenants.actions import record_security_event

        log.error("job refused", task=self.name, task_id=self.request.id, why=why)
        record_security_event(
            action="job.refused",
            source=self.name,
            detail={"task_id": str(self.request.id), "why": why},
        )
        raise Reject(why, requeue=False)


def _why(error: Exception) -> str:
    """What a person is told of it; what nobody foresaw by its kind alone: it may quote a caller."""
    return str(error) if isinstance(error, WarmlineError) else type(error).__name__


def signed_headers(
    name: str, *, task_id: str, tenant_id: TenantId, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> dict[str, str]:
    """The headers under which one message of one task runs for a tenant."""
    mac = _mac(name, task_id=task_id, tenant_id=tenant_id, args=args, kwargs=kwargs)
    return {TENANT_HEADER: tenant_id, MAC_HEADER: mac}


def _mac(
    name: str, *, task_id: str, tenant_id: str, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> str:
    """Binds tenant, task, message and arguments: none can be swapped for another's."""
    # JSON makes a tuple at the sender equal to the list at the receiver.
    body = json.dumps([name, task_id, tenant_id, list(args), dict(kwargs)], sort_keys=True)
    key = hashlib.sha256(b"warmline.job" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()
