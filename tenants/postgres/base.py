"""The database backend: the bound tenant becomes its transaction's setting before any statement.

What a session was told ends with its use: a connection returns to the pool as it came.
"""

from collections.abc import Callable
from datetime import UTC
from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from tenants.context import bound_tenant_id
from tenants.errors import TenantSwitch
from tenants.names import TENANT_SETTING
from tenants.postgres.sessions import check_role_settings, forget_session
from tenants.postgres.timestamps import with_times
from warmline.kernel.ids import TenantId

_BIND = "SELECT pg_catalog.set_config(%s, %s, true)"


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions belong to at most one tenant.

    `transaction_tenant` is that tenant. It is fixed with the first statement that runs under it,
    and forgotten with the transaction. A statement outside a transaction is given one of its own.
    """

    def __init__(self, settings_dict: dict[str, Any], alias: str = DEFAULT_DB_ALIAS) -> None:
        super().__init__(settings_dict, alias)
        self.transaction_tenant: TenantId | None = None
        self._setting_sent = False
        pool = settings_dict["OPTIONS"].get("pool")
        if pool:
            pool["reset"] = forget_session
        if alias == DEFAULT_DB_ALIAS:
            self.execute_wrappers.append(self._under_tenant)

    def _under_tenant(
        self,
        execute: Callable[..., Any],
        sql: Any,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        tenant_id = bound_tenant_id()
        if self.transaction_tenant is not None and tenant_id != self.transaction_tenant:
            raise TenantSwitch(
                f"this transaction belongs to tenant {self.transaction_tenant}, "
                f"not to {tenant_id or 'no tenant'}"
            )
        if tenant_id is None:
            return execute(sql, params, many, context)
        if self.get_autocommit():
            with transaction.atomic(using=self.alias):
                self._bind(tenant_id)
                return execute(sql, params, many, context)
        self._bind(tenant_id)
        return execute(sql, params, many, context)

    def _bind(self, tenant_id: TenantId) -> None:
        if self._setting_sent or self.connection is None:
            return
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return  # only a rollback can follow, and it must not be preceded by anything
        with self.wrap_database_errors:
            self.connection.execute(_BIND, (TENANT_SETTING, tenant_id))
        self.transaction_tenant = tenant_id
        self._setting_sent = True

    def _forget_tenant(self) -> None:
        self.transaction_tenant = None
        self._setting_sent = False

    def savepoint_rollback(self, sid: str) -> None:
        """Roll back to a savepoint; the setting may have gone with it and is sent again."""
        super().savepoint_rollback(sid)
        self._setting_sent = False

    def get_connection_params(self) -> dict[str, Any]:
        """How a connection is made; times are read quickly."""
        params = super().get_connection_params()
        if self.timezone is UTC:
            params["context"] = with_times(params["context"])
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection from the pool; it carries nobody's tenant."""
        self._forget_tenant()
        return super().get_new_connection(conn_params)

    def _configure_connection(self, connection: Any) -> bool:
        """A new session, before anything is asked of it; of the pool or of one's own."""
        check_role_settings(connection)
        return bool(super()._configure_connection(connection))  # type: ignore[misc]  # no stub

    def _commit(self) -> None:
        self._forget_tenant()
        super()._commit()  # type: ignore[misc]  # not in the stubs

    def _rollback(self) -> None:
        self._forget_tenant()
        super()._rollback()  # type: ignore[misc]  # not in the stubs

    def _close(self) -> None:
        self._forget_tenant()
        super()._close()  # type: ignore[misc]  # not in the stubs

    def drop_inherited_pool(self) -> None:
        """After a fork: let go of the parent's connections without speaking to their server."""
        wrapper: Any = base.DatabaseWrapper  # its pools are not in the stubs
        inherited = wrapper._connection_pools.pop(self.alias, None)
        if inherited is not None:
            _INHERITED.append(inherited)
        self._forget_tenant()
        self.connection = None


# Never collected: a pool's destructor would wait for threads that stayed in the parent.
_INHERITED: list[Any] = []
