"""Whose transaction this is: the one module that binds a tenant, whatever the code runs in.

The tenant lives in a ContextVar. The database backend (`tenants.postgres`) carries it into each
transaction of the app role as the transaction's own setting, so that a pooled connection keeps
nothing.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from tenants.errors import Busy, NoTenant, TenantSwitch
from warmline.kernel.errors import BadInput, NotAllowed
from warmline.kernel.ids import TenantId

P = ParamSpec("P")
T = TypeVar("T")

CONTROL = "control"
# Work that may stand in line for a thread before more is refused: at 5 ms apiece, a second of it.
MAX_WAITING = 200

_tenant: ContextVar[TenantId | None] = ContextVar("warmline_tenant", default=None)
_control: ContextVar[bool] = ContextVar("warmline_control", default=False)


def parse_tenant_id(text: str | UUID) -> TenantId:
    """A tenant's id in its one spelling; anything but a UUID is `BadInput`."""
    try:
        return TenantId(str(UUID(str(text))))
    except ValueError:
        raise BadInput(f"tenant id {str(text)[:40]!r}: expected a UUID") from None


def bound_tenant_id() -> TenantId | None:
    """The tenant bound here, or None."""
    return _tenant.get()


def current_tenant_id() -> TenantId:
    """The tenant bound here; `NoTenant` when there is none."""
    tenant_id = _tenant.get()
    if tenant_id is None:
        raise NoTenant("no tenant is bound: open `as_tenant(tenant_id)` around this")
    return tenant_id


def acts_as_control() -> bool:
    """Whether queries without an explicit database go out as the control role."""
    return _control.get() and _tenant.get() is None


@contextmanager
def bound(tenant_id: str | UUID) -> Iterator[TenantId]:
    """Bind a tenant without opening a transaction: every statement outside one gets its own.

    For asynchronous ORM calls, which run in threads of their own. Elsewhere use `as_tenant`.
    A different tenant bound already is a `TenantSwitch`.
    """
    wanted = parse_tenant_id(tenant_id)
    present = _tenant.get()
    if present is not None and present != wanted:
        raise TenantSwitch(
            f"tenant {present} is bound here; {wanted} needs a context of its own, not one within"
        )
    token = _tenant.set(wanted)
    try:
        yield wanted
    finally:
        _tenant.reset(token)


@contextmanager
def as_tenant(tenant_id: str | UUID) -> Iterator[TenantId]:
    """A transaction of the app role in which exactly this tenant's rows exist.

    Opened again for the same tenant it is a savepoint; for another one it is a `TenantSwitch`.
    It commits at the end and rolls back on an error, like `transaction.atomic`.
    """
    nested = _tenant.get() is not None and connections[DEFAULT_DB_ALIAS].in_atomic_block
    with bound(tenant_id) as wanted, transaction.atomic(DEFAULT_DB_ALIAS, durable=not nested):
        yield wanted


@contextmanager
def as_control() -> Iterator[None]:
    """Queries here go out as the control role: pools, fleets, sweeps that only find work.

    Refused while a tenant is bound: work for a tenant never widens into work for all of them.
    """
    if _tenant.get() is not None:
        raise NotAllowed("a tenant is bound here; work across tenants starts outside of it")
    token = _control.set(True)
    try:
        yield
    finally:
        _control.reset(token)


@contextmanager
def control_transaction() -> Iterator[None]:
    """A transaction of the control role: what is written about people inside is all or nothing."""
    with transaction.atomic(using=CONTROL):
        yield


_threads: ThreadPoolExecutor | None = None
_threads_guard = threading.Lock()
_places = threading.BoundedSemaphore(MAX_WAITING)


def _executor() -> ThreadPoolExecutor:
    """One pool of threads a process, no wider than its pool of connections."""
    global _threads  # noqa: PLW0603  made on first use, after a fork
    with _threads_guard:
        if _threads is None:
            pool = settings.DATABASES[DEFAULT_DB_ALIAS]["OPTIONS"].get("pool") or {}
            _threads = ThreadPoolExecutor(
                max_workers=pool.get("max_size", 4), thread_name_prefix="tenant"
            )
        return _threads


def _in_thread(work: Callable[[], T]) -> T:
    try:
        return work()
    finally:
        connections.close_all()


async def run_as_tenant(
    tenant_id: str | UUID, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run database work for a tenant from asynchronous code, in a thread and a transaction.

    As `run_in_thread` otherwise.
    """

    def work() -> T:
        with as_tenant(tenant_id):
            return fn(*args, **kwargs)

    return await run_in_thread(work)


async def run_in_thread(fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run database work from asynchronous code, in a thread of which there are as many as
    connections.

    `Busy` when `MAX_WAITING` pieces wait already. A cancelled caller stops waiting; the work itself
    ends by the role's statement timeout at the latest.
    """
    if not _places.acquire(blocking=False):
        raise Busy(f"{MAX_WAITING} pieces of work wait for a database connection already")
    try:
        future = _executor().submit(copy_context().run, _in_thread, lambda: fn(*args, **kwargs))
    except BaseException:  # whatever kept it from starting, its place is free again
        _places.release()
        raise
    future.add_done_callback(lambda _: _places.release())
    return await asyncio.wrap_future(future)
